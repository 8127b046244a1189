// The tarball: packed with npm, installed with `npm i` into an empty app, and run there.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, after, test } from 'node:test';
import { promisify } from 'node:util';
import { caller, createProject, expectCall, repository, runtime, start } from '../harness/index.js';

const run = promisify(execFile);
const shell = process.platform === 'win32';

/** Runs npm with as little of the network as possible. @param {string[]} args @param {string} cwd */
async function npm(args, cwd) {
  const { stdout } = await run('npm', [...args, '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], { cwd, shell });
  return stdout;
}

let folder = '';
/** @type {{filename: string, files: {path: string, size: number, mode: number}[]}} */
let packed;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hmr-pack-'));
  const report = await npm(['pack', '--json', '--pack-destination', folder], runtime);
  [packed] = Object.values(JSON.parse(report));
});

after(() => rmSync(folder, { recursive: true, force: true }));

test('the tarball has what the package needs, and nothing else', () => {
  const paths = packed.files.map(({ path }) => path);
  for (const needed of ['package.json', 'index.js', 'index.d.ts', 'dist/boot.js', 'dist/runtime.cjs', 'bin/node-esm-hmr.js']) assert.ok(paths.includes(needed), `${needed} in:\n${paths.join('\n')}`);
  assert.ok(paths.some((path) => /^native\/node-esm-hmr\..*\.node$/.test(path)), 'the addon');
  const binary = packed.files.find(({ path }) => /^native\/node-esm-hmr\.[\w-]+(\.exe)?$/.test(path));
  assert.equal(binary && binary.mode & 0o111, 0o111, 'the command, which may be executed');
  const allowed = /^(package\.json|index\.js|register\.js|[\w-]+\.d\.ts|README\.md|LICENSE|dist\/[\w-]+\.c?js|bin\/[\w-]+\.js|native\/node-esm-hmr\.[\w-]+(\.node|\.exe)?)$/;
  assert.deepEqual(paths.filter((path) => !allowed.test(path)), []);
});

test('installed into an empty app with npm i, it runs there', async (t) => {
  const project = createProject(
    t,
    {
      'main.js': caller({ watch: "'src'", module: "'./src/a.js'" }),
      'src/a.js': "import { b } from './b.js'; export const a = b;",
      'src/b.js': 'export const b = 1;',
    },
    { install: 'none' },
  );
  await npm(['i', join(folder, packed.filename)], project.folder);
  assert.ok(existsSync(project.path('node_modules/node-esm-hmr/index.js')));
  assert.ok(JSON.parse(project.read('package.json')).dependencies['node-esm-hmr']);
  const installed = JSON.parse(await npm(['ls', '--json', '--all'], project.folder));
  assert.deepEqual(Object.keys(installed.dependencies['node-esm-hmr'].dependencies), ['@oxc-project/runtime', 'cjs-module-lexer', 'picomatch']);

  await t.test('the command runs, too', async () => {
    await project.write('app.js', "import './src/a.js'; console.log('runs', process.argv[2]); setInterval(() => {}, 1e9);");
    const command = start(['node-esm-hmr', 'app.js', 'x'], { cwd: project.folder, execPath: 'npx' });
    try {
      await command.line(/^runs x$/);
      await project.edit('src/a.js', 'const a = b', 'const a = b * 1');
      await command.line(/restart: src\/a\.js → app\.js/, { stream: 'stderr' });
      await command.line(/^runs x$/);
    } finally {
      await command.stop();
    }
  });

  const app = project.start(['main.js']);
  await expectCall(app, { a: 1 });
  await project.write('src/b.js', 'export const b = 2;');
  await expectCall(app, { a: 2 });

  await t.test('its types hold in a TypeScript program', async () => {
    await project.write('use.ts', types);
    project.link(join(repository, 'node_modules/@types/node'), '@types/node');
    project.link(join(repository, 'node_modules/undici-types'), 'undici-types');
    const compiler = join(repository, 'node_modules/typescript/bin/tsc');
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--lib', 'es2024,esnext.disposable', '--types', 'node'];
    await run(process.execPath, [compiler, ...flags, 'use.ts'], { cwd: project.folder }).catch(({ stdout }) => assert.fail(stdout));
  });
});

const types = `import hmr from 'node-esm-hmr';

const handle = await hmr<{ a: number }>('./src/a.js', ['src', '!src/skip'], async (module) => {
  const value: number = module.a;
  void value;
}, {
  ignored: ['x', /y/, (path) => path.endsWith('z')],
  clearScreen: false,
  signal: new AbortController().signal,
  onError: (error) => console.error(error),
  logLevel: 'warn',
  parent: import.meta.url,
  persistent: false,
});
const value: number = handle.module.a;
const again: { a: number } = await handle.reload();
await handle.close();
await handle[Symbol.asyncDispose]();
void [value, again];
hmr(new URL('file:///x.js'), undefined, () => {});
hmr('./x.js', 'x', () => {}, { parent: new URL('file:///x.js'), ignored: /x/ });
// @ts-expect-error a callback is needed
hmr('./x.js', 'x');
// @ts-expect-error no such option
hmr('./x.js', 'x', () => {}, { poll: true });
// @ts-expect-error no such level
hmr('./x.js', 'x', () => {}, { logLevel: 'loud' });
`;
