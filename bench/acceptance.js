/**
 * The table that says whether the package is as fast as it must be. Rows and bounds are fixed; a row for which something
 * was not measured says so.
 */

/**
 * @typedef {{ what: string, must: string, aim: string, measured: string, met: string }} Row
 * @typedef {{ value: number | undefined, must: number, aim: number }} Bound
 */

/** @param {any} run @returns {Row[]} */
export function acceptance(run) {
  return [startRow(run, 5000, [1, 0.5], [0.85, 0.35], 'start, 5000 modules, empty caches / warm, against plain node'),
    startRow(run, 100, [1.5, 1.3], [1.2, 1.1], 'start, 100 modules, cold / warm, against plain node'),
    liveRow(run), peersRow(run), crowdRow(run), cpuRow(run), expressRow(run), rssRow(run), growthRow(run)];
}

/** @param {any} run @param {number} modules @param {number[]} must @param {number[]} aim @param {string} what @returns {Row} */
function startRow(run, modules, must, aim, what) {
  const values = ['cold', 'warm'].map((state) => run.start?.[modules]?.[`hot ${state}`]?.ratio?.median);
  const bounds = values.map((value, place) => ({ value, must: must[place], aim: aim[place] }));
  return row(what, must.map((bound) => `≤ ${bound}`).join(' / '), aim.join(' / '), values.map(show).join(' / '), bounds);
}

/** @param {any} run @returns {Row} */
function liveRow(run) {
  const values = [100, 1000, 5000].map((modules) => run.live?.[modules]?.hot?.leaf?.p50);
  const apart = values.includes(undefined) ? undefined : Math.max(...values) / Math.min(...values);
  const measured = `${values.map((value) => `${show(value)} ms`).join(', ')}, ${show(apart)}x`;
  const bounds = [...values.map((value) => ({ value, must: 2, aim: 1 })), { value: apart, must: 1.5, aim: 1.5 }];
  const what = 'save to live p50, 100 and 1000 and 5000 modules, boundary 7 importers above the edited leaf';
  return row(what, '≤ 2 ms each, within 1.5x of each other', '1 ms', measured, bounds);
}

/** @param {any} run @returns {Row} */
function peersRow(run) {
  const values = ['hotHook', 'vite'].map((id) => run.live?.[1000]?.[id]?.ratio?.median);
  const bounds = values.map((value) => ({ value, must: 0.25, aim: 0.12 }));
  const what = 'the same against hot-hook and the Vite runner at 1000 modules';
  return row(what, '≤ 0.25x', '0.12x', values.map((value) => `${show(value)}x`).join(', '), bounds);
}

/** @param {any} run @returns {Row} */
function crowdRow(run) {
  const isWhole = run.crowd?.modules === 5000 && run.crowd.files === 500;
  const time = isWhole ? run.crowd.fromLast : undefined;
  const measured = `${show(time?.p50)} ms (at most ${show(time?.max)})`;
  return row('500 files changed at once of 5000', '≤ 150 ms to live', '60 ms', measured, [{ value: time?.p50, must: 150, aim: 60 }]);
}

/** Each program has to be as fast, not only their mean. @param {any} run @returns {Row} */
function cpuRow(run) {
  const states = Object.values(run.cpu ?? {});
  const measured = states.length > 0 ? states.map((state) => `${show(state.mean)} (worst program ${show(state.worst)})`).join(', updated ') : show(undefined);
  const bounds = states.length > 0 ? states.map((state) => ({ value: state.worst, must: 1.02, aim: 1 })) : [{ value: undefined, must: 1.02, aim: 1 }];
  return row('CPU-bound hot code against plain', '≤ 1.02', '1.00', measured, bounds);
}

/** @param {any} run @returns {Row} */
function expressRow(run) {
  const value = run.requests?.express?.ratio?.median;
  // More is better here: turned round, so that all bounds are upper ones.
  const bound = { value: value === undefined ? undefined : -value, must: -0.98, aim: -1 };
  return row('express requests a second against plain', '≥ 0.98', '1.00', show(value), [bound]);
}

/** @param {any} run @returns {Row} */
function rssRow(run) {
  const values = ['cold', 'warm'].map((state) => run.memory?.atStart?.[5000]?.[`hot ${state}`]?.rss?.ratio?.median);
  const bounds = values.map((value) => ({ value, must: 1.25, aim: 1 }));
  return row('RSS after start, 5000 modules, against plain', '≤ 1.25', '1.0', `${values.map(show).join(' / ')} (cold / warm)`, bounds);
}

/** @param {any} run @returns {Row} */
function growthRow(run) {
  const growth = run.memory?.updates;
  const isWhole = growth?.points.at(-1).updates >= 10_000;
  const value = isWhole ? growth.kilobytesForEachUpdate : undefined;
  const bound = { value, must: 0.1, aim: 0 };
  return row('heap growth per update over 10,000', '< 0.1 KB', '0', `${show(value)} KB`, [bound]);
}

/** @param {string} what @param {string} must @param {string} aim @param {string} measured @param {Bound[]} bounds @returns {Row} */
function row(what, must, aim, measured, bounds) {
  const isWithin = (/** @type {'must' | 'aim'} */ which) => bounds.every((bound) => /** @type {number} */ (bound.value) <= bound[which]);
  const isMeasured = bounds.every(({ value }) => value !== undefined && !Number.isNaN(value));
  const met = !isMeasured ? 'not measured' : isWithin('aim') ? 'yes, the aim too' : isWithin('must') ? 'yes' : 'no';
  return { what, must, aim, measured, met };
}

/** @param {number | undefined} value */
const show = (value) => (value === undefined || Number.isNaN(value) ? '–' : String(Number(value.toPrecision(3))));
