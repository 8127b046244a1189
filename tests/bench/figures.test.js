// What is made of samples, and what the acceptance table makes of that.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptance } from '../../bench/acceptance.js';
import { geometricMean, quantile, ratio, slope, summary } from '../../bench/statistics.js';

test('quantiles, means and slopes', () => {
  assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
  assert.deepEqual(summary([3, 1, 2]), { count: 3, min: 1, p50: 2, p95: 2.9, max: 3 });
  assert.equal(geometricMean([1, 4]), 2);
  assert.equal(slope([[0, 1], [1, 3], [2, 5]]), 2);
});

test('a ratio is that of rounds in which both took part', () => {
  // The second round was disturbed, and so were both.
  const { median, ofSmallest, rounds } = ratio([2, 20, undefined, 3], [1, 10, 5, 2]);
  assert.deepEqual({ median, ofSmallest, rounds }, { median: 2, ofSmallest: 2, rounds: 3 });
});

/** @param {number} p50 */
const saves = (p50) => ({ hot: { leaf: { p50 } } });

test('a row is met by all of its figures, or missed, or not measured', () => {
  const met = (/** @type {any} */ run, /** @type {number} */ row) => acceptance(run)[row].met;
  const start = (/** @type {number} */ cold, /** @type {number} */ warm) => ({ start: { 5000: { 'hot cold': { ratio: { median: cold } }, 'hot warm': { ratio: { median: warm } } } } });
  assert.equal(met(start(0.8, 0.3), 0), 'yes, the aim too');
  assert.equal(met(start(0.8, 0.4), 0), 'yes');
  assert.equal(met(start(0.8, 0.6), 0), 'no');
  assert.equal(met({}, 0), 'not measured');
  assert.equal(met({ live: { 100: saves(1), 1000: saves(1.2), 5000: saves(1.4) } }, 2), 'yes');
  assert.equal(met({ live: { 100: saves(1), 1000: saves(1.2), 5000: saves(1.6) } }, 2), 'no');
  assert.equal(met({ live: { 100: saves(1), 1000: saves(1) } }, 2), 'not measured');
  const requests = (/** @type {number} */ median) => ({ requests: { express: { ratio: { median } } } });
  assert.deepEqual([1.1, 0.99, 0.97].map((median) => met(requests(median), 6)), ['yes, the aim too', 'yes', 'no']);
  // Ten updates say nothing about ten thousand.
  assert.equal(met({ memory: { updates: { points: [{ updates: 10 }], kilobytesForEachUpdate: 0 } } }, 8), 'not measured');
});
