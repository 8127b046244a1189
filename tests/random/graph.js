// Random programs that are edited: a model of modules, their texts, and edits of the model.
//
// Every module has a value and a function that reads what it imports when it is called. So what the program shows
// depends on nothing but the sources, whatever has been evaluated when.

/** @typedef {ReturnType<typeof import('../differential/generate/random.js').random>} Random */
/** @typedef {'named' | 'namespace' | 'rename' | 'star' | 'effect'} Kind */

/**
 * @typedef {object} Module
 * @property {number} version
 * @property {{to: number, kind: Kind}[]} requests
 * @property {'itself' | 'dependencies' | undefined} accepts
 * @property {boolean} awaits
 * @property {string} comment
 * @property {string | undefined} broken a statement that does not parse, link or run
 */

/** How many modules the main module imports. */
const tops = 3;

/** What the main module is: it accepts everything, prints what it sees when asked, and tells of errors. */
export const mainText = `import { isMainThread, parentPort } from 'node:worker_threads';
${Array.from({ length: tops }, (_, id) => `import { read${id} } from './m${id}.js';`).join('\n')}
import { tick } from './tick.js';
let runs = 0;
runs += 1;
const state = () => JSON.stringify([runs, tick, ${Array.from({ length: tops }, (_, id) => `read${id}(new Set())`).join(', ')}]);
if (isMainThread) {
  const { events } = await import('node-esm-hmr');
  events.on('error', ({ error }) => console.log('error ' + JSON.stringify(String(error.message))));
  process.stdin.on('data', () => console.log('state ' + state()));
} else {
  parentPort.postMessage(state());
}
import.meta.hot?.accept(['./tick.js', ${Array.from({ length: tops }, (_, id) => `'./m${id}.js'`).join(', ')}]);
console.log('ready');
`;

/** @param {Random} random @param {number} size @returns {Map<number, Module>} */
export function createGraph(random, size) {
  /** @type {Map<number, Module>} */
  const graph = new Map();
  for (let id = 0; id < size; id += 1) graph.set(id, createModule(random, id, size));
  return graph;
}

/** @type {readonly Kind[]} */
const kinds = ['named', 'named', 'named', 'namespace', 'rename', 'star', 'effect'];

/** @param {Random} random @param {number} id @param {number} size @returns {Module} */
function createModule(random, id, size) {
  return {
    version: 0,
    requests: createRequests(random, id, size),
    accepts: random.pick([undefined, undefined, undefined, 'itself', 'dependencies']),
    awaits: random.chance(0.1),
    comment: '',
    broken: undefined,
  };
}

/** @param {Random} random @param {number} id @param {number} size */
function createRequests(random, id, size) {
  const requests = Array.from({ length: random.below(4) }, () => {
    // Mostly downwards: cycles are there, but not everywhere.
    const isBack = random.chance(0.15) || id + 1 >= size;
    const to = isBack ? random.below(size) : id + 1 + random.below(size - id - 1);
    return { to, kind: random.pick(kinds) };
  });
  return requests.filter(({ to }, index) => requests.findIndex((other) => other.to === to) === index);
}

/** @param {Module} module @param {number} id */
export function textOf({ version, requests, accepts, awaits, comment, broken }, id) {
  const lines = requests.map(({ to, kind }) => {
    switch (kind) {
      case 'named':
        return `import { value${to} as v${to}, read${to} as r${to} } from './m${to}.js';`;
      case 'namespace':
        return `import * as n${to} from './m${to}.js';`;
      case 'rename':
        return `export { value${to} as again${to}of${id} } from './m${to}.js';`;
      case 'star':
        return `export * from './m${to}.js';`;
      default:
        return `import './m${to}.js';`;
    }
  });
  const seen = requests.map(({ to, kind }) => {
    if (kind === 'named') return `{ v: v${to}, r: r${to}(seen) }`;
    if (kind === 'namespace') return `{ k: Object.keys(n${to}).join(), v: n${to}.value${to}, r: n${to}.read${to}(seen) }`;
    return `'${kind}'`;
  });
  const dependencies = requests.map(({ to }) => `'./m${to}.js'`);
  return [
    comment,
    ...lines,
    awaits ? 'await null;' : '',
    broken ?? '',
    `export let value${id} = 'm${id} v${version}';`,
    `export function read${id}(seen) {`,
    `  if (seen.has(${id})) return ${id};`,
    `  seen.add(${id});`,
    `  return [value${id}, ${seen.join(', ')}];`,
    '}',
    accepts === 'itself' ? 'import.meta.hot?.accept();' : '',
    accepts === 'dependencies' ? `import.meta.hot?.accept(['./tick.js', ${dependencies.join(', ')}]);` : '',
    '',
  ].join('\n');
}

/** What does not parse, does not link, does not run. */
const faults = ['let = ;', "import { nothing } from './m0.js';", "throw new Error('thrown');", "import './absent.js';"];

/**
 * Changes one to three modules of the model.
 * @param {Map<number, Module>} graph
 * @param {Random} random
 * @returns {number[]} their ids
 */
export function edit(graph, random) {
  const broken = [...graph.keys()].filter((id) => graph.get(id)?.broken !== undefined);
  const choose = () => (broken.length > 0 && random.chance(0.7) ? random.pick(broken) : random.below(graph.size));
  const changed = new Set(Array.from({ length: random.chance(0.25) ? 3 : 1 }, choose));
  for (const id of changed) editModule(/** @type {Module} */ (graph.get(id)), id, graph.size, random);
  return [...changed];
}

/** @param {Module} module @param {number} id @param {number} size @param {Random} random */
function editModule(module, id, size, random) {
  const wasBroken = module.broken !== undefined;
  module.broken = undefined;
  const dice = random.below(20);
  if (wasBroken && dice < 16) return;
  if (dice < 10) module.version += 1;
  else if (dice < 13) module.requests = createRequests(random, id, size);
  else if (dice < 15) module.comment += '// a comment\n';
  else if (dice < 16) module.accepts = random.pick([undefined, 'itself', 'dependencies']);
  else if (dice < 17) module.awaits = !module.awaits;
  else module.broken = random.pick(faults);
}
