// What modulePath is relative to: the file that calls hmr(), found from the call site, or options.parent.

import { test } from 'node:test';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { caller, createProject, expectCall, repository, runtime } from '../harness/index.js';

const good = (/** @type {number} */ n) => `export const a = ${n};`;

/**
 * Programs that all hot-import one module, in which `a` is 1 and then 2.
 *
 * @typedef {object} Case
 * @property {string} file the hot module
 * @property {Record<string, string>} files
 * @property {string[]} [args] default `['main.js']`
 * @property {string} [cwd] relative to the project
 * @property {Record<string, unknown>} [packageJson]
 * @property {(project: import('../harness/index.js').Project) => void} [prepare]
 */

/** @type {Record<string, Case>} */
const cases = {
  'a relative path': { file: 'a.js', files: { 'main.js': caller() } },
  'a relative path, .mjs in a CommonJS package': {
    file: 'a.mjs',
    files: { 'main.mjs': caller({ module: "'./a.mjs'" }) },
    args: ['main.mjs'],
    packageJson: { type: 'commonjs' },
  },
  'a caller in another folder than the working directory': {
    file: 'src/deep/a.js',
    files: { 'src/deep/main.js': caller() },
    args: ['src/deep/main.js'],
  },
  'a path that leads out of the folder of the caller, from a third folder': {
    file: 'lib/a.js',
    files: { 'src/main.js': caller({ module: "'../lib/a.js'" }), 'other/x.txt': '' },
    args: ['../src/main.js'],
    cwd: 'other',
  },
  'an absolute path': { file: 'a.js', files: { 'main.js': caller({ module: "import.meta.dirname + '/a.js'" }) } },
  'a file: URL as text': {
    file: 'a.js',
    files: { 'main.js': caller({ module: "new URL('./a.js', import.meta.url).href" }) },
  },
  'a URL object': { file: 'a.js', files: { 'main.js': caller({ module: "new URL('./a.js', import.meta.url)" }) } },
  'import.meta.resolve()': { file: 'a.js', files: { 'main.js': caller({ module: "import.meta.resolve('./a.js')" }) } },
  '#imports': {
    file: 'src/a.js',
    files: { 'main.js': caller({ module: "'#a'" }) },
    packageJson: { imports: { '#a': './src/a.js' } },
  },
  '#imports with conditions and a pattern': {
    file: 'src/dev/a.js',
    files: { 'main.js': caller({ module: "'#src/a'" }) },
    args: ['-C', 'dev', 'main.js'],
    packageJson: { imports: { '#src/*': { dev: './src/dev/*.js', default: './src/*.js' } } },
  },
  'the own package by name': {
    file: 'src/a.js',
    files: { 'main.js': caller({ module: "'app/a'" }) },
    packageJson: { exports: { './a': { import: './src/a.js', require: './no.js' } } },
  },
  'a linked workspace package by name': {
    file: 'packages/lib/index.js',
    files: {
      'main.js': caller({ module: "'lib'" }),
      'packages/lib/package.json': '{"name":"lib","type":"module","exports":"./index.js"}',
    },
    prepare: (project) => symlinkSync(project.path('packages/lib'), project.path('node_modules/lib'), 'junction'),
  },
  'a caller that is itself hot': {
    file: 'src/inner/a.js',
    files: {
      'main.js': "import hmr from 'node-esm-hmr'; await hmr('./src/outer.js', undefined, () => {});",
      'src/outer.js': "export { handle } from './inner/caller.js';",
      'src/inner/caller.js': caller().replace('let handle', 'export let handle'),
    },
  },
  'a function of another module that calls hmr()': {
    file: 'src/a.js',
    files: { 'main.js': "import { load } from './src/load.js'; load();", 'src/load.js': `export async function load() {
      const { default: hmr } = await import('node-esm-hmr');
      let calls = 0;
      await hmr('./a.js', undefined, (module) => console.log('call', ++calls, JSON.stringify(module)));
    }` },
  },
  'a caller that was reached through a timer and an arrow function': {
    file: 'src/a.js',
    files: {
      'src/main.js': `import hmr from 'node-esm-hmr';
        let calls = 0;
        setTimeout(() => hmr('./a.js', undefined, (module) => console.log('call', ++calls, JSON.stringify(module))), 1);`,
    },
    args: ['src/main.js'],
  },
  'a CommonJS caller': {
    file: 'src/a.js',
    files: {
      'src/main.cjs': `let calls = 0;
        import('node-esm-hmr').then(({ default: hmr }) =>
          hmr('./a.js', undefined, (module) => console.log('call', ++calls, JSON.stringify(module))));`,
    },
    args: ['src/main.cjs'],
  },
  'code given to node --input-type=module -e': {
    file: 'a.js',
    files: {},
    args: ['--input-type=module', '-e', caller()],
  },
  'options.parent as a URL': {
    file: 'src/a.js',
    files: { 'main.js': caller({ options: "{ parent: new URL('./src/nobody.js', import.meta.url) }" }) },
  },
  'options.parent as the text of a URL': {
    file: 'src/a.js',
    files: { 'main.js': caller({ options: "{ parent: new URL('./src/nobody.js', import.meta.url).href }" }) },
  },
  'options.parent as a path': {
    file: 'src/a.js',
    files: { 'main.js': caller({ options: "{ parent: import.meta.dirname + '/src/nobody.js' }" }) },
  },
  'names with spaces, percent signs, hashes and umlauts': {
    file: 'ä ö/50% #1/a.js',
    files: { 'ä ö/main.js': caller({ module: "'./50%25 %231/a.js'" }) },
    args: ['ä ö/main.js'],
  },
  'a source-map or test tool that has set Error.prepareStackTrace': {
    file: 'src/a.js',
    files: { 'src/main.js': caller({ before: "Error.prepareStackTrace = () => 'none'; Error.stackTraceLimit = 0;" }) },
    args: ['src/main.js'],
  },
  'the package by a relative path': {
    file: 'src/a.js',
    files: { 'src/main.js': caller().replace("'node-esm-hmr'", "'../node_modules/node-esm-hmr/index.js'") },
    args: ['src/main.js'],
  },
  'the package copied into the project': {
    file: 'src/a.js',
    files: { 'src/main.js': caller().replace("'node-esm-hmr'", "'../utils/hmr/index.js'") },
    args: ['src/main.js'],
    prepare(project) {
      cpSync(runtime, project.path('utils/hmr'), { recursive: true, filter: (path) => !path.endsWith('node_modules') });
      for (const name of ['picomatch', '@oxc-project/runtime', 'cjs-module-lexer']) project.link(join(repository, 'node_modules', name), name);
    },
  },
  'the package through a file that re-exports it': {
    file: 'src/a.js',
    files: {
      'src/main.js': caller().replace("'node-esm-hmr'", "'../utils/node-esm-hmr.js'"),
      'utils/node-esm-hmr.js': "export { default } from 'node-esm-hmr';",
    },
    args: ['src/main.js'],
  },
  'the package by name and by path in one program': {
    file: 'src/a.js',
    files: {
      'src/main.js': caller({
        before: "import again from '../node_modules/node-esm-hmr/index.js'; console.log('same', again === hmr);",
      }),
    },
    args: ['src/main.js'],
  },
};

for (const [name, { file, files, args = ['main.js'], cwd = '.', packageJson, prepare }] of Object.entries(cases)) {
  test(name, async (t) => {
    const project = createProject(t, { ...files, [file]: good(1) }, { packageJson });
    prepare?.(project);
    const app = project.start(args, { cwd: project.path(cwd) });
    await expectCall(app, { a: 1 });
    await project.write(file, good(2));
    await expectCall(app, { a: 2 });
  });
}
