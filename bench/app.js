/**
 * Apps for measuring: N modules of about 2 KB, each importing a few others, as a real service does: functions, a class,
 * a table of constants, few of them called at start.
 *
 * Two parts of it are edited. The chain: its leaf stands `CHAIN` importers below the module that accepts. The crowd: many
 * modules of the tree at once, whose versions meet in one module that accepts.
 */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Importers between the edited leaf and what accepts its changes. */
export const CHAIN = 7;
/** Modules in a folder. */
const FOLDER = 50;

/**
 * Writes an app of `count` modules beside a few that start and accept.
 * @param {string} folder emptied first
 * @param {number} count
 * @param {Record<string, string>} packages folders to link into node_modules, by name
 */
export function writeApp(folder, count, packages) {
  writeProject(folder, packages);
  for (let index = 0; index < count; index += 1) write(folder, moduleName(index), moduleText(index, count));
  for (let index = 0; index <= CHAIN; index += 1) write(folder, chainName(index), chainText(index, 0));
  for (const [name, text] of Object.entries(entries)) write(folder, name, text);
}

/**
 * An empty project, with packages as an installation would leave them.
 * @param {string} folder @param {Record<string, string>} packages
 */
export function writeProject(folder, packages) {
  rmSync(folder, { recursive: true, force: true });
  // hot-hook takes its boundaries from here.
  write(folder, 'package.json', JSON.stringify({ name: 'app', type: 'module', hotHook: { boundaries: ['./boundary.js'] } }));
  for (const [name, target] of Object.entries(packages)) {
    const link = path.join(folder, 'node_modules', name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(target, link);
  }
}

/** @param {string} folder @param {string} name @param {string} text */
export function write(folder, name, text) {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Saves a file that is there, at once. @param {string} folder @param {string} name @param {string} text */
export const save = (folder, name, text) => writeFileSync(path.join(folder, name), text);

/** @param {number} index */
export const moduleName = (index) => `part${Math.floor(index / FOLDER)}/m${index}.js`;
/** @param {number} index 0 is imported by what accepts, `CHAIN` is the leaf */
export const chainName = (index) => `chain${index}.js`;

/** @param {number} from @param {number} to */
function specifier(from, to) {
  const [own, other] = [from, to].map((index) => Math.floor(index / FOLDER));
  return own === other ? `./m${to}.js` : `../part${other}/m${to}.js`;
}

/** A tree with three branches, and two cousins. @param {number} index @param {number} count */
function importsOf(index, count) {
  const children = [1, 2, 3].map((branch) => index * 3 + branch);
  const cousins = [index * 3 + 5, index * 4 + 9];
  return [...new Set([...children, ...cousins])].filter((other) => other > index && other < count);
}

/**
 * @param {number} index
 * @param {number} count
 * @param {number} [version] of a module of the crowd; all that have one meet in `versions0`
 */
export function moduleText(index, count, version) {
  const imports = importsOf(index, count);
  const lines = imports.map((n) => `import { value${n}, versions${n}, Service${n} } from '${specifier(index, n)}';`);
  const used = imports.map((other) => `value${other}`).join(' + ') || '0';
  const below = imports.map((other) => `, ...versions${other}`).join('');
  const parent = imports.length > 0 ? `new Service${imports[0]}()` : '';
  return `${lines.join('\n')}
${bodyText(index, `${version}`)}
export const service${index} = new Service${index}(${parent});
export const value${index} = (${used}) % 1000 + settings.retries;
/** The oldest and the newest version here and below. */
export const versions${index} = span([settings.version${below}]);
`;
}

/**
 * What a module of the chain exports is the versions of all modules from there to the leaf.
 * @param {number} index @param {number} version differs for each save
 */
export function chainText(index, version) {
  const isLeaf = index === CHAIN;
  return `${isLeaf ? '' : `import { seen as below } from './${chainName(index + 1)}';`}
${bodyText(index, `${version}`)}
export const seen = [settings.version${isLeaf ? '' : ', ...below'}];
`;
}

/** @param {number} index @param {string} version source text */
function bodyText(index, version) {
  return `
/** Settings of part ${index}, as a service would keep them. */
const settings = Object.freeze({ name: 'part ${index}', retries: 3, timeout: 250 + ${index}, version: ${version} });

${Array.from({ length: 4 }, (_, part) => functionText(index, part)).join('\n')}

function span(all) {
  const known = all.filter((version) => version !== undefined);
  return known.length > 0 ? [Math.min(...known), Math.max(...known)] : [];
}

export class Service${index} {
  #items = new Map();
  constructor(parent) { this.parent = parent; }
  add(key, item) { this.#items.set(key, { item, at: settings.timeout }); return this; }
  get(key) { return this.#items.get(key)?.item ?? this.parent?.get(key); }
  get size() { return this.#items.size; }
}`;
}

/** @param {number} index @param {number} part */
function functionText(index, part) {
  return `
/** Folds a list of records of kind ${part} into one, keeping what is newest. */
export function fold${index}x${part}(records, limit = settings.retries) {
  const result = [];
  for (const record of records) {
    if (record.kind !== ${part} || result.length >= limit) continue;
    result.push({ ...record, seen: record.seen + 1 });
  }
  return result.length > 0 ? result : undefined;
}`;
}

/** Source text that tells the bench something, with the time on the clock that all processes share. @param {string} fields */
export const tell = (fields) => `console.log('bench', JSON.stringify({ at: performance.timeOrigin + performance.now(), told: Number(process.hrtime.bigint()) / 1e6, ${fields} }));`;

const stay = 'setInterval(() => {}, 1 << 30);';

/** Source text that answers \`memory\` on stdin; needs --expose-gc. */
export const answerMemory = `process.stdin.on('data', (text) => {
  if (!String(text).includes('memory')) return;
  const rss = process.memoryUsage.rss();
  for (let pass = 0; pass < 4; pass += 1) gc();
  const { heapUsed, rss: rssAfterCollection } = process.memoryUsage();
  ${tell('rss, heapUsed, rssAfterCollection')}
});`;

/** The programs, by the name of their file. @type {Record<string, string>} */
const entries = {
  // Starts, tells that it has, and ends.
  'main.js': `import { value0 } from './part0/m0.js';
import { seen } from './${chainName(0)}';
${tell('started: value0 + seen[0]')}
`,
  // Starts and stays, for updates of the chain.
  'live.js': `import './boundary.js';
import { value0 } from './part0/m0.js';
${tell('started: value0')}
${stay}
`,
  'boundary.js': `import { seen } from './${chainName(0)}';
${tell('seen')}
if (import.meta.hot?.accept) import.meta.hot.accept();
`,
  // hot-hook imports anew when it is asked to. It tells the parent process what is out of date: here that is this
  // program itself, which asks at once.
  'live-hot-hook.js': `import { value0 } from './part0/m0.js';
process.send = ({ type }) => type === 'hot-hook:invalidated' && load();
const load = () => import('./boundary.js', { with: { hot: 'true' } });
await load();
${tell('started: value0')}
${stay}
`,
  // For updates of the crowd.
  'live-crowd.js': `import './crowd.js';
${tell('started: true')}
${stay}
`,
  'crowd.js': `import { versions0 } from './part0/m0.js';
${tell('versions: versions0')}
if (import.meta.hot?.accept) import.meta.hot.accept();
`,
  'memory.js': `import './boundary.js';
import { value0 } from './part0/m0.js';
${answerMemory}
${tell('started: value0')}
`,
};
