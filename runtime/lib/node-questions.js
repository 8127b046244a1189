/** What the thread of node-worker.js runs. */
import vm from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';

const { port, answered } = workerData;

port.on('message', async (/** @type {any} */ { specifier, parent, text, url }) => {
  port.postMessage(text === undefined ? resolve(specifier, parent) : await judge(text, url));
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
});

/** One text after the other: verdicts are told in the order of the questions. */
let last = Promise.resolve();

parentPort?.on('message', (/** @type {any} */ { text, url }) => {
  last = last.then(async () => parentPort?.postMessage(await judge(text, url)));
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

/**
 * @param {string} text
 * @param {string} url
 * @returns {Promise<import('./node-worker.js').Verdict>}
 */
async function judge(text, url) {
  try {
    new vm.SourceTextModule(text, { identifier: url });
    return null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) return undefined;
  }
  const data = `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;
  try {
    // It is known that it does not compile. Node's loader says where, in the stack.
    await import(data);
    return undefined;
  } catch (error) {
    const { message, stack } = /** @type {Error} */ (error);
    const lines = `${stack}`.replaceAll(data, url).split('\n');
    const own = lines.findIndex((line) => /^ +at /.test(line) && !line.includes('node:'));
    return { message, stack: lines.slice(0, own < 0 ? undefined : own).join('\n') };
  }
}
