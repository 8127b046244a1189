// A debugger on hot code: breakpoints by the file's URL, pauses, steps and evaluation in frames.
//
// The debugger is a worker of the program under test, since Node 20 has no WebSocket: it is connected to the main
// thread, answers each pause by steps that the test gives it, and prints what it sees.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createProject } from '../harness/index.js';

/** The debugger: breakpoints first, then one list of commands for each pause. */
const debug = `import { Session } from 'node:inspector';
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
const { breakpoints, pauses, first } = workerData;
setInterval(() => {}, 1e6); // a session alone keeps no thread alive
const session = new Session();
session.connectToMainThread();
const urls = new Map();
const say = (...values) => writeSync(1, values.join(' ') + '\\n');
const post = (method, params) => new Promise((resolve, reject) => session.post(method, params, (error, result) => {
  if (error) reject(new Error(method + ': ' + JSON.stringify(error)));
  else resolve(result);
}));
session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
session.on('Debugger.paused', async ({ params: { callFrames, reason } }) => {
  const [{ location, callFrameId, functionName }] = callFrames;
  const file = urls.get(location.scriptId).split('/').pop();
  const values = [];
  const commands = pauses.shift() ?? [];
  for (const expression of commands.filter((command) => !command.startsWith('Debugger.'))) {
    const { result } = await post('Debugger.evaluateOnCallFrame', { callFrameId, expression, returnByValue: true });
    values.push(expression + '=' + JSON.stringify(result.value ?? result.description));
  }
  say('paused', file + ':' + (location.lineNumber + 1), functionName || '-', values.join(' '));
  await post(commands.find((command) => command.startsWith('Debugger.')) ?? 'Debugger.resume');
});
await post('Debugger.enable');
for (const [url, lineNumber] of breakpoints) await post('Debugger.setBreakpointByUrl', { url, lineNumber });
if (first) await post(first);
parentPort.postMessage('ready');
`;

/** Waits for the debugger, then imports the module as hot or as plain code. */
const main = `import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import hmr from 'node-esm-hmr';
const worker = new Worker(new URL('./debug.js', import.meta.url), { workerData: JSON.parse(process.argv[2]) });
worker.on('error', (error) => { console.log(error); process.exit(1); });
await once(worker, 'message');
if (process.argv[3] === 'plain') await import('./a.js');
else await hmr('./a.js', undefined, (module) => console.log('version', module.version));
setTimeout(() => console.log('done'));
if (process.argv[3] === 'plain') worker.unref();
`;

/**
 * @typedef {object} Debugging
 * @property {[string, number][]} [breakpoints] files and lines, which begin with 1
 * @property {string[][]} [pauses] what to do at each pause: expressions, and at last a command
 * @property {string} [first] command before the program goes on
 */

/**
 * @param {import('../harness/index.js').Project} project
 * @param {Debugging} debugging
 * @param {'hot' | 'plain'} way
 */
function start(project, { breakpoints = [], pauses = [], first }, way) {
  const urls = breakpoints.map(([file, line]) => [pathToFileURL(project.path(file)).href, line - 1]);
  return project.start(['main.js', JSON.stringify({ breakpoints: urls, pauses, first }), way]);
}

/** @param {import('../harness/index.js').App} app */
const pausesOf = (app) => app.lines.map(({ text }) => text).filter((text) => /^paused [ab]\.js/.test(text));

/** @param {number} version */
const program = (version) => `import { one, two as other } from './b.js'; export const version = ${version}; globalThis.first = one;
import * as b from './b.js';
export function add(n) {
  const sum = n + one + other + b.two; // line 4
  return sum;
}
add(${version}); globalThis.keys = Object.keys(b);
globalThis.last = 1;
`;

const files = (version = 1) => ({
  'main.js': main,
  'debug.js': debug,
  'a.js': program(version),
  'b.js': 'export const one = 1;\nexport let two = 2;\n',
});

/** Things that a pause evaluates, and plain Node as well. */
const expressions = ['one', 'other', 'one + other', 'Object.keys(b).join()', 'typeof nothing'];

/** @type {Record<string, Debugging>} */
const cases = {
  'a breakpoint in a function': { breakpoints: [['a.js', 4]], pauses: [[...expressions, 'n']] },
  'a breakpoint on line 1': { breakpoints: [['a.js', 1]], pauses: [expressions] },
  'breakpoints in both files': { breakpoints: [['b.js', 1], ['a.js', 5], ['b.js', 2]], pauses: [[], [], ['sum', 'one']] },
  'steps into and out of a function': {
    breakpoints: [['a.js', 7]],
    pauses: [['Debugger.stepInto'], ['n', 'Debugger.stepOver'], ['sum', 'Debugger.stepOut']],
  },
};

/** @param {import('../harness/index.js').App} app @param {number} version */
const run = async (app, version) => {
  await app.line(new RegExp(`^version ${version}$`));
  return pausesOf(app);
};

for (const [name, debugging] of Object.entries(cases)) {
  test(`${name}: as in plain Node, and again after an update`, async (t) => {
    const project = createProject(t, files());
    const isRepeated = !debugging.breakpoints?.some(([file]) => file === 'b.js');
    const plain = start(project, debugging, 'plain');
    await plain.line(/^done$/);
    const expected = pausesOf(plain);
    assert.ok(expected.length > 0, plain.output());
    const once = expected.map((_, pause) => debugging.pauses?.[pause] ?? []);
    const app = start(project, { ...debugging, pauses: [...once, ...(isRepeated ? once : [])] }, 'hot');
    assert.deepEqual(await run(app, 1), expected);
    await project.write('a.js', program(2));
    const again = (await run(app, 2)).slice(expected.length);
    const inA = (/** @type {string[]} */ pauses) => pauses.filter((line) => line.startsWith('paused a.js'));
    assert.deepEqual(inA(again).map(place), inA(expected).map(place));
  });
}

for (const step of ['Debugger.stepInto', 'Debugger.stepOver', 'Debugger.stepOut']) {
  test(`a pause at the start, then 200 times ${step}: the program goes on, and so do updates`, async (t) => {
    const project = createProject(t, files());
    const debugging = { breakpoints: /** @type {[string, number][]} */ ([['a.js', 1]]), first: 'Debugger.pause' };
    const app = start(project, { ...debugging, pauses: Array(200).fill([step]) }, 'hot');
    await app.line(/^version 1$/);
    await app.line(/^done$/);
    await project.write('a.js', program(2));
    await app.line(/^version 2$/);
  });
}

/** @param {string} line */
const place = (line) => line.split(' ').slice(0, 3).join(' ');
