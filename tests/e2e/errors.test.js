// Errors never end the process and never lose the callback: each is printed once with file, line, code frame and
// "waiting for changes"; meanwhile the old code serves; the next good save recovers. Each case both as the first
// thing that is loaded and as an update.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caller, count, createProject, expectCall, serving } from '../harness/index.js';

/**
 * @typedef {object} Case
 * @property {Record<string, string>} broken files that break the module
 * @property {RegExp} message
 * @property {RegExp} [place] file, line and column
 * @property {RegExp} [frame] the marked line of the code frame
 * @property {string[]} [without] files that are missing when it is broken
 * @property {Record<string, string>} [repair] default: the good files
 */

const good = {
  'a.js': "import { b } from './src/b.js';\nexport const a = `a${b}`;\n",
  'src/b.js': "import { c } from './c.js';\nexport const b = `b${c}`;\n",
  'src/c.js': "export const c = 'c';\n",
};
const repaired = { 'src/c.js': "export const c = 'C';\n" };

/** @type {Record<string, Case>} */
const cases = {
  'a syntax error': {
    broken: { 'a.js': 'export const a = 1;\nexport const = 2;\n' },
    message: /SyntaxError/,
    place: /\ba\.js:2:14\b/,
    frame: /> 2 \| export const = 2;/,
  },
  'a syntax error two imports down': {
    broken: { 'src/c.js': '// one\n// two\nexport const c = (;\n' },
    message: /SyntaxError/,
    place: /src\/c\.js:3:19\b/,
    frame: /> 3 \| export const c = \(;/,
  },
  'half a file': {
    broken: { 'src/c.js': "export const c = 'c'; export function f() {\n" },
    message: /SyntaxError/,
    place: /src\/c\.js:\d/,
  },
  'a missing export': {
    broken: { 'src/b.js': "import { nope } from './c.js';\nexport const b = nope;\n" },
    message: /SyntaxError: The requested module '\.\/c\.js' does not provide an export named 'nope'/,
    place: /src\/b\.js:1:10/,
    frame: /> 1 \| import \{ nope \} from '\.\/c\.js';/,
  },
  'an export that was taken away': {
    broken: { 'src/c.js': 'export const d = 1;\n' },
    message: /SyntaxError: The requested module '\.\/c\.js' does not provide an export named 'c'/,
    place: /src\/b\.js:1:10/,
    frame: /> 1 \| import \{ c \} from '\.\/c\.js';/,
  },
  'a missing export of a re-export': {
    broken: { 'src/b.js': "export { nope as b } from './c.js';\n" },
    message: /SyntaxError: The requested module '\.\/c\.js' does not provide an export named 'nope'/,
    place: /src\/b\.js:1/,
  },
  'a missing export of a builtin': {
    broken: { 'src/b.js': "import { nope } from 'node:fs';\nexport const b = nope;\n" },
    message: /SyntaxError: The requested module 'node:fs' does not provide an export named 'nope'/,
    place: /src\/b\.js:1/,
  },
  'a missing export of a package': {
    broken: { 'src/b.js': "import { nope } from 'esm';\nexport const b = nope;\n" },
    message: /SyntaxError: The requested module 'esm' does not provide an export named 'nope'/,
    place: /src\/b\.js:1:10/,
    frame: /> 1 \| import \{ nope \} from 'esm';/,
  },
  'a missing export of a CommonJS package': {
    broken: { 'src/b.js': "import { nope } from 'cjs';\nexport const b = nope;\n" },
    // From Node 24 on it says so only where the module that is loaded imports CommonJS itself.
    message: /SyntaxError: (Named export 'nope' not found\. The|The) requested module 'cjs' (is a CommonJS module|does not provide)/,
    place: /src\/b\.js:1:10/,
    frame: /> 1 \| import \{ nope \} from 'cjs';/,
  },
  'a module that throws': {
    broken: { 'src/c.js': "export const c = 'x';\nthrow new RangeError('boom');\n" },
    message: /RangeError: boom/,
    place: /src\/c\.js:2:7/,
    frame: /> 2 \| throw new RangeError\('boom'\);/,
  },
  'a module that throws in a function it calls': {
    broken: { 'src/c.js': 'function f(x) {\n  return x.y.z;\n}\nexport const c = f({});\n' },
    message: /TypeError: Cannot read properties of undefined \(reading 'z'\)/,
    place: /src\/c\.js:2:14/,
    frame: /> 2 \| {3}return x\.y\.z;/,
  },
  'a module that throws undefined': { broken: { 'src/c.js': 'export const c = 1; throw undefined;\n' }, message: /undefined/ },
  'a module that throws a text': { broken: { 'src/c.js': "export const c = 1; throw 'just text';\n" }, message: /just text/ },
  'a top-level await that rejects': {
    broken: { 'src/c.js': "export const c = await null;\nawait Promise.reject(new Error('late'));\n" },
    message: /Error: late/,
    place: /src\/c\.js:2:22/,
    frame: /> 2 \| await Promise\.reject/,
  },
  'a reference before initialisation': {
    broken: { 'src/c.js': 'export const c = later;\nconst later = 1;\n' },
    message: /ReferenceError: Cannot access 'later' before initialization/,
    place: /src\/c\.js:1:18/,
    frame: /> 1 \| export const c = later;/,
  },
  'an import of a missing file, repaired by creating it': {
    broken: { 'src/b.js': "// new\nimport { d } from './new/d.js';\nexport const b = d;\n" },
    message: /Cannot find module '.*src\/new\/d\.js' imported from .*src\/b\.js/,
    place: /src\/b\.js:2/,
    frame: /> 2 \| import \{ d \} from '\.\/new\/d\.js';/,
    repair: { 'src/new/d.js': "export const d = 'D';\n" },
  },
  'an import of a missing file, repaired by another import': {
    broken: { 'src/b.js': "import { d } from './new/d.js';\nexport const b = d;\n" },
    message: /Cannot find module '.*src\/new\/d\.js' imported from .*src\/b\.js/,
  },
  'an import of a missing package': {
    broken: { 'src/b.js': "\nimport { d } from 'no-such-package';\nexport const b = d;\n" },
    message: /Cannot find package 'no-such-package' imported from .*src\/b\.js/,
    place: /src\/b\.js:2/,
    frame: /> 2 \| import \{ d \} from 'no-such-package';/,
  },
  'a missing extension': {
    broken: { 'src/b.js': "import { c } from './c';\nexport const b = c;\n" },
    message: /Cannot find module '.*src\/c' imported from .*src\/b\.js/,
    place: /src\/b\.js:1/,
  },
  'a removed dependency': {
    broken: {},
    without: ['src/c.js'],
    message: /src\/c\.js/,
    repair: repaired,
  },
  'a removed module': { broken: {}, without: ['a.js'], message: /a\.js/, repair: { 'a.js': "export const a = 'back';\n" } },
  'a removed folder': { broken: {}, without: ['src'], message: /src\/[bc]\.js/, repair: { ...repaired, 'src/b.js': good['src/b.js'] } },
  'broken JSON': {
    broken: {
      'src/data.json': '{\n  "b": 1,\n}\n',
      'src/b.js': "import data from './data.json' with { type: 'json' };\nexport const b = data.b;\n",
    },
    message: /SyntaxError/,
    place: /src\/data\.json/,
    repair: { 'src/data.json': '{ "b": 2 }' },
  },
  'a file that is no JavaScript': {
    broken: { 'src/page.html': '<p>', 'src/b.js': "import './page.html';\nexport const b = 1;\n" },
    repair: { 'src/b.js': 'export const b = 2;' },
    message: /Unknown file extension "\.html"/,
    place: /src\/b\.js:1|page\.html/,
  },
};

const packages = {
  'node_modules/esm/package.json': '{"type":"module","exports":"./i.js"}',
  'node_modules/esm/i.js': 'export const p = 1;',
  'node_modules/cjs/package.json': '{"exports":"./i.cjs"}',
  'node_modules/cjs/i.cjs': 'exports.p = 1;',
};

/** @param {import('../harness/index.js').App} app @param {Case} expected */
async function expectError(app, { message, place, frame }) {
  await app.line(/waiting for changes/, { stream: 'stderr' });
  const told = app.output('stderr');
  assert.match(told, message);
  if (place) assert.match(told, place);
  if (frame) assert.match(told, frame);
}

/** @param {import('../harness/index.js').App} app @param {Case} expected */
function expectNothingElse(app, { message }) {
  assert.equal(count(app, /waiting for changes/), 1, app.output());
  assert.equal(count(app, /^unhandled/), 0);
  assert.doesNotMatch(app.output('stderr'), /runtime\/lib\/\S+\n *\d* *\|/, 'no code frame of our own files');
  assert.doesNotMatch(app.output('stderr'), /provide\}|data:text/, 'nothing of how packages are imported');
  assert.ok(count(app, message) >= 1);
}

