// Loaders of other packages beside ours, registered before and after: what they load works from hot code, updates go
// on, and nothing of ours is deprecated.

import assert from 'node:assert/strict';
import module from 'node:module';
import { test } from 'node:test';
import { createProject } from '../harness/index.js';

const program = (/** @type {string} */ text, /** @type {string} */ before = '') => ({
  'main.js': `import hmr from 'node-esm-hmr';
${before}
await hmr('./a.js', undefined, (module) => console.log('value', JSON.stringify(module.value)));`,
  'a.js': text,
});

const rawHook = {
  'raw-hook.js': `import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
const source = (url) => 'export default ' + JSON.stringify(readFileSync(fileURLToPath(url), 'utf8'));
export const sync = { load: (url, context, next) => url.endsWith('.txt')
  ? { format: 'module', shortCircuit: true, source: source(url) } : next(url, context) };
export const load = (url, context, next) => sync.load(url, context, next);
`,
  'register-sync.js': "import module from 'node:module'; import { sync } from './raw-hook.js'; module.registerHooks(sync);",
  'register-thread.js': "import module from 'node:module'; module.register('./raw-hook.js', import.meta.url);",
  'words.txt': 'hello',
};

/** Hooks as programs have them, which know nothing of the runtime's own modules. */
const strictHook = {
  'strict.js': `import module from 'node:module'; import { fileURLToPath } from 'node:url';
const source = "export default 'hello'";
module.registerHooks({ load: (url, context, next) => !url.startsWith('node:') && fileURLToPath(url).endsWith('.txt')
  ? { format: 'module', shortCircuit: true, source } : next(url, context) });`,
  'loose.js': `import module from 'node:module';
const source = "export default 'hello'";
module.registerHooks({ load: (url, context, next) => url.includes('.txt') ? { format: 'module', shortCircuit: true, source } : next(url, context) });`,
  'without-extension.js': `import module from 'node:module';
module.registerHooks({ resolve: (specifier, context, next) => next(specifier === './words' ? './words.js' : specifier, context) });`,
  'in-thread.js': "import module from 'node:module'; module.register('./thread.js', import.meta.url);",
  'thread.js': "export const resolve = (specifier, context, next) => next(specifier === './words' ? './words.js' : specifier, context);",
  'c.cjs': '',
  'words.txt': 'unseen',
  'words.js': "export default 'hello';",
};

const strictText = `import fs from 'node:fs'; import './c.cjs'; import words from './words.txt'; import { b } from './b.js'; import * as self from './a.js';
export const value = [words, b, 1]; export const later = () => import('./c.cjs').then(() => self);`;
const withoutExtension = "import words from './words'; import { b } from './b.js'; export const value = [words, b, 1];";

/**
 * @typedef {object} Case
 * @property {Record<string, string>} files
 * @property {string[]} [flags]
 * @property {string[]} [packages]
 * @property {string} [needsHooks] why it needs `module.registerHooks`, which Node 20 does not have
 * @property {boolean} [isDeprecated] whether the loader itself uses what newer versions deprecate
 */

const text = "import words from './words.txt'; import { b } from './b.js'; export const value = [words, b, 1];";
const b = { 'b.js': "export const b = 'b';" };

const inTheMiddle = {
  'iitm.js': `import module from 'node:module'; module.register('import-in-the-middle/hook.mjs', import.meta.url);
    const { default: Hook } = await import('import-in-the-middle');
    new Hook(['pkg'], { internals: true }, (exports) => { exports.default = 'hello'; });`,
  'node_modules/pkg/package.json': '{"type":"module","exports":"./index.js"}',
  'node_modules/pkg/index.js': "export default 'unseen';",
};

