// Stacks, uncaught errors and breakpoints name the TypeScript file with its lines and columns, after any number of updates.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createProject } from '../harness/index.js';
import { register } from './project.js';

const main = `import hmr from 'node-esm-hmr';
await hmr(process.argv[2], undefined, (module) => console.log('version', module.version));`;

/** Each throws in line 5 plus `shift`, in a function that its last line calls. The columns are those of the calls. */
const kinds = {
  'types that are blanked': {
    file: 'a.ts',
    text: (/** @type {number} */ shift) => `type A = {\n  a: number;\n};\n${'// shift\n'.repeat(shift)}function fail<T>(a: T): never {
  throw new Error(\`boom \${a as string}\`);
}
export const version: number = ${shift};
const again: boolean = globalThis.again as any; globalThis.again = true;
try { fail<A>(version as any); } catch (error: any) { console.log(places(error)); }
function places(error: Error): string { return error.stack!.split('\\n').map((l) => /a\\.\\w+:\\d+:\\d+/.exec(l)?.[0]).filter(Boolean).join(' '); }
`,
    expected: (/** @type {number} */ shift) => `a.ts:${shift + 5}:9 a.ts:${shift + 9}:7`,
  },
  'an enum and parameter properties': {
    file: 'a.ts',
    text: (/** @type {number} */ shift) => `enum A {\n  a = 'a',\n}\n${'\n'.repeat(shift)}function fail<T>(a: T): never {
  throw new Error(\`boom \${a as string}\`);
}
export const version: number = ${shift};
class C { constructor(private readonly c: A) {} get(): A { return this.c; } }
try { fail(new C(A.a).get()); } catch (error: any) { console.log(places(error)); }
function places(error: Error): string { return error.stack!.split('\\n').map((l) => /a\\.\\w+:\\d+:\\d+/.exec(l)?.[0]).filter(Boolean).join(' '); }
`,
    expected: (/** @type {number} */ shift) => `a.ts:${shift + 5}:9 a.ts:${shift + 9}:7`,
  },
  JSX: {
    file: 'a.tsx',
    text: (/** @type {number} */ shift) => `/** @jsxRuntime classic @jsx h */
const h = (tag: any, props: any) => typeof tag === 'function' ? tag(props) : tag;

${'\n'.repeat(shift)}function Fail({ a }: { a: number }): never {
  throw new Error(\`boom \${a}\`);
}
export const version: number = ${shift};

try { <b><Fail a={1} /></b>; } catch (error: any) { console.log(places(error)); }
function places(error: Error): string { return error.stack!.split('\\n').map((l) => /a\\.\\w+:\\d+:\\d+/.exec(l)?.[0]).filter(Boolean).join(' '); }
`,
    expected: (/** @type {number} */ shift) => `a.tsx:${shift + 5}:9 a.tsx:2:65 a.tsx:${shift + 9}:8`,
  },
};

for (const [name, { file, text, expected }] of Object.entries(kinds)) {
  for (const flags of [[], ['--enable-source-maps']]) {
    test(`error.stack after 20 edits that shift lines: ${name} ${flags}`, async (t) => {
      const project = createProject(t, { 'main.js': main, [file]: text(0) });
      const app = project.start([...flags, 'main.js', `./${file}`]);
      for (let edit = 0; edit <= 20; edit += 1) {
        if (edit > 0) await project.write(file, text(edit));
        const [, places] = await app.line(/^(a\.tsx?:.*)$/);
        await app.line(new RegExp(`^version ${edit}$`));
        assert.equal(places, expected(edit));
      }
    });
  }

  test(`an uncaught error: ${name}`, async (t) => {
    const thrower = text(3).replace(/try \{ (.*) \} catch.*/, 'setTimeout(() => { $1 });');
    const project = createProject(t, { [file]: thrower });
    const app = project.start([...register, file]);
    await app.end();
    const line = thrower.split('\n').findIndex((text) => text.includes('throw new')) + 1;
    assert.match(app.output('stderr'), new RegExp(`a\\.tsx?:${line}\n  throw new Error`));
    assert.match(app.output('stderr'), new RegExp(`Error: boom .*\n    at .*${file}:${line}:9`));
  });

  test(`a breakpoint that was set before 20 edits is hit after them: ${name}`, async (t) => {
    const project = createProject(t, { 'main.js': withDebugger, 'debug.js': debug, [file]: text(0) });
    const url = pathToFileURL(project.path(file)).href;
    const app = project.start(['main.js', `./${file}`, JSON.stringify({ url, line: 25, isPrinted: name !== 'types that are blanked' })]);
    await app.line(/^version 0$/);
    // From the 20th edit on, what throws stands in the line of the breakpoint.
    for (let edit = 1; edit <= 20; edit += 1) {
      await project.write(file, text(edit));
      await app.line(new RegExp(`^version ${edit}$`));
    }
    const last = app.lines.findLast(({ text }) => /^paused .*fail/i.test(text));
    assert.equal(last?.text, `paused ${file}:25 ${name === 'JSX' ? 'Fail' : 'fail'}`, app.output());
  });
}

