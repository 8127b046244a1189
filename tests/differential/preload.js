// `--import`ed before a program that runs as the main module: its global functions, and its log at the end.

import { dirname } from 'node:path';
import { install } from './logging.js';

const lines = install(`${dirname(process.argv[1])}/`);
const steps = [];
globalThis.step = (action) => void steps.push(action);

// What modules have left to be done is done when everything else is over.
process.once('beforeExit', async () => {
  for (const [index, action] of steps.entries()) {
    log('step', index);
    try {
      await action();
    } catch (error) {
      log('step failed', error);
    }
  }
});
process.on('exit', () => {
  for (const line of lines) console.log(line);
});
