/** Under NODE_ENV=production nothing is hot: one import, one callback, no engine, no watcher. */
import { importFrom } from './node-import.js';

export function isProduction() {
  return process.env.NODE_ENV === 'production';
}

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
