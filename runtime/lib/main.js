/** All that is asked of the runtime: by a program, and by the modules that the runtime lets Node load. */
export { hmr } from './hmr.js';
export { events } from './events.js';
export { affected, explain } from './explain.js';
export { register } from './register.js';
export { analyse } from './analyse.js';
export { begin, handOver } from './early-facades.js';
