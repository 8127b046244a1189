/** What a change would lead to, without making it. */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { engine } from './engine.js';

/** @param {string | URL} file @returns {import('../index.d.ts').Explanation} */
export function explain(file) {
  const text = String(file);
  const named = path.resolve(text.startsWith('file:') ? fileURLToPath(text) : text);
  return JSON.parse(engine().session.explain(realOf(named)));
}

/** @param {string | URL} file */
export function affected(file) {
  return explain(file).evaluated;
}

/** @param {string} file */
export function realOf(file) {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
