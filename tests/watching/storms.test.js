// Tests 9 to 11 of the fault list: events that the kernel drops, and what git does, with the real git.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { caller, count, createProject } from '../harness/index.js';
import { count as counted } from './count.js';

const queue = (() => {
  try {
    return Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
  } catch {
    return 0;
  }
})();
const noQueue = queue > 0 && queue <= 70_000 ? false : `the queue of events is not one that can be filled (${queue})`;

test('more events than the kernel keeps: the end is exact, and what has not changed does not run again', { skip: noQueue }, async (t) => {
  const names = Array.from({ length: 40 }, (_, index) => `src/m${index}.js`);
  const module = (/** @type {string} */ name, /** @type {number} */ n) => `console.log('ran ${name}'); export default ${n};\n`;
  const project = createProject(t, {
    'main.js': caller({ watch: "'src'", print: 'module.all' }),
    'a.js': `${names.map((name, index) => `import m${index} from './${name}';`).join('\n')}\nexport const all = [${names.map((_, index) => `m${index}`)}].join();`,
    ...Object.fromEntries(names.map((name) => [name, module(name, 0)])),
  });
  const app = project.start(['main.js']);
  await app.line(/^ready/);
  app.signal('SIGSTOP');
  // Equal neighbours are one event, so files take turns.
  const touched = names.map((name) => project.path(name));
  for (let told = 0; told < queue * 1.1; told += 1) utimesSync(touched[told % touched.length], told, told);
  for (const name of names) writeFileSync(project.path(name), module(name, names.indexOf(name) < 7 ? 1 : 0));
  const ran = count(app, /^ran/);
  app.signal('SIGCONT');
  await app.line(/dropped file events.*max_queued_events/);
  const wanted = names.map((_, index) => (index < 7 ? 1 : 0)).join();
  await app.until(() => app.lines.some(({ text }) => text.endsWith(wanted) && text.startsWith('call')), 'the state on disk');
  assert.equal(count(app, /^ran/) - ran, 7, app.output());
  assert.equal(count(app, /dropped file events/), 1);
});

const noGit = spawnSync('git', ['--version']).status === 0 ? false : 'git is not installed';

/** @param {import('../harness/index.js').Project} project @param {...string} args */
function git(project, ...args) {
  const settings = ['user.name=n', 'user.email=e', 'commit.gpgsign=false', 'gc.auto=0'].flatMap((setting) => ['-c', setting]);
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const { status, stderr } = spawnSync('git', [...settings, ...args], { cwd: project.folder, env });
  assert.equal(status, 0, `git ${args.join(' ')}: ${stderr}`);
}

/** A program whose modules all export the number of their commit. @param {number} loaded @param {number} files */
function repository(loaded, files) {
  const names = Array.from({ length: files }, (_, index) => `src/d${index % 20}/m${index}.js`);
  const used = names.filter((_, index) => index % (files / loaded) === 0);
  const print = "[...new Set(module.all)].join('+')";
  return {
    names,
    files: {
      '.gitignore': 'node_modules\n',
      'main.js': caller({ print }),
      'a.js': `${used.map((name, index) => `import m${index} from './${name}';`).join('\n')}\nexport const all = [${used.map((_, index) => `m${index}`)}];`,
    },
    texts: (/** @type {number} */ n) => Object.fromEntries(names.map((name) => [name, `export default ${n}; // ${name}\n`])),
  };
}

/** @param {import('../harness/index.js').Project} project @param {Record<string, string>} files */
function commit(project, files) {
  for (const [name, text] of Object.entries(files)) writeFileSync(project.path(name), text);
  git(project, 'add', '-A');
  git(project, 'commit', '-qm', 'm');
}

test('a checkout of many files, fifty of them loaded, is one update', { skip: noGit }, async (t) => {
  const { files, texts } = repository(50, counted(500, 3000));
  const project = createProject(t, { ...files, ...texts(1) });
  git(project, 'init', '-qb', 'one');
  commit(project, {});
  git(project, 'checkout', '-qb', 'two');
  commit(project, texts(2));
  const app = project.start(['main.js']);
  await app.line(/^call 1 2$/);
  await app.line(/^ready/);
  for (const [branch, n] of [['one', 1], ['two', 2], ['one', 1]]) {
    git(project, 'checkout', '-q', `${branch}`);
    await app.line(/^call \d+ /);
    assert.match(app.lines.filter(({ text }) => text.startsWith('call')).at(-1)?.text ?? '', new RegExp(`^call \\d+ ${n}$`), app.output());
  }
  assert.equal(count(app, /^call/), 4, app.output());
});

test('a rebase of five commits never shows a mixed graph', { skip: noGit }, async (t) => {
  const { files, texts } = repository(40, 40);
  const project = createProject(t, { ...files, ...texts(0), 'other.txt': '0' });
  git(project, 'init', '-qb', 'main');
  commit(project, {});
  git(project, 'checkout', '-qb', 'work');
  for (const n of [1, 2, 3, 4, 5]) commit(project, texts(n));
  git(project, 'checkout', '-qb', 'other');
  commit(project, texts(6));
  git(project, 'checkout', '-q', 'main');
  commit(project, { 'other.txt': '1' });
  git(project, 'checkout', '-q', 'work');
  const app = project.start(['main.js']);
  await app.line(/^call 1 5$/);
  await app.line(/^ready/);
  for (const onto of ['main', 'main~1', 'main']) {
    git(project, 'rebase', '-q', '--force-rebase', '--onto', onto, 'work~5', 'work');
    git(project, 'checkout', '-q', 'other');
    await app.line(/^call \d+ 6$/);
    git(project, 'checkout', '-q', 'work');
    await app.line(/^call \d+ 5$/);
  }
  const mixed = app.lines.filter(({ text }) => /^call.*\+/.test(text)).map(({ text }) => text);
  assert.deepEqual(mixed, []);
});
