/** Waiting for what a program does, which may never be over: after a while something newer goes first. */
import { fileURLToPath } from 'node:url';
import { now } from './clock.js';
import { shortPath } from './files.js';

/** Milliseconds that are given to disposers and callbacks, and after which it is said what is waited for. */
export const patience = 2000;

export class Waiting {
  #began = now();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  /** @type {(error: unknown) => void} */
  #reject = () => {};

  /** @param {Promise<unknown>} work @returns {Promise<unknown>} rejects if something newer has waited long enough */
  for(work) {
    const superseded = new Promise((_, reject) => {
      this.#reject = reject;
    });
    return Promise.race([work, superseded]).finally(() => clearTimeout(this.#timer));
  }

  /** Something newer waits. */
  supersede() {
    const left = Math.max(0, this.#began + patience - now());
    this.#timer ??= setTimeout(() => this.#reject(superseded()), left);
  }
}

export function superseded() {
  return new Error('a newer change came before this one was applied');
}

/** What a transaction waits for, in words. @param {import('./transaction.js').Transaction} transaction */
export function whatWaits({ evaluation, plan, replacement }) {
  if (replacement.isDisposing) return 'a callback of import.meta.hot.dispose()';
  const urls = new Map(plan.modules.map(({ id, url }) => [id, url]));
  const running = evaluation.running.flatMap((id) => urls.get(id) ?? []);
  return `the top-level await of ${running.map((url) => shortPath(fileURLToPath(url))).join(', ')}`;
}
