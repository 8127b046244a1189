// By hand: node tests/random/main.js FIRST COUNT EDITS

import { run } from './run.js';

const [first = 1, count = 1, edits = 100] = process.argv.slice(2).map(Number);
let [total, broken, failed] = [0, 0, 0];
for (let seed = first; seed < first + count; seed += 1) {
  /** @type {string[]} */
  const lines = [];
  try {
    const done = await run(seed, edits, (text) => lines.push(text));
    total += done.edits;
    broken += done.broken;
  } catch (error) {
    failed += 1;
    console.log(`seed ${seed}: ${/** @type {Error} */ (error).message}\nlast edits: ${lines.slice(-4).join(' | ')}`);
  }
}
console.log(`${count} programs, ${total} edits, ${broken} of them broken, ${failed} programs failed`);
process.exitCode = failed > 0 ? 1 : 0;
