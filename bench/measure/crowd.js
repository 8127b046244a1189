/**
 * Many files at once, as a checkout of another branch leaves them: from before the last one is written until the module
 * that accepts sees all of them new.
 *
 * Each of them, and each importer, exports the oldest and the newest version below it; both meet at the top.
 */
import { rmSync } from 'node:fs';
import { moduleName, moduleText, save, writeApp } from '../app.js';
import { appFolder, contenders, packages, pathOf } from '../contenders.js';
import { clock, pause, Program } from '../program.js';
import { summary } from '../statistics.js';

/** Milliseconds: for a start, and for an update. */
const [START_LIMIT, LIMIT] = [90_000, 30_000];

/**
 * @param {import('../options.js').Options} options
 * @param {{ modules: number, files: number, times: number }} counts
 */
export async function measureCrowd({ node, counts }, { modules, files, times }) {
  const folder = appFolder('crowd');
  writeApp(folder, modules, packages());
  const change = (/** @type {number} */ version) => saveCrowd(folder, modules, files, version);
  change(0);
  const program = new Program({ command: contenders.hot.command('live-crowd.js', node), folder, env: pathOf(node) });
  try {
    await program.message(({ started }) => started !== undefined, START_LIMIT);
    await pause(counts.pauses.watching);
    const samples = [];
    // The first one only warms up.
    for (let version = 1; version <= times + 1; version += 1) samples.push(await once(program, version, change));
    return result(samples.slice(1), modules, files);
  } finally {
    await program.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {Program} program @param {number} version @param {(version: number) => { begun: number, last: number }} change */
async function once(program, version, change) {
  await pause(200);
  const from = program.messages.length;
  const { begun, last } = change(version);
  const isNew = (/** @type {import('../program.js').Message} */ { versions }) => versions?.every((/** @type {number} */ one) => one === version);
  const { at } = await program.message(isNew, LIMIT, from);
  const updates = program.messages.slice(from);
  const mixed = updates.filter(({ versions }) => versions[0] !== versions[1]).length;
  return { fromLast: at - last, fromFirst: at - begun, updates: updates.length, mixed };
}

/** The last modules of the tree, which are folders of their own. @param {string} folder @param {number} modules @param {number} files @param {number} version */
function saveCrowd(folder, modules, files, version) {
  const first = modules - files;
  const texts = Array.from({ length: files }, (_, place) => moduleText(first + place, modules, version));
  const begun = clock();
  let last = begun;
  for (const [place, text] of texts.entries()) {
    last = clock();
    save(folder, moduleName(first + place), text);
  }
  return { begun, last };
}

/**
 * @param {Awaited<ReturnType<typeof once>>[]} samples
 * @param {number} modules @param {number} files
 */
function result(samples, modules, files) {
  const of = (/** @type {'fromLast' | 'fromFirst' | 'updates' | 'mixed'} */ name) => samples.map((sample) => sample[name]);
  return { modules, files, fromLast: summary(of('fromLast')), fromFirst: summary(of('fromFirst')), updates: summary(of('updates')), mixed: summary(of('mixed')).max };
}
