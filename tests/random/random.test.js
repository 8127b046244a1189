// Random programs that are edited while they run show at every moment what a fresh run of the same sources shows.

import { test } from 'node:test';
import { run } from './run.js';

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`random edits, seed ${seed}`, () => run(seed, 40));
}
