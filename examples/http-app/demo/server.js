// The app as the demo sees it: a process that prints lines and answers requests.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get as httpGet } from 'node:http';
import { createInterface } from 'node:readline';

/** Milliseconds after which something that should happen counts as not happening. */
const DEADLINE = 20_000;

/** Starts server.js in `folder` on a free port and waits until it listens. */
export async function startServer(folder) {
  const server = new Server(folder);
  try {
    const line = await server.printed(/listening on (http:\S+)/, 0);
    server.url = line.match(/http:\S+/)[0];
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

class Server {
  #process;
  #lines = [];
  #seen = 0;
  #requests = 0;
  #agent = new Agent({ keepAlive: true });

  constructor(folder) {
    const env = { ...process.env, PORT: '0', NODE_ENV: 'development' };
    this.#process = spawn(process.execPath, ['server.js'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = once(this.#process, 'close').then(() => (this.hasEnded = true));
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#record(line));
    }
  }

  /** How many requests were made. */
  requests() {
    return this.#requests;
  }

  /** The answer to a GET request, as text. */
  async get(path) {
    this.#requests += 1;
    const { promise, resolve, reject } = withResolvers();
    httpGet(this.url + path, { agent: this.#agent }, resolve).on('error', reject);
    const response = await promise;
    const chunks = await response.toArray();
    return Buffer.concat(chunks).toString();
  }

  async state() {
    return JSON.parse(await this.get('/state'));
  }

  /** Asks for `path` again and again until `matches` accepts the answer. */
  async answer(path, matches, description) {
    const end = performance.now() + DEADLINE;
    for (;;) {
      const text = await this.get(path);
      if (matches(text)) return text;
      if (performance.now() > end) throw new Error(`it did not come true that ${description}; last answer: ${text}`);
    }
  }

  /** Waits for a line that matches, among those that came after the last one waited for. */
  async reported(pattern) {
    return this.printed(pattern, this.#seen);
  }

  async printed(pattern, from) {
    const { promise, resolve, reject } = withResolvers();
    const look = () => {
      const index = this.#lines.findIndex((line, at) => at >= from && pattern.test(line));
      if (index === -1) return;
      this.#seen = index + 1;
      resolve(this.#lines[index]);
    };
    this.onLine = look;
    const timer = setTimeout(() => reject(new Error(`no line like ${pattern} was printed`)), DEADLINE);
    this.ended.then(() => reject(new Error('the app ended')));
    look();
    return promise.finally(() => clearTimeout(timer));
  }

  /** Everything printed so far. */
  output() {
    return this.#lines.map((line) => `  │ ${line}`).join('\n');
  }

  /** From now on, shows each line that the app prints. */
  showOutput() {
    this.show = true;
  }

  async stop() {
    this.#agent.destroy();
    if (!this.hasEnded) this.#process.kill('SIGKILL');
    await this.ended;
  }

  #record(line) {
    this.#lines.push(line);
    if (this.show) console.log(`  │ ${line}`);
    this.onLine?.();
  }
}

/** Promise.withResolvers, which Node 20 does not have. */
function withResolvers() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}
