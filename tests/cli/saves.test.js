// A hundred saves, 50 ms apart, of a server that needs a restart for each.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { setTimeout as pass } from 'node:timers/promises';
import { commandProject, staysLauncher, until } from './command.js';

/** Somebody's port a moment ago. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const saves = 100;

for (const [title, ending] of [
  ['that SIGTERM ends', ''],
  ['that closes before it ends', "process.on('SIGTERM', () => server.close(() => process.exit()));"],
]) {
  test(`a server ${title}: the port is never taken, one process listens, none is left`, async (t) => {
    const port = await freePort();
    const server = (/** @type {number} */ n) => `import { createServer } from 'node:http';
import './helper.js';
const server = createServer((request, response) => response.setHeader('connection', 'close').end('${n}'));
server.on('error', (error) => console.log('FAILED', error.code)).listen(${port}, '127.0.0.1');
${ending}`;
    // A process that holds on to the standard streams, and would be seen if it stayed.
    const helper = "import { spawn } from 'node:child_process'; spawn('sleep', ['1000'], { stdio: 'inherit' });";
    const { project, command, left } = commandProject(t, { 'app.js': server(0), 'helper.js': helper });
    const app = command(['app.js']);
    const answer = async () => {
      const response = await fetch(`http://127.0.0.1:${port}`).catch(() => undefined);
      return response?.text();
    };
    await until(async () => (await answer()) === '0', 'the first answer');
    for (let n = 1; n <= saves; n += 1) {
      await project.write('app.js', server(n), { style: n % 2 ? 'truncate' : 'rename' });
      // How fast somebody saves.
      await pass(50);
    }
    await until(async () => (await answer()) === String(saves), 'the last answer');
    assert.doesNotMatch(app.output(), /FAILED|EADDRINUSE/);
    // The supervisor, the server, its helper.
    assert.equal(left().length, staysLauncher ? 4 : 3, left().join('\n'));
    app.signal('SIGTERM');
    await app.end();
    assert.deepEqual(left(), []);
    assert.equal(await answer(), undefined);
  });
}
