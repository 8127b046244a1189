// By hand: `node tests/differential/main.js FIRST COUNT [SHRUNK] [FEATURES]` compares that many graphs, and prints the kinds of
// differences with their seeds and a small graph for the most frequent ones (as many as SHRUNK says). FEATURES is JSON of what
// generate.js has other defaults for.

import { describe } from './compare.js';
import { compareAgain, differences, kindOf } from './differences.js';
import { shrink } from './shrink.js';

const [first = 1, count = 1000, shrunk = 5] = process.argv.slice(2, 5).map(Number);
const features = JSON.parse(process.argv[5] ?? '{}');
const { different: suspected, unusable } = await differences(first, count, (done, found) => {
  console.error(`${done} graphs, ${found.different.length} different, ${found.unusable.length} unusable`);
}, features);
const { stay: different, once, races } = await compareAgain(suspected, features, 3);

/** @type {Map<string, typeof different>} */
const kinds = new Map();
for (const outcome of different) kinds.set(kindOf(outcome), [...(kinds.get(kindOf(outcome)) ?? []), outcome]);
const byFrequency = [...kinds].sort(([, left], [, right]) => right.length - left.length);
for (const [kind, outcomes] of byFrequency) {
  console.log(`${outcomes.length} × ${kind}\n  seeds ${outcomes.slice(0, 12).map(({ name }) => name).join(' ')}`);
}
for (const [kind, outcomes] of byFrequency.slice(0, shrunk)) {
  const size = ({ files }) => JSON.stringify(files).length;
  const smallest = outcomes.reduce((left, right) => (size(right) < size(left) ? right : left));
  console.log(`\n════ ${outcomes.length} × ${kind}\nseed ${describe(await shrink(smallest))}`);
}
console.log(`graphs ${first} to ${first + count - 1}: ${different.length} different, ${unusable.length} unusable`);
console.log(`differed once, and not again: ${once.map(({ name }) => name).join(' ') || 'none'}`);
console.log(`differ by a timer: ${races.map(({ name }) => name).join(' ') || 'none'}`);
console.log(`unusable: ${unusable.map(({ name }) => name).join(' ') || 'none'}`);
process.exitCode = different.length > 0 ? 1 : 0;
