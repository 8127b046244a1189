// How often to do something: the full count when `HMR_TEST_FULL` is set, as `cargo xtask soak` does.

export const isFull = Boolean(process.env.HMR_TEST_FULL);

/** @param {number} reduced @param {number} full */
export function count(reduced, full) {
  return isFull ? full : reduced;
}

/** @param {number[]} values @param {number} share */
export function percentile(values, share) {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
}
