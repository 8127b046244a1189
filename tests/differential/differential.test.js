// Random graphs run as under plain Node. `node tests/differential/main.js` looks at more of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe } from './compare.js';
import { compareAgain, differences } from './differences.js';
import { known } from './known-differences.js';
import { shrink } from './shrink.js';

const first = 1;
const count = 500;
const major = Number(process.versions.node.split('.')[0]);

test(`graphs ${first} to ${first + count - 1} run as under plain Node`, async (t) => {
  const { different, unusable } = await differences(first, count);
  t.diagnostic(`${unusable.length} graphs cannot be compared: ${unusable.map(({ name }) => name).join(' ')}`);
  assert.ok(unusable.length < count / 20, `plain Node does not log the same twice for ${unusable.length} graphs`);
  const isKnown = ({ name }) => known(Number(name), major);
  const found = new Set(different.map(({ name }) => name));
  const same = Array.from({ length: count }, (_, index) => `${first + index}`).filter((name) => !found.has(name));
  t.diagnostic(`known to differ, and did not: ${same.filter((name) => isKnown({ name })).join(' ') || 'none'}`);
  const { stay: news, once } = await compareAgain(different.filter((each) => !isKnown(each)));
  t.diagnostic(`differed once: ${once.map(({ name }) => name).join(' ') || 'none'}`);
  if (news.length === 0) return;
  const seeds = news.map(({ name }) => name).join(' ');
  assert.fail(`${news.length} of ${count} graphs differ (seeds ${seeds}).\nThe first one, shrunk: seed ${describe(await shrink(news[0]))}`);
});
