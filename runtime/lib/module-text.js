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
