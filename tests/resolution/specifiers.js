// Specifiers to resolve: what the fixture and the installed packages define, and what they do not.

import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { imports, targets } from './fixture.js';

const subpaths = [
  ...Object.keys(targets).map((key) => key.slice(1)),
  '/patterns/x', '/patterns/x.js', '/patterns/y.js', '/patterns/yy', '/patterns/', '/patterns/private/s.js',
  '/patterns/deep/z.js', '/patterns/../i.js', '/patterns/./x.js', '/patterns//x.js', '/patterns/x%2fy.js',
  '/patterns/node_modules/x.js', '/patterns/UPPER.js', '/patterns/upper.js', '/patterns/%2e%2e/i.js',
  '/patterns/a b.js', '/patterns/a%20b.js', '/patterns/x.js?q', '/patterns/x.js#h', '/patterns/x.js/',
  '/twice/x', '/two-stars/x/y', '/double/lib', '/star-in-middle/x/end.js', '/star-in-middle/end.js',
  '/conditional/x', '/conditional/missing', '/array-pattern/x', '/slash/x.js', '/target-slash/x',
  '/star-invalid/x', '/star-outside/x', '/null/x', '/Array', '/', '//', '/.', '/..', '/./i.js', '/../plain/i.js',
  '/i.js', '/i', '/I.js', '/lib', '/lib/', '/lib/x', '/lib/x.js', '/lib/X.js', '/lib/deep/../x.js', '/package.json',
  '/lib%2fx.js', '/lib%5cx.js', '/lib\\x.js', '/i.js?query', '/i.js#hash', '/i.js?', '/i.js#', '/missing.js', '/%69.js',
  '/node_modules/x', '?query', '#hash', '/index', '/r.cjs', '/data.json', '/data',
];

const odd = [
  '', ' ', '.', '..', '/', './', '../', './.', './..', '//', '///', '#', '#/', '#/x', '#/y', '##', '@', '@/', '@a', '@/a', '@scope', '@scope/',
  '.hidden', '..x', '...', '%', '%20', 'a%2fb', 'a\\b', '\\', '.\\x.js', 'C:\\x.js', 'c:/x.js', 'file:', 'file:/', 'file://', 'file:///',
  'file:x.js', 'file:./x.js', 'FILE:///etc/hosts', 'file://host/x.js', 'file://localhost/etc/hosts', 'file:///%2f', 'file:///a%00b',
  'data:text/javascript,1', 'data:,', 'data:', 'DATA:text/javascript,1', 'http://example.com/x.js', 'https://example.com', 'HTTPS://EXAMPLE.com',
  'ftp://x', 'blob:x', 'wasm:x', 'x:y', 'node:', 'node:nope', 'node:fs', 'NODE:fs', 'node:fs/promises', 'node:fs/nope', 'node:test', 'node:sqlite',
  'node:sea', 'node:test/reporters', 'test', 'sqlite', 'sea', 'test/reporters', 'fs/', 'fs/nope', 'fs/promises', 'fs?x', 'fs#x', 'path/posix', 'sys',
  'punycode', 'wasi', 'trace_events', '_http_agent', 'internal/util', 'node:internal/util', 'node:_http_agent', 'constructor', '__proto__', 'toString',
  'undefined', 'null', 'a b', 'not-installed', 'not-installed/x', '@not/installed', '@not/installed/x', 'not-installed/', 'NOT', 'ünï', '😀', 'a:b', 'a:',
  '1', '-', '_', '~', '$', '*', 'a*', 'all*', '?', '?x', '&', 'a\tb', 'a\nb', '\u0000', 'node_modules', 'package.json', 'index.js', 'i.js', 'lib/x.js',
];

const relative = [
  'main.js', 'main', 'Main.js', 'missing.js', 'nested', 'nested/', 'nested/n', 'nested/n.js', 'nested/n.js/', 'nested//n.js', 'nested/./n.js',
  'nested/../main.js', 'nested%2fn.js', 'nested%5cn.js', 'nested\\n.js', '%6dain.js', 'main.js?', 'main.js#', 'main.js?#', 'main.js?a', 'main.js#a',
  'main.js?a#b', 'main.js?a b', 'main.js?%2f', 'main.js#%2f', 'main.js?x=é', '[odd] ~name^|%25.js', '[odd]%20~name^|%25.js', '%5Bodd%5D%20%7Ename%5E%7C%25.js',
  '[odd] ~name^|%.js', 'ünï😀.js', 'linked/x.js', 'linked', 'link.js', 'link.js?q', 'dangling.js', 'loop.js', 'linked/../main.js', 'node_modules/in-modules.js',
  'node_modules', 'a%00b.js', 'a%', 'a%zz', ' main.js', 'main.js ', 'main.js\t', '\u0000', 'broken/n.js', 'package.json', 'main.js/..', 'main.js/../main.js',
];

/** @param {{folder: string, packages: string[]}} fixture */
export function fixtureCases({ folder, packages }) {
  const file = (path) => new URL(path, `file://${folder}/`).href;
  const parents = [file('src/main.js'), file('src/nested/n.js'), file('i.js')];
  const names = [...Object.keys(imports), '#lib/x', '#lib/x.js', '#lib/', '#lib/secret/a', '#lib/../i.js', '#pkg/nested', '#pkg/null', '#n', '#nope', '#a'];
  const all = [
    ...packages.flatMap((name) => ['', ...subpaths].map((subpath) => name + subpath)),
    ...names, ...odd, ...builtinModules, ...builtinModules.map((name) => `node:${name}`),
    ...relative.flatMap((name) => [`./${name}`, `../src/${name}`, `${folder}/src/${name}`, `file://${folder}/src/${name}`]),
  ];
  const cases = parents.flatMap((parent) => all.map((specifier) => ({ specifier, parent })));
  const otherParents = ['src/broken/n.js', 'src/[odd] ~name^|%25.js', 'src/main.js?query', 'node_modules/all/i.js', 'packages/workspace/i.js', 'src/node_modules/plain/inner.js'];
  for (const parent of otherParents.map(file)) {
    for (const specifier of ['all', 'plain', 'app', 'workspace', 'workspace/lib/x', 'not-installed', '#own', '#n', './i.js', './missing.js', 'main-missing', ...odd]) {
      cases.push({ specifier, parent });
    }
  }
  return cases;
}

/** @param {string} modules a node_modules folder */
export function installedCases(modules) {
  const parent = new URL('../src/x.js', `file://${modules}/`).href;
  const names = readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : name,
  );
  return names.flatMap((name) => specifiersOf(modules, name)).map((specifier) => ({ specifier, parent }));
}

function specifiersOf(modules, name) {
  let manifest;
  try {
    manifest = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'));
  } catch {
    return [name];
  }
  const { exports = {}, main = './index.js' } = manifest;
  const keys = typeof exports === 'object' ? Object.keys(exports).filter((key) => key.startsWith('.')) : [];
  const found = keys.flatMap((key) => (key.includes('*') ? [key.replace('*', 'index'), key.replace('*', 'x/y.js')] : [key]));
  const tried = ['', '/', '/package.json', '/index.js', '/missing', '/lib', '/dist/index.js', `/${main}`];
  return [...found.map((key) => name + key.slice(1)), ...tried.map((subpath) => name + subpath)];
}
