/**
 * A main module that waits for what never comes. When nothing is left to be done Node ends with a code of its own, and says where
 * the module waits; of a hot one it would show a module of the runtime. So that has settled by then.
 */
import { writeSync } from 'node:fs';
import process from 'node:process';
import { nodeVersion } from './running-node.js';

/** Resources that do not keep the process, although Node lists them. */
const standardStreams = /^(Pipe|TTY)Wrap$/;

/** Node's exit code for it. */
const unsettledTopLevelAwait = 13;

/**
 * @param {import('./modules.js').Modules} modules
 * @param {number} id of the main module
 * @param {() => void} settle has Node go on as if its evaluation were over
 * @returns {() => void} to be called when it is
 */
export function tellUnsettled(modules, id, settle) {
  // Node 20 only has the code.
  if (nodeVersion < 22) return () => {};
  const beforeExit = () => {
    // Other listeners may find something to do.
    process.nextTick(() => {
      if (process.getActiveResourcesInfo().some((resource) => !standardStreams.test(resource))) return;
      if (showsWarnings()) writeSync(2, whatWaits(modules, id).map((module) => warning(modules, module)).join(''));
      process.exitCode ??= unsettledTopLevelAwait;
      settle();
    });
  };
  process.on('beforeExit', beforeExit);
  return () => void process.off('beforeExit', beforeExit);
}

function showsWarnings() {
  const flags = `${process.execArgv.join(' ')} ${process.env.NODE_OPTIONS}`;
  // A program that has a code of its own is not told.
  if (process.exitCode !== undefined) return false;
  return process.env.NODE_NO_WARNINGS !== '1' && !/--no-warnings(?![=-])/.test(flags);
}

/**
 * Modules that wait for nothing else. Of packages only Node knows which of what they import that is.
 * @param {import('./modules.js').Modules} modules
 * @param {number} id
 * @returns {{id: number, url: string}[]}
 */
function whatWaits({ claims, open }, id) {
  const transaction = [...open].find(({ evaluation }) => evaluation === claims.get(id)?.owner);
  if (!transaction) return [];
  const { evaluation, plan } = transaction;
  const { running } = evaluation;
  const hot = plan.modules.filter((module) => running.includes(module.id) && !evaluation.isFromNode(module.id));
  return hot.length > 0 ? hot : plan.modules.filter((module) => evaluation.awaitsNode(module.id)).slice(0, 1);
}

/** In Node's words. @param {import('./modules.js').Modules} modules @param {{id: number, url: string}} module */
function warning({ session }, { id, url }) {
  /** @type {[line: number, column: number, text: string] | null} */
  const place = JSON.parse(session.placeOfAwait(id));
  const shown = place ? `:${place[0]}\n${place[2]}\n${place[2].slice(0, place[1] - 1).replace(/[^\t]/g, ' ')}^\n\n\n` : '';
  return `Warning: Detected unsettled top-level await at ${url}${shown}\n`;
}
