/**
 * Measures everything that was asked for and saves it: `node bench/main.js [options]`, usually by `cargo xtask bench`.
 *
 * The Node that runs this also runs what is measured.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { acceptance } from './acceptance.js';
import { writeApp } from './app.js';
import { appFolder, packages, repository } from './contenders.js';
import { facts, load } from './facts.js';
import { measureCpu } from './measure/cpu.js';
import { measureCrowd } from './measure/crowd.js';
import { measureLive } from './measure/live.js';
import { measureMemoryAtStart, measureMemoryOfUpdates } from './measure/memory.js';
import { measureRequests } from './measure/requests.js';
import { measureStart } from './measure/start.js';
import { readOptions, roundsFor } from './options.js';
import { plots } from './plot.js';
import { isInstalled, realApps, writeRealApp } from './real.js';
import { markdown } from './report.js';

/** Apps that took longer to start, in milliseconds, are not started with more modules. */
const TOO_SLOW = 5_000;

const options = readOptions(process.argv.slice(2));
const run = await measure();
save(run);

/** @returns {Promise<Record<string, any>>} */
async function measure() {
  const begun = performance.now();
  const { counts, apps } = options;
  /** @type {Record<string, any>} */
  const run = { kind: options.kind, ...facts(), loadBefore: load() };
  await part('start', async () => void (run.start = await starts()));
  await part('live', async () => {
    run.live = {};
    for (const modules of apps.filter((count) => count <= counts.live.largest)) {
      run.live[modules] = await noted(`live, ${modules} modules`, () => measureLive(options, modules, counts.live));
    }
  });
  await part('crowd', async () => void (run.crowd = await measureCrowd(options, counts.crowd)));
  await part('cpu', async () => void (run.cpu = await measureCpu(options, counts.cpu)));
  await part('requests', async () => void (run.requests = await measureRequests(options, counts.requests)));
  await part('memory', async () => {
    const atStart = await forEachApp((folder, key) => noted(`memory, ${key}`, () => measureMemoryAtStart(options, folder, counts.memory.rounds)));
    run.memory = { atStart, updates: await measureMemoryOfUpdates(options, counts.memory) };
  });
  return { ...run, loadAfter: load(), seconds: Math.round((performance.now() - begun) / 1000), acceptance: acceptance(run) };
}

async function starts() {
  /** @type {Record<string, string>} */
  const leftOut = {};
  return forEachApp(async (folder, key, modules) => {
    const rounds = roundsFor(options.counts.start, modules);
    const results = await noted(`start, ${key}`, () => measureStart(options, folder, rounds, modules > 0 ? leftOut : {}));
    for (const [turn, result] of Object.entries(results)) {
      if (modules > 0 && 'p50' in result && result.p50 > TOO_SLOW) leftOut[turn] = `left out: ${(result.p50 / 1000).toFixed(1)} s with ${modules} modules`;
    }
    return results;
  });
}

/**
 * @template T
 * @param {(folder: string, key: string, modules: number) => Promise<T>} action `modules` is 0 for a real app
 * @returns {Promise<Record<string, T>>}
 */
async function forEachApp(action) {
  /** @type {Record<string, T>} */
  const results = {};
  const folder = appFolder('app');
  for (const modules of options.apps) {
    writeApp(folder, modules, packages());
    results[modules] = await action(folder, String(modules), modules);
  }
  for (const id of options.real ? realApps.filter(isInstalled) : []) {
    writeRealApp(id, folder);
    results[id] = await action(folder, id, 0);
  }
  rmSync(folder, { recursive: true, force: true });
  return results;
}

/** @param {import('./options.js').Part} name @param {() => Promise<void>} action */
async function part(name, action) {
  if (options.only.includes(name)) await noted(name, action);
}

/** @template T @param {string} what @param {() => Promise<T>} action */
async function noted(what, action) {
  const begun = performance.now();
  const result = await action();
  console.error(`${what}: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  return result;
}

/** @param {Record<string, any>} run */
function save(run) {
  const name = `${run.date}-node${run.node.replace(/^v(\d+).*/, '$1')}${run.kind === 'full' ? '' : `-${run.kind}`}`;
  const text = markdown(run);
  put(path.join(options.runs, `${name}.json`), `${JSON.stringify(run, null, 1)}\n`);
  put(path.join(options.runs, `${name}.md`), text);
  for (const [file, image] of Object.entries(plots(run))) put(path.join(options.images, file), image);
  console.log(text);
}

/** @param {string} file relative to the repository, if it is @param {string} text */
function put(file, text) {
  const target = path.resolve(repository, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}
