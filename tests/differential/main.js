// By hand: `node tests/differential/main.js FIRST COUNT` compares that many graphs and prints the first differences.

import { describe, differing } from './compare.js';
import { generate } from './generate.js';

const [first = 1, count = 1000] = process.argv.slice(2).map(Number);
const batch = 100;
let different = 0;
for (let seed = first; seed < first + count; seed += batch) {
  const size = Math.min(batch, first + count - seed);
  const found = differing(Array.from({ length: size }, (_, index) => generate(seed + index)));
  different += found.length;
  for (const difference of found.slice(0, 2)) console.log(describe(difference));
  console.log(`${seed + size - first} graphs, ${different} different`);
}
process.exitCode = different > 0 ? 1 : 0;
