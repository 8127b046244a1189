/** Memory that loading has needed for a moment goes back to the system when the program has come to rest. */
import { loadAddon } from './addon.js';
import { setTimeout } from './clock.js';

/** Modules of one load from which on it is worth it. */
const many = 200;
/** Milliseconds after a load. */
const rest = 250;

/** @type {NodeJS.Timeout | undefined} */
let timer;

/** @param {number} modules that have been loaded */
export function loaded(modules) {
  if (modules < many || timer) return;
  timer = setTimeout(() => {
    timer = undefined;
    loadAddon().releaseMemory();
  }, rest).unref();
}
