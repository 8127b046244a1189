// Test 1 of the fault list, through the whole package: every save is live once, whole, and at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProject, repository } from '../harness/index.js';
import { count, isFull, percentile } from './count.js';

// The program saves its own module, so that one clock measures from the end of the save to the callback.
const program = (/** @type {string} */ save, /** @type {number} */ saves) => `import hmr from 'node-esm-hmr';
import { saveStyles, save } from ${JSON.stringify(`${repository}tests/harness/save.js`)};
let state = 20;
const dice = (sides) => Math.floor(((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32) * sides);
const text = (n, size) => \`export const n = \${n};\\n// \${'x'.repeat(size)}\\nexport const end = \${n};\\n\`;
const path = \`\${process.cwd()}/a.js\`;
let [calls, called] = [0, () => {}];
await save(path, text(0, 10));
await hmr('./a.js', undefined, (module) => {
  calls += 1;
  called({ at: performance.now(), n: module.n, end: module.end });
}, { logLevel: 'error' });
const times = [];
calls = 0;
for (let n = 1; n <= ${saves}; n += 1) {
  const live = new Promise((resolve) => (called = resolve));
  ${save}
  const saved = performance.now();
  const { at, n: got, end } = await live;
  times.push(at - saved);
  if (got !== n || end !== n) throw new Error(\`save \${n}: \${got} to \${end}\`);
}
// Whatever were to come twice would come before this one.
called = ({ n }) => {
  if (n !== 'last') throw new Error(\`\${n} came again\`);
  console.log('done', JSON.stringify({ calls: calls - 1, times }));
  process.exit();
};
await save(path, text("'last'", 10));
`;

/** @param {import('node:test').TestContext} t @param {string} save @param {number} saves */
async function run(t, save, saves) {
  const project = createProject(t, { 'main.js': program(save, saves) });
  const app = project.start(['main.js']);
  const [, report] = await app.line(/^done (.*)/, { deadline: 30_000 + saves * 100 });
  /** @type {{calls: number, times: number[]}} */
  const { calls, times } = JSON.parse(report);
  assert.equal(calls, saves, 'each save once');
  t.diagnostic(`${saves} saves, live after p50 ${percentile(times, 0.5).toFixed(2)} ms, p99 ${percentile(times, 0.99).toFixed(2)} ms`);
  return times;
}

test('saves in every way, to 1 MB: each is live once and whole', async (t) => {
  const save = `const style = saveStyles[dice(saveStyles.length)];
  await save(path, text(n, [10, 1000, 70_000, 1_000_000][dice(4)]), { style, gap: dice(6) });`;
  await run(t, save, count(150, 10_000));
});

for (const style of ['truncate', 'rename']) {
  test(`a save of 1 kB (${style}) is live at once`, async (t) => {
    const times = await run(t, `await save(path, text(n, 1000), { style: '${style}' });`, count(150, 5000));
    assert.ok(percentile(times, 0.5) <= (isFull ? 1 : 25));
  });
}
