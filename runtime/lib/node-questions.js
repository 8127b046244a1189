/** What the thread of node-worker.js runs. */
import { workerData } from 'node:worker_threads';

const { port, answered } = workerData;

port.on('message', (/** @type {any} */ question) => {
  port.postMessage(resolve(question.resolve, question.parent));
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
});

/** @param {string} specifier @param {string} parent */
function resolve(specifier, parent) {
  try {
    return { url: import.meta.resolve(specifier, parent) };
  } catch (error) {
    // A copy of an error keeps none.
    return { error, properties: { .../** @type {any} */ (error) } };
  }
}
