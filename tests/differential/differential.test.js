// Random graphs run as under plain Node. `node tests/differential/main.js` looks at more of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe } from './compare.js';
import { compareAgain, differences } from './differences.js';
import { known } from './known-differences.js';
import { shrink } from './shrink.js';

const first = 1;
const major = Number(process.versions.node.split('.')[0]);

/** @type {Record<string, {count: number, features: Parameters<typeof differences>[3], skip?: string | false}>} */
const sets = {
  'of all kinds': { count: 500, features: {} },
  'with require() of ES modules': {
    count: 100,
    features: { requires: 0.4, commonJs: 0.4 },
    skip: major < 22 && 'Node 20 does not say what it loads: see docs/limits.md',
  },
  'with packages that import hot modules': {
    count: 200,
    features: { packages: 0.5, backwards: 0.6 },
    skip: major < 22 && 'Node 20 does not say what it loads: see docs/limits.md',
  },
};

for (const [set, { count, features, skip }] of Object.entries(sets)) {
  test(`graphs ${set}, ${first} to ${first + count - 1}, run as under plain Node`, { skip }, async (t) => {
    const { different, unusable } = await differences(first, count, undefined, features);
    t.diagnostic(`${unusable.length} graphs cannot be compared: ${names(unusable)}`);
    assert.ok(unusable.length < count / 20, `plain Node does not log the same twice for ${unusable.length} graphs`);
    const isKnown = ({ name }) => known(set, Number(name), major);
    const found = new Set(different.map(({ name }) => name));
    const same = Array.from({ length: count }, (_, index) => ({ name: `${first + index}` })).filter(({ name }) => !found.has(name));
    t.diagnostic(`known to differ, and did not: ${names(same.filter(isKnown))}`);
    const { stay: news, once, races } = await compareAgain(different.filter((each) => !isKnown(each)), features);
    t.diagnostic(`differed once: ${names(once)}`);
    t.diagnostic(`differ by a timer: ${names(races)}`);
    if (news.length === 0) return;
    const shrunk = describe(await shrink(news[0]));
    assert.fail(`${news.length} of ${count} graphs differ (seeds ${names(news)}).\nThe first one, shrunk: seed ${shrunk}`);
  });
}

/** @param {{name: string}[]} outcomes */
function names(outcomes) {
  return outcomes.map(({ name }) => name).join(' ') || 'none';
}
