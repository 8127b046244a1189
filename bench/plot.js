/**
 * Plots of a run as SVG, without a dependency. Their colours come from the reader's own scheme, light or dark.
 *
 * An image in a page cannot see the page, only the reader's setting; so the background is painted, too.
 */
import { contenders } from './contenders.js';

/** @typedef {{ name: string, points: [number, number][] }} Line */
/** @typedef {{ title: string, x: string, y: string, isLogarithmic: [boolean, boolean], unit: (value: number) => string }} Axes */

const [WIDTH, HEIGHT] = [760, 420];
const AREA = { left: 70, right: 560, top: 50, bottom: 370 };
/** Plain Node, which comes first, is grey, and ours stand out. */
const COLOURS = ['#868e96', '#e8590c', '#f59f00', '#1c7ed6', '#2f9e44', '#ae3ec9', '#0c8599', '#e03131', '#5f3dc4', '#74b816', '#a61e4d', '#364fc7'];

/** @param {any} run @returns {Record<string, string>} images by name of file; none of what was not measured at enough sizes */
export function plots(run) {
  /** @type {Record<string, string>} */
  const images = {};
  const { start = {}, live = {}, memory } = run;
  const sizes = (/** @type {Record<string, any>} */ byApp) => Object.keys(byApp).filter((app) => Number(app) > 0);
  const node = `Node ${run.node.slice(1)}, ${run.date}`;
  if (sizes(start).length > 0) {
    const lines = linesOf(start, sizes(start), (turn) => start[sizes(start)[0]][turn] && !turn.startsWith('command'), (one) => one.p50);
    images['bench-start.svg'] = lineChart({ title: `Start of a program (${node})`, x: 'modules', y: '', isLogarithmic: [true, true], unit: time }, lines);
  }
  const largest = sizes(live).includes('1000') ? '1000' : sizes(live).at(-1);
  if (largest) {
    const bars = Object.entries(live[largest]).map(([id, one]) => ({ name: contenders[id].name, value: one.leaf.p50 }));
    images['bench-live.svg'] = barChart(`From save to live, ${largest} modules (${node})`, bars.filter(({ value }) => value > 0), time);
  }
  if (memory?.updates) {
    const points = memory.updates.points;
    const of = (/** @type {string} */ name) => points.map((/** @type {any} */ point) => [point.updates, point[name]]);
    const lines = [{ name: 'RSS', points: of('rss') }, { name: 'heap', points: of('heap') }];
    images['bench-memory.svg'] = lineChart({ title: `Memory over updates (${node})`, x: 'updates', y: '', isLogarithmic: [false, false], unit: (value) => `${value} MB` }, lines);
  }
  return images;
}

/**
 * @param {Record<string, any>} bySize @param {string[]} sizes
 * @param {(turn: string) => unknown} wanted @param {(one: any) => number | undefined} valueOf
 * @returns {Line[]}
 */
function linesOf(bySize, sizes, wanted, valueOf) {
  return Object.keys(bySize[sizes[0]]).filter(wanted).map((turn) => {
    const [id, state] = turn.split(' ');
    const points = sizes.map((size) => /** @type {[number, number]} */ ([Number(size), valueOf(bySize[size][turn] ?? {})]));
    return { name: state ? `${contenders[id].name}, ${state}` : contenders[id].name, points: points.filter(([, value]) => value > 0) };
  }).filter(({ points }) => points.length > 0);
}

/** @param {number} milliseconds */
function time(milliseconds) {
  return milliseconds >= 1000 ? `${Number((milliseconds / 1000).toPrecision(3))} s` : `${Number(milliseconds.toPrecision(3))} ms`;
}

