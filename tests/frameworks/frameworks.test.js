// Servers of real frameworks keep one process over many edits of their routes, broken ones included, while a client
// asks all the time and never gets a wrong or mixed answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProject } from '../harness/index.js';

const edits = 200;

/** How each framework serves `routes.answer()`, with a handler that is found anew for every request. */
const servers = {
  express: `import express from 'express';
const app = express();
app.get('/', (request, response) => response.send(answer()));
const server = app.listen(0, () => ready(server.address().port));`,
  fastify: `import fastify from 'fastify';
const app = fastify();
app.get('/', async () => answer());
await app.listen({ port: 0, host: '127.0.0.1' });
ready(app.server.address().port);`,
  koa: `import Koa from 'koa';
const app = new Koa();
app.use((context) => { context.body = answer(); });
const server = app.listen(0, () => ready(server.address().port));`,
  hono: `import { Hono } from 'hono';
import { serve } from '@hono/node-server';
const app = new Hono();
app.get('/', (context) => context.text(answer()));
serve({ fetch: app.fetch, port: 0 }, ({ port }) => ready(port));`,
};

const packages = { express: ['express'], fastify: ['fastify'], koa: ['koa'], hono: ['hono', '@hono/node-server'] };

/** Two modules that belong together, and one that uses both. @param {number} n */
const files = (n) => ({ 'one.js': `export const one = ${n};\n`, 'other.js': `export const other = ${n};\n` });

const routes = `import { one } from './one.js';
import { other } from './other.js';
export const answer = () => one + ' ' + other;
`;

for (const [name, server] of Object.entries(servers)) {
  test(`${name}: ${edits} edits, one process`, async (t) => {
    const project = createProject(
      t,
      {
        'main.js': `import { answer } from './routes.js';
import.meta.hot.accept('./routes.js');
const ready = (port) => console.log('port', port, process.pid);
${server}`,
        'routes.js': routes,
        ...files(0),
      },
      { packages: packages[/** @type {keyof packages} */ (name)] },
    );
    const app = project.start(['--import', 'node-esm-hmr/register', 'main.js'], { env: { NODE_ESM_HMR_LOG: 'silent' } });
    const [, port, pid] = await app.line(/^port (\d+) (\d+)/);
    const client = new Client(`http://127.0.0.1:${port}/`);
    for (let n = 1; n <= edits; n += 1) {
      if (n % 10 === 0) await project.write('one.js', `export const one = ;`);
      if (n % 10 === 5) await project.write('other.js', `throw new Error('broken');`);
      const { 'one.js': one, 'other.js': other } = files(n);
      await project.write('one.js', one);
      client.allows(`${n} ${n - 1}`);
      await project.write('other.js', other);
      await client.until(`${n} ${n}`);
    }
    assert.equal(app.ended, undefined);
    assert.equal(Number(pid), app.pid);
    assert.ok(client.answers > edits);
  });
}

/** Asks all the time; an answer must be one of those that the files on the disk have given since the last edit. */
class Client {
  answers = 0;
  #url;
  #allowed = new Set(['0 0']);

  /** @param {string} url */
  constructor(url) {
    this.#url = url;
  }

  /** @param {string} answer */
  allows(answer) {
    this.#allowed.add(answer);
  }

  /** @param {string} wanted */
  async until(wanted) {
    this.allows(wanted);
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
      const response = await fetch(this.#url);
      const answer = await response.text();
      this.answers += 1;
      assert.equal(response.status, 200);
      assert.ok(this.#allowed.has(answer), `${answer} is none of ${[...this.#allowed].join(', ')}`);
      if (answer !== wanted) continue;
      this.#allowed = new Set([wanted]);
      return;
    }
    assert.fail(`no ${wanted}`);
  }
}
