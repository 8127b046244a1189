/**
 * Requests a second that a server answers, hot against plain, over connections that stay open.
 *
 * Both servers of a pair run all the time and get the requests in turns. Of the same code one process may well be a tenth
 * faster than another for as long as it lives, by the order in which V8 has compiled it: so there are several pairs. The
 * client does as little as it can, since it shares the machine with them.
 */
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tell, write, writeProject } from '../app.js';
import { appFolder, contenders, packageFolder, packages, pathOf } from '../contenders.js';
import { clock, Program } from '../program.js';
import { interleaved } from '../rounds.js';
import { ratio, summary } from '../statistics.js';

const CONNECTIONS = 32;
const LIMIT = 30_000;

/** @type {Record<string, string>} */
const servers = {
  express: `import express from 'express';
import { find } from './users.js';
const app = express();
app.disable('x-powered-by');
app.get('/users/:id', (request, response) => response.json(find(request.params.id)));
const server = app.listen(0, () => { const { port } = server.address(); ${tell('started: true, port')} });
`,
  fastify: `import fastify from 'fastify';
import { find } from './users.js';
const app = fastify();
app.get('/users/:id', async (request) => find(request.params.id));
await app.listen({ port: 0, host: '127.0.0.1' });
const { port } = app.server.address();
${tell('started: true, port')}
`,
};

const usersText = `import { describe } from './describe.js';
const users = new Map(Array.from({ length: 100 }, (_, id) => [String(id), { id, name: \`user \${id}\`, tags: ['a', 'b'] }]));
export const find = (id) => ({ ...users.get(id), about: describe(users.get(id)) });
`;
const describeText = `export const describe = (user) => \`\${user.name} (\${user.tags.join(', ')})\`;\n`;

/** @typedef {{ pairs: number, rounds: number, milliseconds: number }} Counts */

/** @param {import('../options.js').Options} options @param {Counts} counts */
export async function measureRequests(options, counts) {
  /** @type {Record<string, unknown>} */
  const results = {};
  for (const framework of Object.keys(servers)) {
    if (packageFolder(framework)) results[framework] = await measureServer(options, framework, counts);
  }
  return results;
}

/** @param {import('../options.js').Options} options @param {string} framework @param {Counts} counts */
async function measureServer(options, framework, counts) {
  const folder = appFolder(framework);
  writeProject(folder, packages([framework]));
  const files = { 'main.js': servers[framework], 'users.js': usersText, 'describe.js': describeText };
  for (const [name, text] of Object.entries(files)) write(folder, name, text);
  /** @type {Record<string, number[]>} */
  const rates = { plain: [], hot: [] };
  try {
    for (let pair = 0; pair < counts.pairs; pair += 1) {
      const measured = await measurePair(options, folder, counts);
      for (const [id, values] of Object.entries(measured)) rates[id].push(...values.map(Number));
    }
    return { plain: summary(rates.plain), hot: summary(rates.hot), ratio: ratio(rates.hot, rates.plain) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {import('../options.js').Options} options @param {string} folder @param {Counts} counts */
async function measurePair({ node }, folder, { rounds, milliseconds }) {
  const turns = ['plain', 'hot'];
  const started = turns.map((id) => new Program({ command: contenders[id].command('main.js', node), folder, env: { ...pathOf(node), NODE_ENV: 'development' } }));
  try {
    const ports = await Promise.all(started.map(async (program) => (await program.message(({ port }) => port, LIMIT)).port));
    return await interleaved(rounds, turns, (id) => rate(ports[turns.indexOf(id)], milliseconds));
  } finally {
    for (const program of started) await program.stop();
  }
}

/** Answers a second. @param {number} port @param {number} milliseconds @returns {Promise<number>} */
async function rate(port, milliseconds) {
  const end = clock() + milliseconds;
  const begun = clock();
  const counts = await Promise.all(Array.from({ length: CONNECTIONS }, (_, first) => answersUntil(end, port, first)));
  return counts.reduce((sum, count) => sum + count, 0) / ((clock() - begun) / 1000);
}

/**
 * One connection that asks again as soon as it has an answer. All answers are small and come in one piece.
 * @param {number} end @param {number} port @param {number} first @returns {Promise<number>}
 */
function answersUntil(end, port, first) {
  return new Promise((resolve, reject) => {
    let [count, user] = [0, first];
    const socket = connect(port, '127.0.0.1');
    const ask = () => socket.write(`GET /users/${(user = (user + 7) % 100)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('connect', ask).on('error', reject).on('close', () => resolve(count));
    socket.on('data', (/** @type {string} */ text) => {
      if (!text.startsWith('HTTP/1.1 200') || !text.endsWith('}')) return socket.destroy(new Error(`not an answer: ${text}`));
      count += 1;
      if (clock() < end) ask();
      else socket.end();
    });
  });
}
