// Every import, static or not, gives what it gives in plain Node: the same names, or the same error.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { createProject } from '../harness/index.js';
import { createImports, links } from './imports.js';

/** Tries the imports one after the other. */
const entry = (imports) => `
globalThis.results = async () => {
  const results = [];
  const attempt = async (load) => results.push(await outcome(load));
${imports.map((each) => `  await attempt(() => import(${each}));`).join('\n')}
  return results;
};

async function outcome(load) {
  try {
    const module = await load();
    return Object.keys(module).join() + ' ' + (typeof module.default === 'string' ? module.default : '');
  } catch (error) {
    const names = Object.getOwnPropertyNames(error).filter((name) => name !== 'stack').sort();
    const head = String(error.stack).split(/\\n +at /)[0];
    const { constructor, name, code, message, url, input, module, cause } = error;
    return { constructor: constructor.name, name, code, message, url, input, module, cause: String(cause), names, head };
  }
}
`;

const main = `
import { writeFileSync } from 'node:fs';

process.on('unhandledRejection', () => {});
const [mode, entry] = process.argv.slice(2);
if (mode === 'plain') {
  await import(entry);
} else {
  const { default: hmr } = await import('node-esm-hmr');
  await hmr(entry, undefined, () => {}, { persistent: false, logLevel: 'silent' });
}
writeFileSync(mode + '.json', JSON.stringify(await globalThis.results()));
process.exit();
`;

test('each import leads where it leads in plain Node, or fails as it does there', (t) => {
  const { files, imports } = createImports();
  const project = createProject(t, { ...files, 'main.mjs': main, 'entry.js': entry(imports) });
  for (const [name, target] of Object.entries(links)) symlinkSync(target, project.path(name));
  const run = (mode) => {
    const args = ['--no-warnings', 'main.mjs', mode, './entry.js'];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: project.folder, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return JSON.parse(readFileSync(project.path(`${mode}.json`), 'utf8'));
  };
  const [plain, hot] = [run('plain'), run('hot')];
  assert.equal(plain.length, imports.length);
  const all = imports.map((each, index) => ({ import: each, plain: plain[index], hot: hot[index] }));
  const differing = all.filter((each) => JSON.stringify(each.plain) !== JSON.stringify(each.hot));
  assert.deepEqual(differing.slice(0, 5), [], `${differing.length} of ${imports.length} differ`);
});