/** @param {Axes} axes @param {Line[]} lines */
function lineChart(axes, lines) {
  const all = lines.flatMap(({ points }) => points);
  const [xs, ys] = [0, 1].map((side) => scale(all.map((point) => point[side]), axes.isLogarithmic[side], side === 0));
  const grid = ys.ticks.map((tick) => `<path class="grid" d="M${AREA.left} ${ys.at(tick)}H${AREA.right}"/>${label(AREA.left - 8, ys.at(tick) + 4, axes.unit(tick), 'end')}`);
  const marks = xs.ticks.map((tick) => label(xs.at(tick), AREA.bottom + 20, `${tick}`, 'middle'));
  const drawn = lines.map(({ points }, place) => {
    const dots = points.map(([x, y]) => `<circle cx="${xs.at(x)}" cy="${ys.at(y)}" r="2.5" fill="${colour(place)}"/>`);
    return `<polyline fill="none" stroke="${colour(place)}" stroke-width="2" points="${points.map(([x, y]) => `${xs.at(x)},${ys.at(y)}`).join(' ')}"/>${dots.join('')}`;
  });
  const legend = lines.map(({ name }, place) => {
    const y = AREA.top + 10 + place * 22;
    return `<rect x="${AREA.right + 15}" y="${y - 9}" width="12" height="4" fill="${colour(place)}"/>${label(AREA.right + 33, y, name)}`;
  });
  return image(axes.title, HEIGHT, [...grid, ...marks, label((AREA.left + AREA.right) / 2, AREA.bottom + 40, axes.x, 'middle'), ...drawn, ...legend]);
}

/** Bars whose length is logarithmic. @param {string} title @param {{ name: string, value: number }[]} bars @param {(value: number) => string} unit */
function barChart(title, bars, unit) {
  const [left, right, step] = [170, 660, 30];
  const low = Math.min(...bars.map(({ value }) => value)) / 4;
  const high = Math.max(...bars.map(({ value }) => value));
  const width = (/** @type {number} */ value) => Math.round((Math.log(value / low) / Math.log(high / low)) * (right - left));
  const drawn = bars.map(({ name, value }, place) => {
    const y = 60 + place * step;
    return `${label(left - 10, y + 14, name, 'end')}<rect x="${left}" y="${y}" width="${width(value)}" height="20" rx="2" fill="${colour(place === 0 ? 1 : 0)}"/>${label(left + width(value) + 8, y + 14, unit(value))}`;
  });
  return image(title, 90 + bars.length * step, [...drawn, label(left, 75 + bars.length * step, 'logarithmic; shorter is better')]);
}

/** @param {number[]} values @param {boolean} isLogarithmic @param {boolean} isHorizontal */
function scale(values, isLogarithmic, isHorizontal) {
  const [begin, end] = isHorizontal ? [AREA.left + 10, AREA.right - 10] : [AREA.bottom, AREA.top];
  const ticks = isLogarithmic ? powers(values) : steps(Math.max(...values));
  const of = isLogarithmic ? Math.log : Number;
  const [low, high] = [ticks[0], Math.max(ticks.at(-1) ?? 1, ticks[0] + 1e-9)].map(of);
  const at = (/** @type {number} */ value) => Math.round((begin + ((of(value) - low) / (high - low || 1)) * (end - begin)) * 10) / 10;
  return { ticks, at };
}

/** Powers of ten around all values. @param {number[]} values */
function powers(values) {
  const [low, high] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  return Array.from({ length: high - low + 1 }, (_, place) => 10 ** (low + place));
}

/** Round numbers from 0 on. @param {number} high */
function steps(high) {
  const rough = Math.max(high, 1e-9) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.ceil(high / step) + 1 }, (_, place) => Number((place * step).toPrecision(6)));
}

/** @param {number} place */
const colour = (place) => COLOURS[place % COLOURS.length];

/** @param {number} x @param {number} y @param {string} text @param {'start' | 'middle' | 'end'} [anchor] */
const label = (x, y, text, anchor = 'start') => `<text x="${x}" y="${y}" text-anchor="${anchor}">${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;

/** @param {string} title @param {number} height @param {string[]} parts */
function image(title, height, parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
<style>
  text { font: 13px sans-serif; fill: #24292f } .title { font-size: 16px; font-weight: 600 } .paper { fill: #fff } .grid { stroke: #d0d7de }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .paper { fill: #0d1117 } .grid { stroke: #30363d } }
</style>
<rect class="paper" width="${WIDTH}" height="${height}" rx="6"/>
<text class="title" x="20" y="28">${title}</text>
${parts.join('\n')}
</svg>
`;
}
