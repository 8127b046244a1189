/**
 * `node-esm-hmr why` and `node-esm-hmr graph`: what a program consists of and accepts, from its texts. Nothing of it runs. The command starts
 * bin/analyse.js with the program's flags and its question as JSON.
 */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadAddon } from './addon.js';
import { mainUrl, sessionOptions } from './engine.js';
import { realOf } from './explain.js';
import { shortPath } from './files.js';

/**
 * @typedef {{command: 'why', entry: string, file: string, json: boolean}
 *   | {command: 'graph', entry: string, format: 'text' | 'json' | 'dot'}} Question
 * @typedef {import('./native.d.ts').SeenModule} SeenModule
 * @typedef {import('./native.d.ts').Session} Session
 */

/** @param {Question} question @returns {number} exit code */
export function analyse(question) {
  const url = mainUrl(path.resolve(question.entry));
  if (url === undefined) return complain(`there is no program ${question.entry}: name it with --entry`);
  const session = new (loadAddon().Session)(JSON.stringify(sessionOptions()));
  const failures = /** @type {import('./native.d.ts').Failure[]} */ (JSON.parse(session.supposeRunning(url)));
  if (failures.length > 0) {
    const places = failures.map(({ file, line, column, message }) => `${shortPath(file)}:${line}:${column} ${message}`);
    return complain(`the program does not load:\n${places.join('\n')}`);
  }
  const main = fileURLToPath(url);
  const text = question.command === 'why' ? why(session, main, question) : graph(session, main, question.format);
  process.stdout.write(`${text}\n`);
  return 0;
}

/** @param {string} text */
function complain(text) {
  process.stderr.write(`node-esm-hmr: ${text}\n`);
  return 2;
}

/**
 * @param {Session} session
 * @param {string} main
 * @param {{file: string, json: boolean}} question
 */
function why(session, main, { file, json }) {
  const real = realOf(file);
  /** @type {import('../index.d.ts').Explanation} */
  const explained = JSON.parse(session.explain(real));
  /** @type {import('./native.d.ts').Remedy[]} */
  const remedies = explained.outcome === 'restart' ? smallest(JSON.parse(session.remedies(real))) : [];
  if (json) return JSON.stringify({ file: real, entry: main, ...explained, remedies }, undefined, 2);
  return [`${shortPath(real)}: ${outcome(explained, main)}`, ...details(explained), ...helps(remedies)].join('\n');
}

/** The best accept of a module itself, and the best one of something it imports. @param {import('./native.d.ts').Remedy[]} remedies */
function smallest(remedies) {
  const own = remedies.find(({ module, accepted }) => module === accepted);
  const other = remedies.find(({ module, accepted }) => module !== accepted);
  return [own, other].filter((remedy) => remedy !== undefined);
}

/** @param {import('../index.d.ts').Explanation} explained @param {string} main */
function outcome({ outcome }, main) {
  if (outcome === 'none') return `nothing happens: no hot module of ${shortPath(main)} consists of it`;
  return outcome === 'hot' ? 'hot' : 'restart';
}

/** @param {import('../index.d.ts').Explanation} explained */
function details({ outcome, boundaries, chain, evaluated }) {
  if (outcome === 'none') return [];
  if (outcome === 'restart') return [`  ${shown(chain)}, above which no module accepts it`];
  const accepted = boundaries.map(({ via, module, accepted }) => {
    return `  ${shown(via)}, which accepts ${module === accepted ? 'itself' : shortPath(accepted)}`;
  });
  return [...accepted, `  evaluated anew: ${evaluated.map(shortPath).join(', ')}`];
}

/** @param {import('./native.d.ts').Remedy[]} remedies */
function helps(remedies) {
  if (remedies.length === 0) return [];
  const lines = remedies.map(({ module, accepted, evaluated }) => {
    const argument = module === accepted ? '' : `'${specifier(module, accepted)}', …`;
    const count = evaluated === 1 ? '1 module is' : `${evaluated} modules are`;
    return `    in ${shortPath(module)}: import.meta.hot.accept(${argument}), ${count} evaluated anew then`;
  });
  return ['  It would be hot with one of', ...lines];
}

/** @param {string} from @param {string} to */
function specifier(from, to) {
  const [start, end] = [from, to].map((file) => pathToFileURL(file).pathname.split('/'));
  let same = 0;
  while (same < start.length - 1 && start[same] === end[same]) same += 1;
  const up = start.length - 1 - same;
  return [...(up > 0 ? Array.from({ length: up }, () => '..') : ['.']), ...end.slice(same)].join('/');
}

/** @param {string[]} files */
function shown(files) {
  return files.map(shortPath).join(' → ');
}

/** @param {Session} session @param {string} main @param {'text' | 'json' | 'dot'} format */
function graph(session, main, format) {
  /** @type {SeenModule[]} */
  const modules = JSON.parse(session.seenModules());
  if (format === 'json') return JSON.stringify({ entry: main, modules }, undefined, 2);
  return format === 'dot' ? dot(modules) : tree(modules, main);
}

/** @param {SeenModule} module */
function says({ acceptsItself, accepts, acceptsExports, declines }) {
  const said = [
    acceptsItself && 'accepts itself',
    accepts.length > 0 && `accepts ${accepts.map(shortPath).join(', ')}`,
    acceptsExports.length > 0 && `accepts its exports ${acceptsExports.join(', ')}`,
    declines && 'declines',
  ];
  return said.filter((text) => text !== false).join(', ');
}

/** A module stands with its imports where it is first imported. @param {SeenModule[]} modules @param {string} main */
function tree(modules, main) {
  const byFile = new Map(modules.map((module) => [module.file, module]));
  const lines = /** @type {string[]} */ ([]);
  /** What is still to be shown, the next one at the end. */
  const pending = [{ file: main, isDynamic: false, first: '', rest: '' }];
  const seen = new Set();
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { file, isDynamic, first, rest } = next;
    const module = byFile.get(file);
    const isKnown = seen.has(file);
    seen.add(file);
    const said = module && !isKnown ? says(module) : '';
    const notes = [isDynamic && 'import()', isKnown && module && module.imports.length > 0 && 'see above', said].filter(Boolean);
    lines.push(`${first}${shortPath(file)}${notes.length > 0 ? `  (${notes.join('; ')})` : ''}`);
    const imports = (!isKnown && module?.imports.filter(({ hot }) => hot)) || [];
    const below = imports.map((one, index) => {
      const isLast = index === imports.length - 1;
      return { file: one.module, isDynamic: one.dynamic, first: `${rest}${isLast ? '└─ ' : '├─ '}`, rest: `${rest}${isLast ? '   ' : '│  '}` };
    });
    pending.push(...below.reverse());
  }
  return lines.join('\n');
}

/** @param {SeenModule[]} modules */
function dot(modules) {
  const name = (/** @type {string} */ file) => JSON.stringify(shortPath(file));
  const lines = modules.flatMap((module) => {
    const { file, imports, acceptsItself, accepts, acceptsExports } = module;
    const style = acceptsItself || acceptsExports.length > 0 ? ' [style=filled, fillcolor=lightgreen]' : '';
    const edges = imports.filter(({ hot }) => hot).map(({ module: target, dynamic }) => {
      const styles = [dynamic && 'style=dashed', accepts.includes(target) && 'color=green'].filter(Boolean);
      return `  ${name(file)} -> ${name(target)}${styles.length > 0 ? ` [${styles.join(', ')}]` : ''};`;
    });
    return [`  ${name(file)}${style};`, ...edges];
  });
  return ['digraph {', ...lines, '}'].join('\n');
}
