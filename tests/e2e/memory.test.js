// Old versions are garbage: thousands of updates of a 17 KB module leave the heap as large as it was.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProject } from '../harness/index.js';

const UPDATES = Number(process.env.HMR_TEST_UPDATES ?? 5_000);
const LIMIT = '--max-old-space-size=120';

/** A module of 17 KB with functions, classes and data, of which every version is different. */
const versions = `
const body = Array.from({ length: 104 }, (_, index) => \`
export function f\${index}(x) { const y = { x, index: \${index} }; return () => [y, version, 'function \${index}']; }
class C\${index} { #p = \${index}; m(z) { return this.#p + z + f\${index}(z)().length; } }
\`).join('');
const text = (n) => \`export const version = \${n};\\n\${body}// \${n}\\n\`;
const mebibytes = () => { gc(); gc(); return process.memoryUsage().heapUsed / 2 ** 20; };
`;

const hot = `import { writeFileSync } from 'node:fs';
import hmr from 'node-esm-hmr';
${versions}
let called;
writeFileSync('a.js', text(0));
const { close } = await hmr('./a.js', undefined, (module) => called?.(module.version + module.f3(1)().length), { logLevel: 'error' });
const update = (n) => new Promise((resolve, reject) => {
  called = (got) => (got === n + 3 ? resolve() : reject(new Error(\`version \${got - 3} in place of \${n}\`)));
  writeFileSync('a.js', text(n));
});
const first = Math.floor(${UPDATES} / 10);
for (let n = 1; n <= first; n += 1) await update(n);
const before = mebibytes();
for (let n = first + 1; n <= ${UPDATES}; n += 1) await update(n);
console.log('size', text(0).length, 'grown by', (mebibytes() - before).toFixed(3));
await close();
`;

test(`${UPDATES} updates of a 17 KB module under ${LIMIT}`, async (t) => {
  const project = createProject(t, { 'main.js': hot });
  const app = project.start([LIMIT, '--expose-gc', 'main.js']);
  const [, size, grown] = await app.line(/^size (\d+) grown by (\S+)/, { deadline: Math.max(600_000, UPDATES * 20) });
  assert.ok(Number(size) > 16_000 && Number(size) < 19_000, `${size} bytes`);
  t.diagnostic(`heap after GC grew by ${grown} MB`);
  assert.ok(Number(grown) < 1, `the heap grew by ${grown} MB`);
  assert.equal((await app.end()).code, 0);
});

/** Programs whose b.js is saved with `write(n)`, in the one way or another. */
const graph = `import { writeFileSync } from 'node:fs';
import hmr from 'node-esm-hmr';
${versions}
let called;
const WAYS = {
  'changing exports': (n) => text(n) + (n % 2 ? 'export const more = 1;' : ''),
  'errors in between': (n) => { writeFileSync('b.js', text(n) + "throw new Error('broken');"); return text(n); },
  'syntax errors in between': (n) => { writeFileSync('b.js', text(n) + 'broken('); return text(n); },
  'import() and namespaces': text,
  'told assignments': (n) => {
    if (n === 1) writeFileSync('counter.js', 'export let count = 0; export const increment = () => count++;');
    return "import { count, increment } from './counter.js'; increment(); export const read = () => count; export { count } from './counter.js';" + text(n);
  },
  'a cycle': (n) => "import { version as own } from './a.js'; export const back = () => own;" + text(n),
  'top-level await': (n) => text(n) + 'await null;',
  'a new import each time': (n) => { writeFileSync('c' + n % 7 + '.js', text(n)); return 'import "./c' + n % 7 + '.js";' + text(n); },
};
const way = WAYS[process.argv[2]];
const update = (n) => new Promise((resolve) => {
  called = (got) => got === n && resolve();
  writeFileSync('b.js', way(n));
});
writeFileSync('b.js', text(0));
writeFileSync('a.js', "export { version } from './b.js'; import * as ns from './b.js'; export const keys = Object.keys(ns).length; export const load = () => import('./b.js');");
const { close } = await hmr('./a.js', undefined, async (module) => {
  if ((await module.load()).version === module.version) called?.(module.version);
}, { logLevel: 'silent' });
for (let n = 1; n <= 20; n += 1) await update(n);
await new Promise(setImmediate); // What a WeakRef has shown is kept until the job ends.
const before = mebibytes();
for (let n = 21; n <= 120; n += 1) await update(n);
await new Promise(setImmediate);
console.log('grown by', (mebibytes() - before).toFixed(3));
await close();
`;

const ways = Array.from(graph.matchAll(/^ {2}'(.*?)':/gm), ([, way]) => way);
for (const way of ways) {
  test(`100 updates with ${way}`, async (t) => {
    const project = createProject(t, { 'main.js': graph });
    const app = project.start([LIMIT, '--expose-gc', 'main.js', way]);
    const [, grown] = await app.line(/^grown by (\S+)/, { deadline: 60_000 });
    t.diagnostic(`heap after GC grew by ${grown} MB`);
    assert.ok(Number(grown) < 1, `the heap grew by ${grown} MB`);
  });
}

const query = `import { writeFileSync } from 'node:fs';
${versions}
const update = async (n) => { writeFileSync('a.js', text(n)); await import('./a.js?v=' + n); };
for (let n = 1; n <= 20; n += 1) await update(n);
const before = mebibytes();
for (let n = 21; n <= 220; n += 1) await update(n);
console.log('grown by', (mebibytes() - before).toFixed(3));
`;

test('the control: the query-string way grows by far more in 200 updates', async (t) => {
  const project = createProject(t, { 'main.js': query });
  const app = project.start([LIMIT, '--expose-gc', 'main.js']);
  const [, grown] = await app.line(/^grown by (\S+)/);
  t.diagnostic(`heap after GC grew by ${grown} MB in 200 updates`);
  assert.ok(Number(grown) > 5, `the heap grew by ${grown} MB`);
});
