/** @returns {number} milliseconds on a clock that never jumps. `performance` would be loaded for it. */
export function now() {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** As they are before a test replaces them. */
export const { setTimeout, clearTimeout, setImmediate } = globalThis;
