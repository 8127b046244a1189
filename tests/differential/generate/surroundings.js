// What stands around hot modules: CommonJS, packages, JSON, builtins.

/**
 * @typedef {import('./exports.js').Random} Random
 * @typedef {{lines: string[], imported: import('./reads.js').Imported[]}} Imports lines of a module, and their names
 * @typedef {{source: Random, likely: Record<string, number>, index: number, count: number, files: Record<string, string>}} Place of how many
 */

/** @param {Place} place @returns {Imports} imports, and in `files` what they lead to */
export function importOthers(place) {
  const { source, likely } = place;
  /** @type {Imports} */
  const found = { lines: [], imported: [] };
  if (source.chance(likely.commonJs)) importCommonJs(place, found);
  if (source.chance(likely.packages)) importPackage(place, found);
  if (source.chance(likely.json)) importJson(place, found);
  if (source.chance(likely.builtins)) importBuiltin(place, found);
  return found;
}

function importCommonJs({ source, index, count, files, likely }, { lines, imported }) {
  const name = `c${index}`;
  files[`${name}.cjs`] = source.pick([
    `log('${name}'); exports.a = '${name}'; exports.f = function f() {};\n`,
    `log('${name}'); module.exports = { a: '${name}', f() {} };\n`,
    `log('${name}'); exports.a = '${name}'; exports.a = 'later'; exports.f = () => { exports.a = 'changed'; };\n`,
    `log('${name}'); exports.a = 1; Object.defineProperty(exports, 'f', { enumerable: true, get() { return () => 'got'; } });\n`,
    `exports.a = 'early'; log('${name}', require('./${name}b.cjs').seen); exports.f = () => {}; exports.default = 1;\n`,
    `exports.__esModule = true; exports.default = '${name}'; exports.a = 2; exports.f = class {};\n`,
    `module.exports = function ${name}() {}; module.exports.a = '${name}'; module.exports.f = 1; log('${name}');\n`,
    source.chance(likely.throwing) ? `log('${name}'); throw new Error('${name} throws');\n` : `exports.a = exports.f = '${name}';\n`,
  ]);
  if (files[`${name}.cjs`].includes('b.cjs')) {
    files[`${name}b.cjs`] = `exports.seen = Object.keys(require('./${name}.cjs')).join();\n`;
  }
  // Without the feature the graphs of all seeds are what they were before it.
  if (likely.requires > 0 && source.chance(likely.requires)) files[`${name}.cjs`] = requiring(source, name, `./m${source.below(count)}.mjs`);
  const wanted = source.chance(likely.missingName) ? 'missing' : 'a';
  lines.push(source.pick([
    `import c, { ${wanted} as ca } from './${name}.cjs';`,
    `import c, * as ca from './${name}.cjs';`,
    `import * as c from './${name}.cjs'; import { f as ca } from './${name}.cjs';`,
    `import { default as c, ${wanted} as ca } from './${name}.cjs'; export { f as f${index} } from './${name}.cjs';`,
  ]));
  imported.push({ local: 'ca', kind: 'const' }, { local: 'c', kind: 'const' });
}

/** CommonJS that requires an ES module of the graph, at once or later. */
function requiring(source, name, target) {
  const attempt = `const attempt = (when) => { try { const ns = require('${target}'); log('${name} required', when, describe(ns)); return ns; }
  catch (error) { log('${name} require failed', when, error.name, error.code ?? error.message); return {}; } };`;
  const when = source.pick([
    `exports.a = Object.keys(attempt('first')).length; exports.f = () => attempt('called');`,
    `exports.a = 1; exports.f = attempt('first'); step(() => attempt('later'));`,
    `exports.a = 1; exports.f = 1; queueMicrotask(() => attempt('in a microtask')); step(() => attempt('later'));`,
    `exports.a = 1; exports.f = 1; attempt('first'); step(async () => log('same', attempt('later') === (await import('${target}'))));`,
  ]);
  return `log('${name}'); ${attempt} ${when}\n`;
}

function importPackage({ source, index, count, files, likely }, { lines, imported }) {
  const name = `p${index}`;
  const folder = `node_modules/${name}`;
  const pause = source.chance(0.15) ? 'await null;' : '';
  const other = Object.keys(files).find((path) => /^node_modules\/p\d+\/p\.js$/.test(path))?.split('/')[1];
  const more = other && source.chance(0.4) ? `import * as other from '${other}'; export const others = () => Object.keys(other).join();` : '';
  files[`${folder}/package.json`] = JSON.stringify({ name, type: 'module', exports: './p.js' });
  files[`${folder}/p.js`] = [
    `log('${name} begins');${pause}${more}`,
    `export let pv${index} = '${name}'; export function set_pv${index}(value) { pv${index} = value; }`,
    source.chance(0.3) ? `setTimeout(() => set_pv${index}('by timer'), 1);` : '',
    source.chance(likely.throwing) ? `throw new Error('${name} throws');` : '',
    `export default class {} log('${name} ends');\n`,
  ].join('\n');
  if (more && source.chance(0.5)) files[`node_modules/${other}/p.js`] += `export * as back${index} from '${name}';\n`;
  // Without the feature the graphs of all seeds are what they were before it.
  if (likely.backwards > 0 && source.chance(likely.backwards)) files[`${folder}/p.js`] += importingHot(source, name, source.below(count));
  const wanted = source.chance(likely.missingName) ? 'missing' : `pv${index}`;
  lines.push(`import { ${wanted} as pv, set_pv${index} as set_pv } from '${name}';`);
  imported.push({ local: 'pv', kind: 'const', setter: 'set_pv' });
  if (source.chance(0.3)) {
    lines.push(`import * as pn from '${name}';`);
    imported.push({ local: 'pn', kind: 'namespace' });
  }
  if (source.chance(likely.stars)) {
    const pick = source.pick([`*`, `* as pns${index}`, `{ pv${index} }`, `{ default as pd${index} }`]);
    lines.push(`export ${pick} from '${name}';`);
  }
}

/** A package that imports a module of the graph, which may be importing it. Bindings without a value are not read. */
function importingHot(source, name, target) {
  const uses = source.pick([
    `log('${name} has', Object.keys(back).join());`,
    `step(() => log('${name} sees', describe(back)));`,
    `log('${name} is', typeof back); step(async () => log('${name} same', back === (await import('../../m${target}.mjs'))));`,
  ]);
  return `import * as back from '../../m${target}.mjs'; ${uses}\n`;
}

function importJson({ source, index, files }, { lines, imported }) {
  files[`j${index}.json`] = source.pick([JSON.stringify({ json: index, list: [1, 2] }), '[1, 2]', '"text"']);
  lines.push(`import json from './j${index}.json' with { type: 'json' };`);
  imported.push({ local: 'json', kind: 'const' });
}

function importBuiltin({ source }, { lines, imported }) {
  lines.push(source.pick([
    "import { sep as builtin } from 'node:path';",
    "import { isAbsolute as builtin } from 'path';",
    "import builtin from 'node:url';",
    "import { EventEmitter as builtin } from 'node:events';",
  ]).replace('import builtin from', 'import { domainToASCII as builtin } from'));
  imported.push({ local: 'builtin', kind: 'const' });
}
