/** Figures from samples. All of them ignore their order. */

/** @param {number[]} values @param {number} share 0 to 1 */
export function quantile(values, share) {
  if (values.length === 0) return NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}

/** @param {number[]} values */
export const median = (values) => quantile(values, 0.5);

/** @param {number[]} values */
export const geometricMean = (values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** @param {number[]} values */
export function summary(values) {
  const [low, p50, p95, high] = [0, 0.5, 0.95, 1].map((share) => round(quantile(values, share)));
  return { count: values.length, min: low, p50, p95, max: high };
}

/**
 * How much `own` is of `base`. Both have one value for each round, and what disturbs a round disturbs both: so the ratio is
 * the median of the rounds' ratios. That of the smallest values and the quartiles say how far to trust it.
 * @param {(number | undefined)[]} own @param {(number | undefined)[]} base undefined where a round has none
 */
export function ratio(own, base) {
  const pairs = own.map((value, index) => [value, base[index]]);
  const whole = /** @type {[number, number][]} */ (pairs.filter((pair) => pair.every((value) => value !== undefined)));
  const ratios = whole.map(([value, of]) => value / of);
  const smallest = [0, 1].map((side) => Math.min(...whole.map((pair) => pair[side])));
  return {
    median: round(median(ratios)),
    ofSmallest: round(smallest[0] / smallest[1]),
    quartiles: [round(quantile(ratios, 0.25)), round(quantile(ratios, 0.75))],
    rounds: ratios.length,
  };
}

/** The slope of a line through points, by least squares. @param {[number, number][]} points */
export function slope(points) {
  const mean = [0, 1].map((side) => points.reduce((sum, point) => sum + point[side], 0) / points.length);
  const together = points.reduce((sum, [x, y]) => sum + (x - mean[0]) * (y - mean[1]), 0);
  return together / points.reduce((sum, [x]) => sum + (x - mean[0]) ** 2, 0);
}

/** To four digits, which is more than any of it is worth. @param {number} value */
export const round = (value) => (Number.isFinite(value) ? Number(value.toPrecision(4)) : NaN);