test('a save that changes only comments moves the places of what was printed anew', async (t) => {
  const program = (/** @type {string} */ comment) => `enum A { a }${comment}
export const version = A.a;
(globalThis as any).fail ??= () => { throw new Error('boom'); };
`;
  const project = createProject(t, {
    'main.js': `${main}
setInterval(() => { try { globalThis.fail(); } catch (error) { console.log('at', /a\\.ts:\\d+:\\d+/.exec(error.stack)[0]); } }, 10);`,
    'a.ts': program(''),
  });
  const app = project.start(['main.js', './a.ts']);
  await app.line(/^at a\.ts:3:44$/);
  await project.write('a.ts', program('\n// one\n// two'));
  await app.line(/^at a\.ts:5:44$/);
  assert.equal(app.lines.filter(({ text }) => text.startsWith('version')).length, 1);
});

const withDebugger = `import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
const worker = new Worker(new URL('./debug.js', import.meta.url), { workerData: JSON.parse(process.argv[3]) });
worker.on('error', (error) => { console.log(error); process.exit(1); });
await once(worker, 'message');
const { default: hmr } = await import('node-esm-hmr');
await hmr(process.argv[2], undefined, (module) => console.log('version', module.version));
`;

/**
 * A debugger client as editors have one: it sets a breakpoint by the file's URL; before a script with a source map runs, it
 * sets the breakpoint where the map says that the line has gone. Places of pauses are mapped back.
 */
const debug = `import { Session } from 'node:inspector';
import { SourceMap } from 'node:module';
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
const { url, line, isPrinted } = workerData;
setInterval(() => {}, 1e6); // a session alone keeps no thread alive
const session = new Session();
session.connectToMainThread();
const scripts = new Map();
const post = (method, params) => new Promise((resolve, reject) => session.post(method, params, (error, result) => {
  if (error) reject(new Error(method + ': ' + JSON.stringify(error)));
  else resolve(result);
}));
const prefix = 'data:application/json;base64,';
session.on('Debugger.scriptParsed', ({ params: { scriptId, url, sourceMapURL, startLine, endLine } }) => {
  const isMapped = sourceMapURL?.startsWith(prefix);
  const map = isMapped && new SourceMap(JSON.parse(Buffer.from(sourceMapURL.slice(prefix.length), 'base64').toString()));
  scripts.set(scriptId, { url, map, startLine, endLine });
});
// The first place in the printed text that comes from the line.
function generated({ map, endLine }) {
  for (let lineNumber = 0; lineNumber < endLine; lineNumber += 1) {
    for (let columnNumber = 0; columnNumber < 200; columnNumber += 1) {
      const entry = map.findEntry(lineNumber, columnNumber);
      if (entry.generatedLine === lineNumber && entry.originalLine === line - 1) return { lineNumber, columnNumber };
    }
  }
}
session.on('Debugger.paused', async ({ params: { reason, data, callFrames } }) => {
  if (reason === 'instrumentation') {
    const script = scripts.get(data.scriptId);
    const place = script.url === url && generated(script);
    if (place) await post('Debugger.setBreakpoint', { location: { scriptId: data.scriptId, ...place } });
  } else {
    const [{ location, functionName }] = callFrames;
    const { url, map } = scripts.get(location.scriptId);
    const place = map ? map.findEntry(location.lineNumber, location.columnNumber).originalLine : location.lineNumber;
    writeSync(1, ['paused', url.split('/').pop() + ':' + (place + 1), functionName || '-'].join(' ') + '\\n');
  }
  await post('Debugger.resume');
});
await post('Debugger.enable');
if (isPrinted) await post('Debugger.setInstrumentationBreakpoint', { instrumentation: 'beforeScriptWithSourceMapExecution' });
else await post('Debugger.setBreakpointByUrl', { url, lineNumber: line - 1 });
parentPort.postMessage('ready');
`;
