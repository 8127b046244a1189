/** The package's public face: see index.d.ts. */
export { hmr as default } from './lib/hmr.js';
