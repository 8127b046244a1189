/** Pieces of the texts of modules that the runtime lets Node load. */

/** @param {string} text */
export function dataUrl(text) {
  return `data:text/javascript,${encodeURIComponent(text)}`;
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
