/** The end of an evaluation. */

/**
 * An evaluation is over when every module is, or one has failed.
 * @param {import('./evaluating.js').Evaluating[]} modules the one asked for last
 * @param {() => void} onEnd called in the moment in which it is over
 * @param {(resolve: (value: undefined) => void) => void} keepResolve gets what resolves the promise
 * @returns {Promise<void> | undefined} nothing if all has run; rejects with what a module throws
 * @throws what a module has thrown
 */
export function completionOf(modules, onEnd, keepResolve) {
  const failed = modules.find((module) => module.failure);
  const waiting = modules.filter((module) => !module.isSettled);
  if (failed || waiting.length === 0) onEnd();
  if (failed?.failure) throw failed.failure.error;
  if (waiting.length === 0) return undefined;
  return new Promise((resolve, reject) => {
    keepResolve(resolve);
    let left = waiting.length;
    let isOver = false;
    for (const { listeners } of waiting) {
      listeners.push((failure) => {
        left -= 1;
        // A failure reaches what was asked for, the last one, in the same job.
        if (left === 0 || (failure && modules[modules.length - 1].isSettled)) onEnd();
        if (failure && !isOver) reject(failure.error);
        else if (left === 0 && !isOver) resolve(undefined);
        isOver ||= failure !== undefined;
      });
    }
  });
}
