/** The package's public face: see index.d.ts. */
export { hmr as default, events, affected, explain } from './dist/boot.js';
