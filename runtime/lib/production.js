/** What `hmr()` is under NODE_ENV=production, where nothing is hot: one import, one callback, no engine, no watcher. */
import { importFrom } from './node-import.js';

/**
 * @param {import('./hmr.js').HotRequest} request
 * @returns {Promise<import('../index.d.ts').HmrHandle>}
 */
export async function importInProduction({ specifier, parent, callback }) {
  const module = await importFrom(parent, specifier);
  await callback(module);
  return {
    module,
    reload: async () => module,
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}
