// Edits inside real packages: what depends on the edited file is evaluated anew, and everything else is kept.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { caller } from '../harness/index.js';
import { packageOf, programs, projectWith } from './project.js';

test('an edit of any package is seen, and evaluates it anew', async (t) => {
  const names = Object.keys(programs).filter((specifier) => !specifier.includes('/') || specifier.startsWith('@'));
  const imports = names.map((name) => `import ${JSON.stringify(name)};`).join('\n');
  const paths = `console.log('paths', JSON.stringify(${JSON.stringify(names)}.map((name) => import.meta.resolve(name))));`;
  const project = projectWith(t, { 'main.js': caller({ print: "''", after: paths }), 'a.js': imports }, names.map(packageOf));
  const app = project.start(['main.js']);
  const [, urls] = await app.line(/^paths (.*)$/, { stream: 'stdout' });
  for (const [index, url] of JSON.parse(urls).entries()) {
    const [name, path] = [names[index], fileURLToPath(url)];
    const text = project.read(path);
    assert.match(text, /\b(import|export)\b/, `${path} is a module`);
    await project.write(path, `${text}\n;console.log('edited', ${JSON.stringify(name)});\n`);
    await app.line(new RegExp(`^edited ${name}$`), { stream: 'stdout' });
  }
});

/** Functions of the language or of Node that lodash passes on. */
const foreign = ['isArray', 'isBuffer'];

/** Prints which exports have another identity than at the previous call. */
const printChanged = `JSON.stringify(Object.keys(module.ns).filter((name) => name !== 'default').filter((name) => {
  const isOther = globalThis.previous !== undefined && globalThis.previous[name] !== module.ns[name];
  (globalThis.next ??= {})[name] = module.ns[name];
  return isOther;
})) + ((globalThis.previous = globalThis.next), (globalThis.next = undefined), '')`;

for (const edited of ['_baseIteratee.js', 'isArray.js', '_baseSlice.js', 'chunk.js', '_root.js']) {
  test(`lodash-es/${edited}: functions that depend on it are new, the others are kept`, async (t) => {
    const files = { 'main.js': caller({ print: printChanged }), 'a.js': "import * as ns from 'lodash-es'; export { ns };" };
    const project = projectWith(t, files, ['lodash-es']);
    const folder = 'node_modules/lodash-es';
    const dependents = dependentsOf(project, folder, edited);
    const app = project.start(['main.js']);
    await app.line(/^call 1 \[\]$/, { stream: 'stdout' });
    await app.line(/^ready$/, { stream: 'stdout' });
    await project.write(`${folder}/${edited}`, `${project.read(`${folder}/${edited}`)}\n;void 0;\n`);
    const [, changed] = await app.line(/^call 2 (.*)$/, { stream: 'stdout' });
    const exported = exportedFrom(project, `${folder}/lodash.js`);
    const isNew = ({ name, from }) => dependents.has(from) && !foreign.includes(name);
    assert.deepEqual(JSON.parse(changed), exported.filter(isNew).map(({ name }) => name).sort());
    assert.ok(exported.some(isNew) && !exported.every(isNew));
  });
}

/** Files of a flat package that import the file, directly or not, and itself. */
function dependentsOf(project, folder, file) {
  const importers = new Map();
  for (const name of readdirSync(project.path(folder)).filter((name) => name.endsWith('.js'))) {
    for (const [, imported] of project.read(`${folder}/${name}`).matchAll(/from '\.\/([^']+)'/g)) {
      importers.set(imported, [...(importers.get(imported) ?? []), name]);
    }
  }
  const dependents = new Set([file]);
  for (const name of dependents) importers.get(name)?.forEach((importer) => dependents.add(importer));
  return dependents;
}

/** @returns {{name: string, from: string}[]} what a file that only passes on exports */
function exportedFrom(project, path) {
  const matches = project.read(path).matchAll(/export \{ default as (\w+) \} from '\.\/([^']+)'/g);
  return [...matches].map(([, name, from]) => ({ name, from }));
}

test('graphql: an edit of the lexer keeps the type system, one of the printer does not', async (t) => {
  const files = {
    'main.js': caller({ print: 'JSON.stringify(module.run(globalThis.first ??= { ...module.graphql }))' }),
    'a.js': `import * as graphql from 'graphql/index.mjs';
      export { graphql };
      export const run = (first) => ({
        schema: graphql.GraphQLSchema === first.GraphQLSchema, source: graphql.Source === first.Source,
        lexer: graphql.Lexer === first.Lexer, parse: graphql.parse === first.parse, printed: graphql.print(graphql.parse('{ a }')) });`,
  };
  const project = projectWith(t, files, ['graphql']);
  const app = project.start(['main.js']);
  const call = async () => JSON.parse((await app.line(/^call \d+ (.*)$/, { stream: 'stdout' }))[1]);
  const [kept, printed] = [{ schema: true, source: true }, '{\n  a\n}'];
  assert.deepEqual(await call(), { ...kept, lexer: true, parse: true, printed });
  await app.line(/^ready$/, { stream: 'stdout' });
  await project.edit('node_modules/graphql/language/lexer.mjs', /export class Lexer \{/, '$& edited = true;');
  assert.deepEqual(await call(), { ...kept, lexer: false, parse: false, printed });
  await project.edit('node_modules/graphql/language/printer.mjs', /export function print\(.*\) \{/, "$& return 'edited';");
  assert.deepEqual(await call(), { schema: false, source: true, lexer: false, parse: false, printed: 'edited' });
});