/** @type {Record<string, Case>} */
const cases = {
  'a hook that takes files only, registered before': {
    files: { ...program(strictText), ...strictHook, ...b },
    flags: ['--import', './strict.js'],
    needsHooks: 'the hook is one',
  },
  'a hook that takes files only, registered after': {
    files: { ...program(strictText, "await import('./strict.js');"), ...strictHook, ...b },
    needsHooks: 'the hook is one',
  },
  'a hook that looks for a part of the URL': {
    files: { ...program(strictText, "await import('./loose.js');"), ...strictHook, ...b },
    needsHooks: 'the hook is one',
  },
  'a hook that resolves a relative specifier': {
    files: { ...program(withoutExtension, "await import('./without-extension.js');"), ...strictHook, ...b },
    needsHooks: 'the hook is one',
  },
  'a hook in a thread that resolves a relative specifier': {
    files: { ...program(withoutExtension), ...strictHook, ...b },
    flags: ['--import', './in-thread.js'],
    isDeprecated: true,
  },
  'a synchronous hook, registered before': {
    files: { ...program(text), ...rawHook, ...b },
    flags: ['--import', './register-sync.js'],
    needsHooks: 'the hook is one',
  },
  'a synchronous hook, registered after': {
    files: { ...program(text, "await import('./register-sync.js');"), ...rawHook, ...b },
    needsHooks: 'the hook is one',
  },
  'a hook in a thread, registered before': {
    files: { ...program(text), ...rawHook, ...b },
    flags: ['--import', './register-thread.js'],
    isDeprecated: true,
  },
  'a hook in a thread, registered after': {
    files: { ...program(text, "await import('./register-thread.js');"), ...rawHook, ...b },
    isDeprecated: true,
  },
  'tsx, registered before': {
    files: {
      ...program("import { words } from './t.ts'; import { b } from './b.js'; export const value = [words, b, 1];"),
      't.ts': "enum Words { hello = 'hello' } export const words: string = Words.hello;",
      ...b,
    },
    flags: ['--import', 'tsx'],
    packages: ['tsx'],
    isDeprecated: true,
  },
  'tsx, registered after': {
    files: {
      ...program(
        "import { words } from './t.ts'; import { b } from './b.js'; export const value = [words, b, 1];",
        "await import('tsx/esm/api').then(({ register }) => register());",
      ),
      't.ts': "enum Words { hello = 'hello' } export const words: string = Words.hello;",
      ...b,
    },
    packages: ['tsx'],
    isDeprecated: true,
  },
  'import-in-the-middle, registered before': {
    files: {
      ...program("import words from 'pkg'; import { b } from './b.js'; export const value = [words, b, 1];"),
      ...inTheMiddle,
      ...b,
    },
    flags: ['--import', './iitm.js'],
    packages: ['import-in-the-middle'],
    needsHooks: 'else the namespace of the hot module is wrapped',
    isDeprecated: true,
  },
  'import-in-the-middle, registered after': {
    files: {
      ...program(
        "import words from 'pkg'; import { b } from './b.js'; export const value = [words, b, 1];",
        "await import('./iitm.js');",
      ),
      ...inTheMiddle,
      ...b,
    },
    packages: ['import-in-the-middle'],
    needsHooks: 'else the namespace of the hot module is wrapped',
    isDeprecated: true,
  },
};

for (const [name, { files, flags = [], packages = [], needsHooks, isDeprecated }] of Object.entries(cases)) {
  const skip = !module.registerHooks && needsHooks;
  test(`${name}: works from hot code, and updates go on`, { skip }, async (t) => {
    const project = createProject(t, files, { packages });
    const app = project.start([isDeprecated ? '--trace-deprecation' : '--throw-deprecation', ...flags, 'main.js']);
    await app.line(/^value \["hello","b",1\]$/);
    await project.edit('a.js', '1]', '2]');
    await app.line(/^value \["hello","b",2\]$/);
    await project.write('b.js', "export const b = 'c';");
    await app.line(/^value \["hello","c",2\]$/);
    assert.doesNotMatch(app.output('stderr'), /^.*(node-esm-hmr|runtime\/lib)\b.*$/m);
  });
}
