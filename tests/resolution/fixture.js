// A folder of packages with everything that makes resolving interesting.

import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const targets = {
  '.': './i.js',
  './null': null,
  './missing': './missing.js',
  './dir': './lib',
  './dir-slash': './lib/',
  './outside': './../other/i.js',
  './inside-modules': './node_modules/x/i.js',
  './no-dot': 'i.js',
  './absolute': '/i.js',
  './url': 'file:///i.js',
  './builtin': 'node:fs',
  './package': 'plain',
  './number': 1,
  './true': true,
  './empty': '',
  './dot': './',
  './encoded': './lib%2fx.js',
  './encoded-dots': './%2e%2e/other/i.js',
  './space': './lib/a b.js',
  './percent': './lib/a%20b.js',
  './query': './lib/x.js?q',
  './hash': './lib/x.js#h',
  './array': ['./missing.js', './lib/x.js'],
  './array-invalid-first': ['not-dotted', './lib/x.js'],
  './array-null-first': [null, './lib/x.js'],
  './array-null': [null],
  './array-empty': [],
  './array-all-invalid': ['one', 'two'],
  './array-conditions': [{ unknown: './missing.js' }, './lib/x.js'],
  './array-invalid-null': ['one', null],
  './array-null-invalid': [null, 'one'],
  './nested': { node: { unknown: './missing.js', import: { default: './lib/x.js' } }, default: './i.js' },
  './nested-no-match': { node: { unknown: './missing.js' }, default: './lib/x.js' },
  './nested-null': { node: null, default: './i.js' },
  './no-condition': { unknown: './i.js' },
  './empty-object': {},
  './order': { default: './i.js', import: './lib/x.js' },
  './custom': { custom: './lib/x.js', development: './lib/y.js', default: './i.js' },
  './module-sync': { 'module-sync': './lib/x.js', default: './i.js' },
  './addons': { 'node-addons': './lib/x.js', default: './i.js' },
  './require': { require: './lib/x.js' },
  './types': { types: './i.d.ts', browser: './b.js', import: './i.js' },
  './patterns/*': './lib/*',
  './patterns/*.js': './lib/*.js',
  './patterns/private/*': null,
  './patterns/y*': './lib/x.js',
  './twice/*': './lib/*/../*.js',
  './two-stars/*/*': './lib/*.js',
  './double/*.js': './*/*.js',
  './star-in-middle/*/end.js': './lib/*.js',
  './conditional/*': { import: './lib/*.js', default: null },
  './array-pattern/*': ['no/*', './lib/*.js'],
  './slash/': './lib/',
  './target-slash/*': './lib/*/',
  './star-invalid/*': 'lib/*',
  './star-outside/*': './lib/../../*',
};

/** `exports` of small packages, by name. */
const exportsOf = {
  'only-string': './i.js',
  'only-array': ['./missing.js', './i.js'],
  'only-null': null,
  'only-false': false,
  'only-number': 3,
  'only-empty-string': '',
  'only-empty-array': [],
  'only-empty-object': {},
  'only-conditions': { custom: './lib/x.js', import: './i.js', require: './r.cjs' },
  'only-subpath': { './x': './lib/x.js' },
  mixed: { '.': './i.js', import: './i.js' },
  'mixed-late': { import: './i.js', './x': './lib/x.js' },
  'numeric-key': { 0: './i.js', default: './i.js' },
  'nested-numeric-key': { '.': { 1: './i.js', default: './i.js' } },
  'string-no-dot': 'i.js',
  'directory-target': './lib',
  'missing-target': './missing.js',
};

/** `package.json` as text, by name: no `exports`, or no package.json at all. */
const manifests = {
  plain: '{}',
  none: undefined,
  'main-file': '{"main":"./lib/x.js"}',
  'main-without-dot': '{"main":"lib/x.js"}',
  'main-without-extension': '{"main":"./lib/x"}',
  'main-directory': '{"main":"./lib"}',
  'main-directory-slash': '{"main":"./lib/"}',
  'main-missing': '{"main":"./missing.js"}',
  'main-missing-index': '{"main":"./missing"}',
  'main-outside': '{"main":"../other/i.js"}',
  'main-number': '{"main":5}',
  'main-empty': '{"main":""}',
  'main-dot': '{"main":"."}',
  'main-encoded': '{"main":"./lib/a%20b.js"}',
  'main-space': '{"main":"./lib/a b.js"}',
  'main-json': '{"main":"./data"}',
  'broken-json': '{"main": ',
  'broken-text': 'hello',
  'empty-file': '',
  'json-array': '[]',
  'json-string': '"x"',
  'json-null': 'null',
  'with-bom': '\uFEFF{"exports":"./i.js"}',
  'duplicate-keys': '{"exports":"./missing.js","exports":"./i.js"}',
  'exports-string-broken-later': '{"exports":"./i.js", "x": }',
  'type-number': '{"type":3,"main":"./i.js"}',
  'type-unknown': '{"type":"esm","main":"./i.js"}',
};

