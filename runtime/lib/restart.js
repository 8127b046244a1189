/** A change that nobody accepts: the program is to be started again, by the supervisor, or in the same process where Node can do that. */
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { events } from './events.js';
import { shortPath } from './files.js';
import { shownPath } from './hot-modules.js';
import { supervisor } from './supervisor.js';

/** @typedef {import('../index.d.ts').RestartEvent} RestartEvent */

export class Restart {
  #modules;

  /** @param {import('./modules.js').Modules} modules */
  constructor(modules) {
    this.#modules = modules;
  }

  /**
   * @param {import('./native.d.ts').Plan} plan
   * @param {import('./report.js').Reporter | undefined} reporter
   * @param {((restart: RestartEvent) => unknown) | undefined} hook takes over
   * @returns {Promise<boolean>} whether somebody else took over; otherwise the process is another program now, or cannot be
   */
  async begin({ restart, changed }, reporter, hook) {
    const chain = restart.map((url) => fileURLToPath(url));
    /** @type {RestartEvent} */
    const told = { type: 'restart', files: changed, chain, reason: reasonOf(chain) };
    events.emit('restart', told);
    const payload = { type: 'full-reload', path: shownPath(restart[0]), triggeredBy: changed[0] };
    if (hook) {
      await hook(told);
      return true;
    }
    if (await this.#isRefused(payload)) return true;
    const canRestart = supervisor !== undefined || canStartAgain();
    reporter?.restarts(told, canRestart);
    if (!canRestart) return false;
    // The supervisor asks the main thread to dispose what runs there.
    if (!supervisor || !isMainThread) await this.#modules.hot.disposeRunning();
    if (supervisor) supervisor.restart(told);
    else startAgain();
    return true;
  }

  /** A listener that throws, or returns false, takes over, as in Vite. @param {object} payload */
  async #isRefused(payload) {
    let isRefused = false;
    const answers = await this.#modules.hot.emit('vite:beforeFullReload', payload, () => {
      isRefused = true;
    });
    return isRefused || answers.includes(false);
  }
}

/** Why, and what would help. @param {string[]} chain */
function reasonOf(chain) {
  const top = shortPath(chain[chain.length - 1]);
  if (chain.length === 1) return `${top} does not accept its own changes`;
  const below = shortPath(chain[chain.length - 2]);
  return `no module accepts it; ${top} could: import.meta.hot.accept(…) of ${below}`;
}

/** Whether Node can do it. A channel to another process would not outlast it. */
function canStartAgain() {
  return isMainThread && !process.connected && typeof /** @type {any} */ (process).execve === 'function';
}

/** The same program in the same process: same arguments, same terminal. */
function startAgain() {
  process.emit('exit', 0);
  const { execPath, execArgv, argv, argv0, env } = process;
  /** @type {any} */ (process).execve(execPath, [argv0, ...execArgv, ...argv.slice(1)], env);
}
