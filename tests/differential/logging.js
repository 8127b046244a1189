// The global functions with which a program says what it sees.

import { inspect } from 'node:util';

/**
 * @param {string} folder of the program, with a slash at its end
 * @returns {string[]} the lines, which grow while the program runs
 */
export function install(folder) {
  /** @type {string[]} */
  const lines = [];
  globalThis.log = (...parts) => void lines.push(parts.map(show).join(' '));
  globalThis.describe = describe;
  globalThis.frames = (error) => userFrames(error, folder);
  globalThis.attempt = (label, action) => {
    try {
      globalThis.log(label, action());
    } catch (error) {
      globalThis.log(label, error);
    }
  };
  return lines;
}

function show(value) {
  if (typeof value === 'string') return value;
  return isError(value) ? `${value.name}: ${value.message}${value.code ? ` [${value.code}]` : ''}` : inspect(value);
}

/** Errors of other realms, too. */
function isError(value) {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

/** A value as it is comparable: functions by name, namespaces by their members. */
function describe(value) {
  if (typeof value === 'function') return `${typeof value} ${value.name} ${value.own ?? ''}`;
  if (typeof value === 'object' && value !== null && value[Symbol.toStringTag] === 'Module') {
    return Object.keys(value)
      .map((key) => `${key}=${typeof value[key] === 'object' ? 'object' : describe(value[key])}`)
      .join();
  }
  return inspect(value);
}

/** The frames of `error.stack` that stand in the program: function, file, line and column. */
function userFrames(error, folder) {
  const lines = `${error.stack}`.split('\n').filter((line) => /^\s+at /.test(line) && line.includes(folder));
  return lines.map((line) => line.trim().replaceAll('file://', '').replaceAll(folder, '')).join(' | ');
}
