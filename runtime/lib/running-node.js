/** What the running Node is, and how it was started. */

/** Its major version. */
export const nodeVersion = Number.parseInt(process.versions.node, 10);

/** Its flags, wherever they were given. @returns {string[]} */
export function nodeFlags() {
  return [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)];
}

/** Whether nothing is to be hot. */
export function isProduction() {
  const { NODE_ENV, NODE_ESM_HMR } = process.env;
  return NODE_ENV === 'production' && NODE_ESM_HMR !== 'force';
}
