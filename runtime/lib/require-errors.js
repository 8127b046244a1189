/** Why `require()` of an ES module fails, in the words of the running Node. */
import { createRequire } from 'node:module';
import { nodeError } from './node-error.js';
import { nodeVersion } from './running-node.js';

const require = createRequire(import.meta.url);

/** @param {string} file @param {string} [requirer] */
export function cycle(file, requirer) {
  const from = requirer === undefined ? '' : ` (from ${requirer})`;
  return nodeError(
    'ERR_REQUIRE_CYCLE_MODULE',
    `Cannot require() ES Module ${file} in a cycle.${from} A cycle involving require(esm) is not allowed to maintain ` +
      'invariants mandated by the ECMAScript specification. Try making at least part of the dependency in the graph lazily loaded.',
  );
}

/** @param {string} specifier @param {string} importer a file that is required */
export function importedInCycle(specifier, importer) {
  return nodeError('ERR_REQUIRE_CYCLE_MODULE', `Cannot import Module ${specifier} in a cycle. (from ${importer})`);
}

/** @param {string} file @param {string} [requirer] */
export function raceCondition(file, requirer) {
  const about = `Cannot require() ES Module ${file} because it is not yet fully loaded.`;
  const cause = 'This may be caused by a race condition if the module is simultaneously dynamically import()-ed via Promise.all().';
  const advice = 'Try await-ing the import() sequentially in a loop instead.';
  if (nodeVersion >= 24) {
    const from = ` (From ${requirer === undefined ? ' ' : `${requirer} in `}non-loader-hook thread)`;
    return nodeError('ERR_REQUIRE_ESM_RACE_CONDITION', [about, cause, advice, from].join('\n'));
  }
  const from = requirer === undefined ? '' : ` (from ${requirer})`;
  return nodeError(
    'ERR_INTERNAL_ASSERTION',
    `Unexpected module status 0. ${about} ${cause} ${advice}${from}\n` +
      'This is caused by either a bug in Node.js or incorrect usage of Node.js internals.\n' +
      'Please open an issue with this stack trace at https://github.com/nodejs/node/issues\n',
  );
}

/** @param {string} file @param {string} [requirer] @param {boolean} [isByLoader] V8 or the loader of Node 22 says it, in its own form */
export function asyncModule(file, requirer, isByLoader) {
  const about =
    'require() cannot be used on an ESM graph with top-level await. Use import() instead. To see where the top-level await ' +
    'comes from, use --experimental-print-required-tla.';
  if (nodeVersion < 24) {
    const end = isByLoader ? ' ' : '';
    const from = requirer === undefined ? '' : `\n  From ${requirer}${end}`;
    return nodeError('ERR_REQUIRE_ASYNC_MODULE', `${about}${from}\n  Requiring ${file}${end}`);
  }
  const requireStack = requirer === undefined ? [] : stackAbove(requirer);
  const stack = requireStack.length > 0 ? `\nRequire stack:\n- ${requireStack.join('\n- ')}` : '';
  const error = nodeError('ERR_REQUIRE_ASYNC_MODULE', `${about}\nRequired module: ${file}${stack}`);
  return Object.defineProperty(error, 'requireStack', { value: requireStack, writable: true, configurable: true });
}

/** @param {string} requirer @returns {string[]} files, each of which requires the one before */
function stackAbove(requirer) {
  const files = [];
  for (let module = require.cache[requirer]; module; module = module.parent ?? undefined) files.push(module.filename ?? module.id);
  return files.length > 0 ? files : [requirer];
}
