// Shows the package at work: starts a copy of this app, edits its files, makes requests, and tells what happened.
//
// Every claim it prints has been checked: it exits with 1 if an answer was wrong or did not come. The copy lies in a
// temporary folder, so these sources stay as they are. On a terminal it then stays up for you to edit that copy.

import assert from 'node:assert/strict';
import { copyApp } from './demo/copy.js';
import { startServer } from './demo/server.js';

const LABEL_WIDTH = 46;

const files = copyApp();
const server = await startServer(files.folder);
// An interrupted demo ends the app and then goes through `finally` as always.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => server.stop());
try {
  await demonstrate();
  console.log('\nAll of it in one process, which was never restarted.');
  if (process.stdout.isTTY && !process.env.CI) await stayUp();
} catch (error) {
  process.exitCode = 1;
  console.error(`\nThe demo failed: ${error.message}\n\nWhat the app printed:\n${server.output()}`);
} finally {
  await server.stop();
  files.remove();
}

async function demonstrate() {
  const before = await server.state();
  console.log(`An express app, process ${before.pid}, whose routes come through hmr():\n`);
  tell('GET /hello/world', await server.get('/hello/world'));

  await edits();
  await brokenEdit();

  const after = await server.state();
  assert.equal(after.pid, before.pid, 'the process is the same');
  assert.equal(after.clockBornAt, before.clockBornAt, 'a module that no edit concerned keeps its instance');
  assert.equal(after.requests, server.requests(), 'the state of the server counted every request');
  tell('state kept in the server over all edits', `${after.requests} requests counted`);
  tell('routes/clock.js, which no edit concerned', 'never evaluated again');
}

async function edits() {
  await change('a module that the routes import', '/hello/world', 'Hello, dear world!', () => {
    files.edit('routes/greeting.js', '${name}', 'dear ${name}');
  });
  await change('two imports down', '/hello/world', 'Good evening, dear world!', () => {
    files.edit('routes/words.js', 'Hello', 'Good evening');
  });
  await change('a new import, and the new file', '/hello/world', 'GOOD EVENING, DEAR WORLD!', () => {
    files.write('routes/shout.js', 'export const shout = (text) => text.toUpperCase();\n');
    files.edit('routes/greeting.js', 'import', "import { shout } from './shout.js';\nimport");
    files.edit('routes/greeting.js', /return (.*);/, 'return shout($1);');
  });
  await change('a new route', '/bye', 'Goodbye.', () => {
    const route = "router.get('/bye', (request, response) => void response.send('Goodbye.'));";
    files.edit('routes/index.js', 'return router;', `${route}\n  return router;`);
  });
  await change('a template, outside the module graph', '/', /<h2>GOOD EVENING/, () => {
    files.edit('views/page.html', /h1/g, 'h2');
  });
}

/** A syntax error leaves the last good version in place; the repair takes its place. */
async function brokenEdit() {
  const answer = await server.get('/hello/world');
  const start = performance.now();
  files.edit('routes/words.js', ';', "';");
  const line = await server.reported(/words\.js:1/);
  tell('a syntax error in routes/words.js', `reported as: ${line.trim()}`, performance.now() - start);
  assert.equal(await server.get('/hello/world'), answer, 'the last good version still answers');
  tell('meanwhile GET /hello/world', `${answer} (the last good version)`);
  await change('its repair', '/hello/world', 'WELCOME BACK, DEAR WORLD!', () => {
    files.edit('routes/words.js', "Good evening'';", "Welcome back';");
  });
}

/** Carries `edit` out, asks for `path` until the answer is `expected`, and tells how long that took. */
async function change(label, path, expected, edit) {
  const matches = (text) => (expected instanceof RegExp ? expected.test(text) : text === expected);
  assert.ok(!matches(await server.get(path)), `${path} does not answer ${expected} before the edit`);
  edit();
  const start = performance.now();
  const text = await server.answer(path, matches, `${path} answers ${expected} after: ${label}`);
  tell(label, `GET ${path} → ${text.trim().split('\n').at(-1)}`, performance.now() - start);
}

function tell(label, text, milliseconds) {
  const time = milliseconds === undefined ? '' : `${milliseconds.toFixed(1)} ms`;
  console.log(`${label.padEnd(LABEL_WIDTH)} ${time.padStart(9)}   ${text}`);
}

async function stayUp() {
  console.log(`\nIt stays up at ${server.url}/hello/world: edit the files in\n  ${files.folder}\nCtrl-C ends it.\n`);
  server.showOutput();
  await server.ended;
}
