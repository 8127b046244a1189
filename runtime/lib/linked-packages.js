/**
 * Packages that modules of a cycle may see before they run: Node links one and stops, since the first module that it
 * evaluates hands over the namespace and throws. Its functions can be called by then, and all else throws.
 */
import { announce, loadedFacade } from './facades.js';
import { stop, takeOver } from './early-facades.js';
import { importTexts, loadsAtOnce, urlOfOwn } from './loader-hooks.js';

/** Namespaces of modules that Node has linked, by their ids. @typedef {Map<number, Record<string, unknown>>} Linked */

/**
 * @param {import('./native.d.ts').Definition[]} definitions
 * @param {Linked} linked receives them
 * @returns {Promise<unknown>[]}
 */
export function linkPackages(definitions, linked) {
  if (!loadsAtOnce()) return [];
  return definitions.flatMap((definition) => {
    const isSeen = definition.kind === 'external' && definition.early && !definition.commonJs;
    if (!isSeen || definition.parent !== null || definition.url.startsWith('node:')) return [];
    const receive = (/** @type {any} */ namespace) => void linked.set(definition.id, namespace.linked);
    return [link(definition.specifier, receive)];
  });
}

/** @param {string} url @param {(namespace: object) => void} receive @returns {Promise<void>} */
function link(url, receive) {
  const number = announce();
  takeOver(number, receive);
  const [first, own] = ['stop', 'linked'].map((part) => urlOfOwn(`${number}/${part}`));
  const texts = new Map([
    [own, `import${JSON.stringify(first)};export*as linked from${JSON.stringify(url)};`],
    [first, stop(number, own)],
  ]);
  // What cannot be linked says so when it is imported.
  return importTexts(own, texts).catch(() => {}).then(() => void loadedFacade(number));
}
