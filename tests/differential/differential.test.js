// Random graphs run as under plain Node. `node tests/differential/main.js` looks at more of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe } from './compare.js';
import { differences } from './differences.js';
import { shrink } from './shrink.js';

const first = 1;
const count = 500;

test(`graphs ${first} to ${first + count - 1} run as under plain Node`, async (t) => {
  const { different, unusable } = await differences(first, count);
  t.diagnostic(`${unusable.length} graphs cannot be compared: ${unusable.map(({ name }) => name).join(' ')}`);
  assert.ok(unusable.length < count / 20, `plain Node does not log the same twice for ${unusable.length} graphs`);
  if (different.length === 0) return;
  const seeds = different.map(({ name }) => name).join(' ');
  assert.fail(`${different.length} of ${count} graphs differ (seeds ${seeds}).\nThe first one, shrunk: seed ${describe(await shrink(different[0]))}`);
});