const files = {
  'i.js': '',
  'r.cjs': '',
  'index.js': '',
  'data.json': '{}',
  'lib/x.js': '',
  'lib/y.js': '',
  'lib/a b.js': '',
  'lib/index.js': '',
  'lib/deep/z.js': '',
  'lib/private/s.js': '',
  'lib/UPPER.js': '',
};

const imports = {
  '#own': './lib/x.js',
  '#builtin': 'fs',
  '#builtin-node': 'node:path',
  '#unknown-builtin': 'node:nope',
  '#package': 'plain',
  '#subpath': 'all/nested',
  '#missing-package': 'not-installed',
  '#missing': './missing.js',
  '#null': null,
  '#dir': './lib',
  '#conditions': { custom: './lib/y.js', import: './lib/x.js' },
  '#no-condition': { unknown: './lib/y.js' },
  '#array': ['#own', './lib/x.js'],
  '#array-null': [null],
  '#other-import': '#own',
  '#url': 'file:///etc/hosts',
  '#http': 'https://example.com/x.js',
  '#outside': '../outside.js',
  '#absolute': '/etc/hosts',
  '#number': 7,
  '#lib/*': './lib/*',
  '#lib/*.js': './lib/*.js',
  '#lib/secret/*': null,
  '#pkg/*': 'all/*',
  '#two*stars*': './lib/x.js',
  '#': './lib/x.js',
  '#/': './lib/x.js',
  '#/x': './lib/x.js',
  '#/*': './lib/*',
  '#trailing/': './lib/',
  '#a/b': './lib/x.js',
  'no-hash': './lib/x.js',
};

/** @returns {{folder: string, packages: string[]}} */
export function createFixture() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hmr-resolution-')));
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const writePackage = (at, manifest) => {
    if (manifest !== undefined) write(`${at}/package.json`, manifest);
    for (const [path, text] of Object.entries(files)) write(`${at}/${path}`, text);
  };
  const texts = { ...manifests, all: JSON.stringify({ type: 'module', main: './i.js', exports: targets }) };
  for (const [name, exports] of Object.entries(exportsOf)) texts[name] = JSON.stringify({ name, main: './i.js', exports });
  for (const [name, text] of Object.entries(texts)) writePackage(`node_modules/${name}`, text);
  writePackage('node_modules/@scope/all', texts.all);
  writePackage('node_modules/@scope/plain', '{"main":"./i.js"}');
  write('node_modules/file-instead', '');
  write('node_modules/.hidden/index.js', '');
  write('package.json', JSON.stringify({ name: 'app', type: 'module', imports, exports: { '.': './src/main.js', './x/*': './lib/*.js', './no': null } }));
  for (const [path, text] of Object.entries(files)) write(path, text);
  write('src/main.js', '');
  write('src/[odd] ~name^|%.js', '');
  write('src/ünï😀.js', '');
  write('src/node_modules/plain/package.json', '{"exports":"./inner.js"}');
  write('src/node_modules/plain/inner.js', '');
  write('src/nested/package.json', '{"name":"nested","imports":{"#n":"./n.js"}}');
  write('src/nested/n.js', '');
  write('src/broken/package.json', '{"name": ');
  write('src/broken/n.js', '');
  write('src/node_modules/in-modules.js', '');
  writePackage('packages/workspace', '{"name":"workspace","type":"module","exports":{".":"./i.js","./lib/*":"./lib/*.js"}}');
  symlinkSync('../packages/workspace', join(folder, 'node_modules/workspace'));
  symlinkSync('../lib', join(folder, 'src/linked'));
  symlinkSync('../lib/x.js', join(folder, 'src/link.js'));
  symlinkSync('nowhere.js', join(folder, 'src/dangling.js'));
  symlinkSync('loop.js', join(folder, 'src/loop.js'));
  const packages = [...Object.keys(texts), '@scope/all', '@scope/plain', 'workspace', 'app', 'nested', 'file-instead'];
  return { folder, packages };
}

export { imports, targets };
