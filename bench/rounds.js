/**
 * Rounds: each contender has its turn once in a round, in an order that changes. What disturbs the machine for a while
 * disturbs all of them, and ratios are taken within rounds.
 */

/**
 * @template T
 * @param {number} rounds after one that only warms up, which is dropped
 * @param {string[]} ids
 * @param {(id: string, round: number) => Promise<T | undefined>} turn undefined: nothing, this time
 * @returns {Promise<Record<string, (T | undefined)[]>>} by contender, one for each round
 */
export async function interleaved(rounds, ids, turn) {
  /** @type {Record<string, (T | undefined)[]>} */
  const results = Object.fromEntries(ids.map((id) => [id, []]));
  // A single round is only to show that all works.
  for (let round = rounds > 1 ? -1 : 0; round < rounds; round += 1) {
    for (const id of inOrder(ids, round + 1)) {
      const result = await turn(id, round);
      if (round >= 0) results[id].push(result);
    }
  }
  return results;
}

/** Each begins as often as any other, and neighbours change sides. @param {string[]} ids @param {number} round */
function inOrder(ids, round) {
  const first = round % ids.length;
  const turned = [...ids.slice(first), ...ids.slice(0, first)];
  return Math.floor(round / ids.length) % 2 === 0 ? turned : turned.reverse();
}
