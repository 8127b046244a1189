/** Stacks as they are shown: the user's own frames stand first, then those of packages and of Node. */
import { ownData } from './module-text.js';

const ownFolder = new URL('.', import.meta.url).href;

/** @param {string} text with stacks, as `inspect` writes an error with its causes */
export function usersFirst(text) {
  /** @type {string[]} */
  const shown = [];
  /** @type {string[]} */
  let frames = [];
  for (const line of [...text.split('\n'), undefined]) {
    if (line !== undefined && /^\s+at /.test(line)) {
      frames.push(line);
      continue;
    }
    shown.push(...inOrder(frames));
    frames = [];
    if (line !== undefined) shown.push(line);
  }
  return shown.join('\n');
}

/** @param {string[]} frames of one stack */
function inOrder(frames) {
  // Behind the last frame begin the error's properties.
  const opens = frames.at(-1)?.endsWith(' {');
  const all = frames.map((frame) => frame.replace(/ \{$/, '')).filter((frame) => !isOwnFrame(frame));
  const sorted = [...all.filter(isUserFrame), ...all.filter((frame) => !isUserFrame(frame))];
  const last = sorted.pop();
  if (last === undefined) return opens ? ['  {'] : [];
  return [...sorted, opens ? `${last} {` : last];
}

/** A frame that says nothing about the user's program. @param {string} frame */
function isOwnFrame(frame) {
  return frame.includes(ownFolder) || frame.includes(ownData) || /node-esm-hmr:|node:internal\/node-esm-hmr/.test(frame);
}

/** @param {string} frame */
function isUserFrame(frame) {
  return !/node_modules[\\/]|\(node:|at node:|at async node:|<anonymous>\)?$/.test(frame);
}
