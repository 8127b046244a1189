// Tables of small programs, each of which must log the same under plain Node and as hot code.
//
//   conform('resolving exports', {
//     '16.2.1.7 ResolveExport': {
//       'a name that two stars provide is ambiguous': `
//         import * as ns from './stars.mjs'; log(Object.keys(ns));
//         --- stars.mjs
//         export * from './a.mjs'; export * from './b.mjs'; …`,
//     },
//   });
//
// The first file is `main.mjs` unless the text begins with another name. A program uses the global functions of
// ../differential/logging.js. All programs of a table share a process; `conformAlone` starts one for each.
// With `HMR_CONFORMANCE_REPORT=file` the first line of each difference is written to that file, known or not.

import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { describe, differs, firstDifference, outputOf, runBoth, writeFiles } from '../differential/compare.js';
import { known } from './known-differences.js';

const major = Number(process.versions.node.split('.')[0]);
const starter = fileURLToPath(new URL('start.js', import.meta.url));

/** Imports the program, so that the time at which `import()` settles is compared, too. */
const entry = (patience) => `globalThis.patience = ${patience};
globalThis.outcome = import('./main.mjs').then(
  (value) => log('settled', typeof value === 'object' ? Reflect.ownKeys(value).map(String).join() : value),
  (error) => log('failed', error),
);
`;

/**
 * @typedef {string | Record<string, string | Uint8Array>} Text of a program
 * @typedef {Record<string, Record<string, Text>>} Table programs by clause and name
 */

/**
 * @param {string} subject
 * @param {Table} table
 * @param {{patience?: number}} [options] milliseconds that a program has to settle
 */
export function conform(subject, table, { patience } = {}) {
  compareAll(subject, programsOf(table, patience), (outcome) => outcome);
}

/** For early errors: only their class is compared. @param {string} subject @param {Table} table */
export function conformErrors(subject, table) {
  const withoutWords = (lines) => lines.map((line) => line.replace(/^(failed \w+):[^]*/, '$1'));
  compareAll(subject, programsOf(table), ({ plain, hot, ...rest }) => {
    return { ...rest, plain: withoutWords(plain), hot: withoutWords(hot) };
  });
}

function compareAll(subject, programs, prepare) {
  const numbered = programs.map((program, index) => ({ ...program, title: program.name, name: `${index}` }));
  const outcomes = runBoth(numbered);
  for (const [index, program] of numbered.entries()) {
    const { title } = program;
    test(`${subject}: ${title}`, async () => {
      const first = { ...prepare((await outcomes)[index]), name: title };
      await expectSame(subject, first, async () => {
        const [again] = await runBoth([{ ...program, name: '0' }], { turns: 300 });
        return { ...prepare(again), name: title };
      });
    });
  }
}

/**
 * For programs that end the process or change it: output and exit code are compared.
 * @param {string} subject
 * @param {Table} table
 */
export function conformAlone(subject, table) {
  for (const program of programsOf(table)) {
    test(`${subject}: ${program.name}`, async () => {
      const compare = async () => {
        const [plain, hot] = await Promise.all([runAlone(program, 'plain'), runAlone(program, 'hot')]);
        return { ...program, plain, hot };
      };
      await expectSame(subject, await compare(), compare);
    });
  }
}

async function runAlone({ files }, mode) {
  const folder = mkdtempSync(join(tmpdir(), 'hmr-conformance-'));
  try {
    writeFiles(folder, { ...files, 'entry.mjs': "import('./main.mjs');\n" });
    const { stdout, stderr, end } = await outputOf([starter, mode, join(folder, 'entry.mjs')], folder);
    return [`exit ${end}`, ...linesOf(stdout, folder), '(stderr)', ...linesOf(stderr, folder)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Without what must differ: frames of Node and of the runtime, and the process id in warnings. */
function linesOf(text, folder) {
  const lines = text.replaceAll(`file://${folder}`, '').replaceAll(folder, '').replace(/\(node:\d+\)/g, '(node)');
  const isForeign = (line) => /^ +at .*(node:|start\.js|data:text)/.test(line) || /^ +at new Promise/.test(line);
  return lines.split('\n').filter((line) => line && !isForeign(line));
}

/**
 * A difference that is known must still be there, so that the list of them stays true. As for random graphs, what is not
 * expected counts if it is so again, alone and with time: a machine under load may be late.
 */
async function expectSame(subject, first, compareAgain) {
  const reason = known(`${subject}: ${first.name}`, major);
  const outcome = differs(first) === Boolean(reason) ? first : await compareAgain();
  const report = process.env.HMR_CONFORMANCE_REPORT;
  if (report && differs(outcome)) {
    const line = { test: `${subject}: ${outcome.name}`, major, ...firstDifference(outcome) };
    appendFileSync(report, `${JSON.stringify(line)}\n`);
  }
  if (reason) {
    assert.ok(differs(outcome), `This matches now: remove it from known-differences.js (it said: ${reason}).`);
  } else if (differs(outcome)) {
    assert.fail(`Hot code differs from plain Node.\n${describe(outcome)}`);
  }
}

/** @param {Table} table @param {number} [patience] */
function programsOf(table, patience = 3000) {
  return Object.entries(table).flatMap(([clause, cases]) =>
    Object.entries(cases).map(([title, text]) => ({
      name: `${title.replaceAll('\n', ' ⏎ ')} (${clause})`,
      files: { 'entry.mjs': entry(patience), ...(typeof text === 'string' ? filesOf(text) : text) },
    })),
  );
}

/** @param {string} text sections that begin with `--- name` */
function filesOf(text) {
  const [first, ...others] = text.split(/^ *--- (?=\S+$)/m);
  const named = others.map((section) => {
    const end = section.indexOf('\n');
    return [section.slice(0, end), section.slice(end + 1)];
  });
  return Object.fromEntries(first.trim() ? [['main.mjs', first], ...named] : named);
}
