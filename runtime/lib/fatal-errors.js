/**
 * Above the stack of an uncaught error Node prints the line that has thrown it, which V8 takes from the executed text. When
 * the process is certain to end, the lines of these texts are given the words of their files.
 */
import { isMainThread } from 'node:worker_threads';

/** @param {import('./native.d.ts').Addon} addon */
export function showSourcesOfFatalErrors(addon) {
  // Threads tell their errors to the one that has started them, without a line.
  if (!isMainThread) return;
  process.on('uncaughtExceptionMonitor', () => {
    const isCaught = process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback();
    // Listeners of `exit` still run, and may be compiled, before Node prints.
    if (!isCaught) process.once('exit', () => addon.showSources());
  });
}
