// Random module graphs. A graph is data: file names and texts, the same for the same seed. Its modules log
// what they see, so that two ways of running them can be compared.

import { Module } from './generate/module.js';
import { random } from './generate/random.js';

/** How likely each feature is, and what else a test may change. */
export const defaults = {
  cycles: 0.25,
  topLevelAwait: 0.2,
  throwing: 0.04,
  missingName: 0.02,
  syntaxError: 0.01,
  dynamicImport: 0.35,
  commonJs: 0.15,
  requires: 0,
  packages: 0.2,
  backwards: 0,
  json: 0.1,
  builtins: 0.1,
  stars: 0.4,
  marks: 0.4,
  /** How much longer than usual what modules have left to be done waits for their timers. */
  pace: 1,
};

/**
 * @param {number} seed
 * @param {Partial<typeof defaults>} [features]
 * @returns {{seed: number, files: Record<string, string>}} `entry.mjs` imports `m0.mjs`
 */
export function generate(seed, features = {}) {
  const likely = { ...defaults, ...features };
  const source = random(seed);
  const count = 2 + source.below(6);
  const modules = Array.from({ length: count }, (_, index) => new Module(index, source, likely));
  /** @type {Record<string, string>} */
  const files = { 'entry.mjs': entry(likely.pace) };
  for (const module of modules) files[`m${module.index}.mjs`] = module.text(modules, files);
  if (Object.values(files).some((text) => text.includes('lazy'))) Object.assign(files, lazy(source));
  return { seed, files };
}

/** Modules that only `import()` reaches. */
function lazy(source) {
  const texts = [
    "log('lazy begins'); import { m } from './lazy-dependency.mjs'; export const value = m;\n",
    "log('lazy begins'); await null; export let value = 1; value = 2; log('lazy ends');\n",
    "log('lazy begins'); throw new Error('lazy throws');\n",
    "await null; throw new Error('lazy rejects');\n",
    "import { missing } from './lazy-dependency.mjs';\n",
    "export const value = 1; import('./lazy0.mjs').then(() => log('again'), () => log('failed again'));\n",
    "import * as root from './m0.mjs'; export const keys = () => Object.keys(root).length; log('lazy', typeof root);\n",
  ];
  return {
    'lazy0.mjs': source.pick(texts),
    'lazy1.mjs': source.pick(texts),
    'lazy2.mjs': source.pick(texts),
    'lazy-dependency.mjs': "log('dependency'); export const m = 1;\n",
  };
}

/** Imports the graph, so that the time at which `import()` settles is compared, too; then what modules left to be done. */
const entry = (pace) => `const steps = [];
globalThis.step = (action) => void steps.push(action);
const pause = (milliseconds) => new Promise((done) => setTimeout(done, ${pace === 1 ? '' : `${pace} * `}milliseconds));
const run = async () => {
  await pause(3);
  for (const [index, action] of steps.entries()) {
    log('step', index);
    try { await action(); } catch (error) { log('step failed', error); }
    await pause(1);
  }
};
globalThis.outcome = import('./m0.mjs')
  .then((namespace) => log('settled', describe(namespace)), (error) => log('failed', error))
  .then(run);
`;
