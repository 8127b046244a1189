/** The library that says what a glob means, loaded when there is one. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** @returns {typeof import('picomatch')} */
export function picomatch() {
  return require('picomatch');
}
