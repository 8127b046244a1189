// Coverage of hot code counts in the file, as that of plain Node does.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { createProject } from '../harness/index.js';

const main = `import hmr from 'node-esm-hmr';
process.on('SIGUSR2', () => process.exit());
await hmr('./a.js', undefined, (module) => console.log('value', module.value));
await hmr('./mark.js', undefined, ({ mark }) => console.log('mark', mark));`;

/** @type {Record<string, string>} */
const programs = {
  'functions and branches': `export function used(x) {
  if (x) {
    return 1;
  }
  return 'é';
}
export function unused() { return 2; }
if (!used(1)) {
  console.log('never');
}
export const value = used(true);`,
  'imports on the first line': `import { b } from './b.js'; export const value = b ? 1 : (() => 2)();
export default class { method() { return value; } static s = () => 1; }`,
  'a cycle': "import { used } from './cycle.js';\nexport const value = 1;\nexport const unused = () => {\n  used();\n};\n",
  'top-level await': "export const value = await 1;\nif (value > 1) {\n  await 2;\n}\nexport const unused = async () => {};",
  'windows line ends': 'export const value = 1;\r\nexport const unused = () => {\r\n  return 1;\r\n};\r\n',
};

const others = {
  'b.js': 'export const b = 1;',
  'mark.js': 'export const mark = 0;',
  'cycle.js': "import { value } from './a.js';\nexport const used = () => value;\n",
};

/**
 * The covered ranges of each function of the file, in lines.
 *
 * @param {import('../harness/index.js').Project} project
 * @param {string} folder
 */
function covered(project, folder) {
  const files = readdirSync(project.path(folder)).map((name) => JSON.parse(project.read(`${folder}/${name}`)));
  const scripts = files.flatMap(({ result }) => result).filter(({ url }) => url === pathToFileURL(project.path('a.js')).href);
  assert.equal(scripts.length, 1, 'one version of one instance');
  return scripts[0].functions.map((/** @type {any} */ { ranges }) => lines(project.read('a.js'), ranges));
}

/**
 * @param {string} text
 * @param {{startOffset: number, endOffset: number, count: number}[]} ranges
 */
function lines(text, ranges) {
  const line = (/** @type {number} */ offset) => text.slice(0, offset).split('\n').length;
  return ranges.map((range) => `${line(range.startOffset)}-${line(range.endOffset)}: ${range.count}`);
}

/** @param {unknown[]} functions */
const distinct = (functions) => [...new Set(functions.map((ranges) => JSON.stringify(ranges)))].sort();

/**
 * What the coverage of a hot program says after edits of a.js.
 *
 * @param {import('node:test').TestContext} t
 * @param {string} text of a.js at first
 * @param {(project: import('../harness/index.js').Project, app: import('../harness/app.js').App) => Promise<unknown>} edit
 */
async function expectSameCoverage(t, text, edit) {
  const project = createProject(t, { 'main.js': main, 'plain.js': "import './a.js';", 'a.js': text, ...others });
  const app = project.start(['main.js'], { env: { NODE_V8_COVERAGE: project.path('hot') } });
  await app.line(/^mark 0/);
  await edit(project, app);
  app.signal('SIGUSR2');
  await app.end();
  assert.doesNotMatch(app.output('stderr'), /coverage/);
  await project.start(['plain.js'], { env: { NODE_V8_COVERAGE: project.path('plain') } }).end();
  assert.deepEqual(distinct(covered(project, 'hot')), distinct(covered(project, 'plain')));
}

for (const [name, text] of Object.entries(programs)) {
  test(`${name}: the same lines as in plain Node`, (t) => expectSameCoverage(t, text, async () => {}));

  test(`${name}: the same lines as in plain Node after an update`, (t) =>
    expectSameCoverage(t, text, async (project, app) => {
      await project.write('a.js', `\n\n${text};1;`);
      await app.line(/^value/);
    }));

  test(`${name}: the same lines as in plain Node after an edit of white space and comments`, (t) =>
    expectSameCoverage(t, text, async (project, app) => {
      await project.write('a.js', `\n// one\n${text}`);
      // A change elsewhere comes after it: then it has been dealt with.
      await project.write('mark.js', 'export const mark = 1;');
      await app.line(/^mark 1/);
    }));
}

test('node --test --experimental-test-coverage reports the lines of the file', async (t) => {
  const project = createProject(t, {
    'a.js': programs['functions and branches'],
    'hot.test.js': `import { test } from 'node:test'; import hmr from 'node-esm-hmr';
      const handle = await hmr('./a.js', undefined, () => {}); test('x', () => handle.close());`,
    'plain.test.js': "import { test } from 'node:test'; import './a.js'; test('x', () => {});",
  });
  const report = async (/** @type {string} */ file) => {
    const app = project.start(['--test', '--experimental-test-coverage', '--test-reporter=tap', file]);
    await app.end();
    return app.output().match(/^# a\.js.*\|([^|\n]*)$/m)?.[1].trim();
  };
  const expected = await report('plain.test.js');
  assert.ok(expected);
  assert.equal(await report('hot.test.js'), expected);
});