/** @param {import('../harness/index.js').Project} project @param {Record<string, string>} files */
async function writeAll(project, files) {
  for (const [path, text] of Object.entries(files)) await project.write(path, text);
}

/** The good files again, one of them with a new text, so that there is something to see. */
function repairOf(/** @type {Case} */ { broken, repair }) {
  if (repair) return repair;
  const originals = Object.fromEntries(Object.keys(broken).map((path) => [path, good[/** @type {'a.js'} */ (path)]]));
  return { ...originals, 'a.js': good['a.js'].replace('a$', 'A$') };
}

for (const [name, expected] of Object.entries(cases)) {
  test(`${name}, after an update`, async (t) => {
    const project = createProject(t, { 'main.js': caller(), ...good, ...packages });
    const app = project.start(['main.js']);
    await expectCall(app, { a: 'abc' });
    await app.line(/^ready/);
    for (const path of expected.without ?? []) project.delete(path);
    await writeAll(project, expected.broken);
    await expectError(app, expected);
    assert.deepEqual(await serving(app), { a: 'abc' }, 'the old code serves');
    await writeAll(project, repairOf(expected));
    await app.line(/^call \d+ (?!.*"abc")/, { stream: 'stdout' });
    expectNothingElse(app, expected);
  });

  test(`${name}, at first`, async (t) => {
    const files = { ...good, ...packages, ...expected.broken };
    const present = Object.entries(files).filter(([path]) => !expected.without?.some((gone) => path.startsWith(gone)));
    const project = createProject(t, { 'main.js': caller(), ...Object.fromEntries(present) });
    const app = project.start(['main.js']);
    await expectError(app, expected);
    assert.equal(count(app, /^call|^ready/), 0);
    await writeAll(project, repairOf(expected));
    await app.line(/^call \d/, { stream: 'stdout' });
    await app.line(/^ready/);
    expectNothingElse(app, expected);
  });
}
