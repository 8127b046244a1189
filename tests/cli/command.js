// Programs started with the command, and the processes that belong to them.

import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createProject } from '../harness/index.js';

/** @typedef {import('../harness/app.js').App} App */
/** @typedef {import('../harness/project.js').Project} Project */

/** The launcher, as npm links it. */
export const launcher = 'node_modules/node-esm-hmr/bin/node-esm-hmr.js';

/** The Node that runs the tests has no `process.execve`: the launcher stays. */
export const staysLauncher = typeof (/** @type {any} */ (process).execve) !== 'function';

/**
 * A project whose programs are started with the command. All its processes can be found by a variable.
 * @param {import('node:test').TestContext} t
 * @param {Record<string, string>} files
 * @param {import('../harness/project.js').ProjectOptions} [options]
 */
export function commandProject(t, files, options) {
  const project = createProject(t, files, options);
  const mark = randomUUID();
  return {
    project,
    /** @param {string[]} args @param {Record<string, string>} [env] */
    command: (args, env = {}) => project.start([launcher, ...args], { env: { ...env, HMR_TEST_MARK: mark } }),
    /** Processes that are left, as their command lines. */
    left: () => marked(mark),
  };
}

/**
 * Command lines of the running processes that have inherited this mark.
 * @param {string} mark
 */
function marked(mark) {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const hasMark = readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
      const isDead = /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
      const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
      return hasMark && !isDead ? [`${pid} ${line}`] : [];
    } catch {
      return [];
    }
  });
}

/** Keeps a program alive without anything that needs a test to end it. */
export const staying = 'setInterval(() => {}, 1e9);';

/**
 * Waits until something holds that no line tells of.
 * @param {() => boolean | Promise<boolean>} condition
 * @param {string} description
 */
export async function until(condition, description) {
  const deadline = Date.now() + Number(process.env.HMR_TEST_DEADLINE ?? 20_000);
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`never came about: ${description}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
