/** Pieces of the texts of modules that the runtime lets Node load. */

/** Tells modules of the runtime from those of programs: a parameter that Node ignores. */
export const ownData = 'data:text/javascript;node-esm-hmr,';

/** @param {string} text of a module that loaders of programs do not see */
export function dataUrl(text) {
  return ownData + encodeURIComponent(text);
}

/** The last line of a module of the runtime: its frames are Node's own. @param {string} part */
export function sourceUrl(part) {
  return `//# sourceURL=node:internal/node-esm-hmr/${part}`;
}

/** Whether a URL is of such a module. @param {string} url */
export function isOwnData(url) {
  return url.startsWith(ownData);
}

/** @param {string} url of such a module */
export function textOfData(url) {
  return decodeURIComponent(url.slice(ownData.length));
}

/** @param {[string, string][]} attributes */
export function withClause(attributes) {
  if (attributes.length === 0) return '';
  const entries = attributes.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `with{${entries.join(',')}}`;
}

/**
 * A module of Node whose exports a facade passes on: all but `default`, or pairs of exported and imported names, or its
 * namespace under one name.
 * @typedef {{url: string, names?: [string, string][], as?: string}} Star
 */

/** @param {Star} star */
export function starText({ url, names, as }) {
  const star = as === undefined ? '*' : `*as ${JSON.stringify(as)} `;
  return `export${names ? pairs(names) : star}from${JSON.stringify(url)};`;
}

/** @param {[string, string][]} names exported ones, each with the imported one */
function pairs(names) {
  return `{${names.map(([name, imported]) => `${JSON.stringify(imported)} as ${JSON.stringify(name)}`).join()}}`;
}
