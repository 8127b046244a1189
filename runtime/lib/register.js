/** What `node --import node-esm-hmr/register` does: from here on, hot files that Node is asked for are loaded hot. */
import module from 'node:module';
import { App } from './app.js';
import { engine, mainUrl } from './engine.js';
import { answerLoader, registerHooks, seesLoader } from './loader-hooks.js';
import { Roots } from './roots.js';
import { isProduction } from './running-node.js';
import { supervisor } from './supervisor.js';
import { measurement } from './timing.js';

/** Two copies of the package may be registered: the first one counts. */
const mark = Symbol.for('node-esm-hmr.registered');

/** @returns {Promise<void> | undefined} nothing if the program may begin */
export function register() {
  if (isProduction() || mark in process) return undefined;
  Object.defineProperty(process, mark, { value: true });
  const hot = engine(true);
  const roots = new Roots(hot, new App(hot));
  supervisor?.standBy();
  supervisor?.follow(hot);
  if (seesLoader()) {
    answerLoader((url, isEntry) => roots.textFor(url, isEntry));
    registerHooks();
    return undefined;
  }
  return registerEntry(roots);
}

/** Without hooks in this thread only the entry is known beforehand. @param {Roots} roots */
function registerEntry(roots) {
  const url = mainUrl();
  const text = url && roots.textFor(url, true);
  if (!text) return undefined;
  const add = () => module.register('./entry-hooks.js', import.meta.url, { data: { url, text } });
  // With hooks Node takes other turns than a program without them.
  const measuring = measurement();
  if (measuring) return measuring.then(add);
  add();
  return undefined;
}
