// Test 20 of the fault list. `HMR_TEST_SOAK_MINUTES` makes it long; `cargo xtask soak` does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mega, soak } from './run.js';

const minutes = Number(process.env.HMR_TEST_SOAK_MINUTES ?? 0);
const seed = Number(process.env.HMR_TEST_SEED ?? 20);
const isLong = minutes > 0;
const options = isLong ? { seconds: minutes * 60 } : { seconds: 8, period: 3, longestBlock: 1000, idle: 2 };

test('nothing diverges under random operations', async (t) => {
  const log = (/** @type {string} */ text) => isLong && console.log(text);
  const report = await soak(t, { ...options, seed, log });
  const { operations, checks, calls, settled, late, heap, rss, idle } = report;
  const sorted = settled.toSorted((a, b) => a - b);
  const part = Math.max(1, Math.floor(checks / 10));
  const median = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b)[values.length >> 1];
  const grown = (/** @type {number[]} */ values) => median(values.slice(-part)) - median(values.slice(0, part));
  t.diagnostic(`seed ${seed}: ${operations} saves, ${checks} checks, ${calls} calls, idle ${idle.toFixed(2)} % of a core`);
  t.diagnostic(`agreed after ${median(sorted).toFixed(0)} ms (median), ${sorted.at(-1)?.toFixed(0)} ms (most), ${late} later than 1.1 s`);
  t.diagnostic(`heap grew by ${mega(grown(heap))}, rss by ${mega(grown(rss))}`);
  if (!isLong) return;
  assert.equal(late, 0, `${late} of ${checks} checks agreed later than 1.1 s`);
  assert.ok(grown(heap) < 4 * 2 ** 20, `the heap grew by ${mega(grown(heap))}`);
  assert.ok(idle < 0.2, `idle ${idle} % of a core`);
});
