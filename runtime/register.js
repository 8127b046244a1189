/** `node --import node-esm-hmr/register app.js`: the whole program is hot. Nothing happens under NODE_ENV=production. */
import { register } from './dist/boot.js';

const ready = register();
if (ready) await ready;
