// The shape of BullMQ, without Redis: queues in memory, and workers that finish their job before they are closed.
const { EventEmitter, once } = require('node:events');

const queues = new Map();
const queueOf = (name) => {
  if (!queues.has(name)) queues.set(name, { jobs: [], added: new EventEmitter() });
  return queues.get(name);
};

exports.Queue = class Queue {
  constructor(name) {
    this.queue = queueOf(name);
  }

  async add(name, data) {
    this.queue.jobs.push({ name, data });
    this.queue.added.emit('job');
  }
};

exports.Worker = class Worker extends EventEmitter {
  #closing = new AbortController();

  constructor(name, processor) {
    super();
    this.running = this.#run(queueOf(name), processor);
    // A connection keeps the process alive.
    this.connection = setInterval(() => {}, 60_000);
  }

  async #run({ jobs, added }, processor) {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      if (jobs.length > 0) await processor(jobs.shift());
      else await once(added, 'job', { signal }).catch(() => {});
    }
  }

  async close() {
    this.#closing.abort();
    await this.running;
    clearInterval(this.connection);
    this.emit('closed');
  }
};
