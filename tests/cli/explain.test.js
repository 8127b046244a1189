// `why`, `graph` and `doctor`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandProject, staying } from './command.js';

/** @typedef {import('../harness/app.js').App} App */

/** What the command prints. @param {App} app @param {number} [expected] exit code */
async function printed(app, expected = 0) {
  const { code } = await app.end();
  assert.equal(code, expected, app.output());
  return app.output('stdout');
}

const files = {
  'main.js': "import './greet.js'; import './hot.js'; import('./lazy.js'); console.log('must not run');",
  'greet.js': "import { word } from './lib/words.js'; export const greet = word;",
  'lib/words.js': "export const word = 1;",
  'hot.js': "import './below.js'; import.meta.hot?.accept();",
  'below.js': '',
  'lazy.js': "import './lib/words.js'; import { x } from 'pkg'; if (import.meta.hot) import.meta.hot.accept('./lib/words.js', () => {});",
  'never.js': "import './deep.js'; import.meta.hot.decline();",
  'deep.js': '',
  'declining.js': "import './never.js';",
  'node_modules/pkg/package.json': '{"type":"module","exports":"./index.js"}',
  'node_modules/pkg/index.js': 'export const x = 1;',
  'notes.txt': '',
};

/** @type {[file: string, expected: string][]} */
const cases = [
  ['below.js', 'below.js: hot\n  below.js → hot.js, which accepts itself\n  evaluated anew: below.js, hot.js'],
  ['hot.js', 'hot.js: hot\n  hot.js, which accepts itself\n  evaluated anew: hot.js'],
  [
    'lib/words.js',
    `lib/words.js: restart
  lib/words.js → greet.js → main.js, above which no module accepts it
  It would be hot with one of
    in lib/words.js: import.meta.hot.accept(), 1 module is evaluated anew then
    in greet.js: import.meta.hot.accept('./lib/words.js', …), 1 module is evaluated anew then`,
  ],
  [
    'greet.js',
    `greet.js: restart
  greet.js → main.js, above which no module accepts it
  It would be hot with one of
    in greet.js: import.meta.hot.accept(), 1 module is evaluated anew then
    in main.js: import.meta.hot.accept('./greet.js', …), 1 module is evaluated anew then`,
  ],
  ['notes.txt', 'notes.txt: nothing happens: no hot module of main.js consists of it'],
];

test('why: hot or restart, the chain, and what would help; nothing runs', async (t) => {
  const { command } = commandProject(t, files);
  for (const [file, expected] of cases) {
    assert.equal(await printed(command(['why', file, '--entry', 'main.js'])), expected);
  }
  const declined = await printed(command(['why', '--entry=declining.js', 'deep.js']));
  assert.match(declined, /^deep\.js: restart\n {2}deep\.js → never\.js, above which no module accepts it\n/);
  const told = JSON.parse(await printed(command(['why', 'lib/words.js', '--json', '--entry', 'main.js'])));
  assert.equal(told.outcome, 'restart');
  assert.equal(told.remedies[0].evaluated, 1);
});

test('which program: named, started last, or in package.json', async (t) => {
  const { command, project } = commandProject(t, { ...files, 'main.js': `${files['main.js']} ${staying}` }, { packageJson: { main: 'hot.js' } });
  assert.match(await printed(command(['why', 'below.js'])), /^below\.js: hot/);
  assert.match(await printed(command(['why', 'greet.js'])), /no hot module of hot\.js/);
  const app = command(['-C', 'dev', 'main.js']);
  await app.line(/must not run/);
  assert.match(await printed(command(['why', 'greet.js'])), /^greet\.js: restart/);
  await app.stop();
  project.delete('main.js');
  const failed = command(['graph']);
  assert.equal((await failed.end()).code, 2);
  assert.match(failed.output('stderr'), /there is no program main\.js/);
});

test('graph: text, JSON and DOT', async (t) => {
  const { command, project } = commandProject(t, files);
  assert.equal(
    await printed(command(['graph', '--entry', 'main.js'])),
    `main.js
├─ greet.js
│  └─ lib/words.js
├─ hot.js  (accepts itself)
│  └─ below.js
└─ lazy.js  (import(); accepts lib/words.js)
   └─ lib/words.js`,
  );
  const { entry, modules } = JSON.parse(await printed(command(['graph', '--format', 'json', '--entry', 'main.js'])));
  assert.equal(entry, project.path('main.js'));
  const lazy = modules.find((/** @type {any} */ module) => module.file === project.path('lazy.js'));
  assert.deepEqual(lazy.accepts, [project.path('lib/words.js')]);
  assert.deepEqual(lazy.imports.map((/** @type {any} */ { hot }) => hot), [true, false]);
  const dot = await printed(command(['graph', '--format=dot', '--entry', 'main.js']));
  assert.match(dot, /^digraph \{\n/);
  assert.match(dot, /"main\.js" -> "lazy\.js" \[style=dashed\];/);
  assert.match(dot, /"lazy\.js" -> "lib\/words\.js" \[color=green\];/);
  assert.match(dot, /"hot\.js" \[style=filled/);
});

test('cycles end', async (t) => {
  const { command } = commandProject(t, { 'main.js': "import './a.js';", 'a.js': "import './b.js';", 'b.js': "import './a.js'; import './c.js';", 'c.js': '' });
  assert.equal(await printed(command(['graph', '--entry', 'main.js'])), 'main.js\n└─ a.js\n   └─ b.js\n      ├─ a.js  (see above)\n      └─ c.js');
  assert.match(await printed(command(['why', 'c.js', '--entry', 'main.js'])), /in b\.js: import\.meta\.hot\.accept\('\.\/c\.js', …\), 1 module/);
});

test('a program that does not load is not explained', async (t) => {
  const { command } = commandProject(t, { 'main.js': "import './a.js';", 'a.js': 'export const = 1;' });
  const app = command(['graph', '--entry', 'main.js']);
  assert.equal((await app.end()).code, 2);
  assert.match(app.output('stderr'), /a\.js:1:14 /);
});

test('doctor: what is well, and what is not', async (t) => {
  const { command } = commandProject(t, {}, { packageJson: { scripts: { dev: 'nodemon node-esm-hmr app.js', test: 'tsx x.js' } } });
  const bad = await printed(command(['doctor'], { NODE_OPTIONS: '--import node-esm-hmr/register --no-warnings' }), 1);
  assert.match(bad, /^(ok|note) +Node v\d+/m);
  assert.match(bad, /^ok +the engine can be loaded$/m);
  assert.match(bad, /^ok +.* is on a file system/m);
  assert.match(bad, /^(ok|note) +fs\.inotify\.max_user_watches is \d+/m);
  assert.match(bad, /^bad +nodemon in the script dev restarts the program, too/m);
  assert.doesNotMatch(bad, /tsx/);
  const { command: other } = commandProject(t, {});
  assert.doesNotMatch(await printed(other(['doctor'])), /^bad/m);
  assert.match(await printed(other(['doctor'], { NODE_ENV: 'production' }), 1), /^bad +NODE_ENV is production/m);
});
