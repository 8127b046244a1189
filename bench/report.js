/** A run as a document: the acceptance table first, then everything that was measured. */
import { contenders } from './contenders.js';
import { realApps, realName } from './real.js';

/** @param {any} run as it is saved */
export function markdown(run) {
  const parts = [head(run), acceptanceTable(run.acceptance)];
  if (run.start) parts.push(startTable(run.start));
  for (const modules of Object.keys(run.live ?? {})) parts.push(liveTable(modules, run.live[modules]));
  if (run.crowd) parts.push(crowdText(run.crowd));
  if (run.cpu) parts.push(cpuTable(run.cpu));
  if (run.requests) parts.push(requestsTable(run.requests));
  if (run.memory) parts.push(memoryTable(run.memory.atStart), updatesTable(run.memory.updates));
  return `${parts.join('\n\n')}\n`;
}

/** @param {any} run */
function head(run) {
  const versions = Object.entries(run.versions).map(([name, version]) => `${name} ${version}`);
  return `# Node ${run.node.slice(1)}, ${run.date}${run.kind === 'full' ? '' : ` (${run.kind})`}

${run.processors} × ${run.processor}, ${run.ram}, ${run.system}. Load average before ${run.loadBefore.join(', ')}, after ${run.loadAfter.join(', ')};
${run.seconds} s in all. ${versions.join(', ')}.`;
}

/** @param {import('./acceptance.js').Row[]} rows */
const acceptanceTable = (rows) => table('Acceptance', ['what', 'must', 'aim', 'measured', 'met'], rows.map((row) => [row.what, row.must, row.aim, row.measured, row.met]));

/** @param {any} start by app and turn */
function startTable(start) {
  const rows = Object.entries(start).flatMap(([app, turns]) =>
    Object.entries(/** @type {any} */ (turns)).map(([turn, one]) => {
      if (one.failure) return [appName(app), turnName(turn), one.failure, '', '', '', ''];
      return [appName(app), turnName(turn), one.p50, one.min, one.ratio.median, one.ratio.ofSmallest, one.ratio.quartiles.join(' – ')];
    }),
  );
  return table('Start, in milliseconds', ['modules', 'with', 'p50', 'least', 'against plain', 'least against least', 'quartiles of the ratio'], rows);
}

/** @param {string} modules @param {any} live by contender */
function liveTable(modules, live) {
  const rows = Object.entries(live).map(([id, one]) => {
    const places = ['leaf', 'middle', 'root'].map((place) => `${one[place].p50} / ${one[place].p95} / ${one[place].max}`);
    return [contenders[id].name, ...(one.failure ? [one.failure, '', ''] : places), one.leaf.count, one.missed, one.ratio.median];
  });
  const columns = ['with', 'leaf p50 / p95 / max', 'middle', 'root', 'saves of the leaf', 'missed', 'node-esm-hmr against it'];
  return table(`Save to live with ${modules} modules, in milliseconds`, columns, rows);
}

/** @param {any} crowd */
function crowdText({ modules, files, fromLast, fromFirst, updates, mixed }) {
  const rows = [
    ['from the last write', fromLast.p50, fromLast.max],
    ['from the first write', fromFirst.p50, fromFirst.max],
    ['times the boundary ran', updates.p50, updates.max],
    ['of these with a mixture of old and new', '', mixed],
  ];
  return table(`${files} files at once of ${modules}, in milliseconds`, ['', 'p50', 'max'], rows);
}

/** @param {any} cpu */
function cpuTable(cpu) {
  const states = Object.keys(cpu);
  const names = Object.keys(cpu[states[0]].programs);
  const rows = names.map((name) => [name, ...states.flatMap((state) => {
    const { median, ofSmallest } = cpu[state].programs[name];
    return [median, ofSmallest];
  })]);
  return table('CPU-bound hot code against plain', ['program', ...states.flatMap((state) => [state, 'least against least'])], rows);
}

/** @param {any} requests */
function requestsTable(requests) {
  const rows = Object.entries(requests).map(([name, { plain, hot, ratio }]) => [name, plain.p50, hot.p50, ratio.median, ratio.quartiles.join(' – ')]);
  return table('Requests a second', ['server', 'plain', 'hot', 'ratio', 'quartiles'], rows);
}

/** @param {any} atStart */
function memoryTable(atStart) {
  const rows = Object.entries(atStart).flatMap(([app, turns]) =>
    Object.entries(/** @type {any} */ (turns)).map(([turn, { rss, heap }]) => [appName(app), turnName(turn), rss.p50, rss.ratio.median, heap.p50, heap.ratio.median]),
  );
  return table('Memory after start, in MB', ['modules', 'with', 'RSS', 'against plain', 'heap', 'against plain'], rows);
}

/** @param {any} updates */
function updatesTable({ modules, points, kilobytesForEachUpdate }) {
  const rows = points.filter((/** @type {any} */ _, /** @type {number} */ place) => place % 2 === 0).map((/** @type {any} */ point) => [point.updates, point.heap.toFixed(2), point.rss.toFixed(1)]);
  return `${table(`Memory over updates with ${modules} modules, in MB`, ['updates', 'heap', 'RSS'], rows)}

The heap grows by ${kilobytesForEachUpdate} KB for each update after the first ones.`;
}

/** @param {string} title @param {string[]} columns @param {unknown[][]} rows */
function table(title, columns, rows) {
  const line = (/** @type {unknown[]} */ cells) => `| ${cells.map((cell) => (typeof cell === 'number' && Number.isNaN(cell) ? '–' : cell ?? '–')).join(' | ')} |`;
  return [`## ${title}`, '', line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

/** @param {string} app */
const appName = (app) => (realApps.includes(app) ? realName(app) : app);

/** @param {string} turn */
function turnName(turn) {
  const [id, state] = turn.split(' ');
  return state ? `${contenders[id].name}, ${state}` : contenders[id].name;
}
