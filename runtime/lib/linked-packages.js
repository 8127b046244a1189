/**
 * Packages that modules of a cycle may see before they run: Node links one and stops, since the first module that it
 * evaluates hands over the namespace and throws. Its functions can be called by then, and all else throws.
 */
import { announce, loadedFacade } from './facades.js';
import { stop, takeOver } from './early-facades.js';
import { namespacesIn } from './namespace-shape.js';
import { importTexts, linksEarly, loadText, urlOfOwn } from './loader-hooks.js';

/** Namespaces of modules that Node has linked, by their ids. @typedef {Map<number, Record<string, unknown>>} Linked */

/**
 * @param {import('./native.d.ts').Plan} plan
 * @param {(id: number) => boolean} isAwaited whether Node has still to evaluate a module
 * @param {Linked} linked receives them
 * @returns {Promise<unknown>[]}
 */
export function linkPackages({ modules, steps }, isAwaited, linked) {
  if (!linksEarly()) return [];
  const boundEarly = namespacesBoundEarly(modules, steps);
  return modules.flatMap((definition) => {
    if (definition.kind !== 'external' || definition.parent !== null || !isAwaited(definition.id)) return [];
    const isSynthetic = definition.commonJs || definition.url.startsWith('node:');
    if (!boundEarly.has(definition.id) && (!definition.early || isSynthetic)) return [];
    return [importLinked([[definition.id, definition.specifier]], linked)];
  });
}

/**
 * Modules of Node whose namespaces are imported in cycles that begin to run before them.
 * @param {import('./native.d.ts').Definition[]} modules
 * @param {import('./native.d.ts').Step[]} steps
 */
function namespacesBoundEarly(modules, steps) {
  /** @type {Set<number>} */
  const early = new Set();
  const cycles = modules.flatMap((definition) => (definition.kind === 'module' && definition.cycle !== null ? [definition] : []));
  if (cycles.length === 0) return early;
  const places = new Map(steps.map(({ id }, place) => [id, place]));
  /** @type {Map<number, number>} */
  const begins = new Map();
  for (const { id, cycle } of cycles) {
    begins.set(Number(cycle), Math.min(begins.get(Number(cycle)) ?? Infinity, places.get(id) ?? Infinity));
  }
  for (const { cycle, bindings } of cycles) {
    const isLater = (/** @type {number} */ id) => Number(places.get(id)) > Number(begins.get(Number(cycle)));
    for (const id of namespacesIn(bindings).filter(isLater)) early.add(id);
  }
  return early;
}

/**
 * Has Node link modules, and stops before they are evaluated.
 * @param {[id: number, url: string][]} modules
 * @param {Linked} linked receives their namespaces
 * @returns {Promise<void>}
 */
export function importLinked(modules, linked) {
  const lines = modules.map(([id, url]) => `export*as n${id} from${JSON.stringify(url)};`);
  const receive = (/** @type {any} */ namespace) => modules.forEach(([id]) => linked.set(id, namespace[`n${id}`]));
  const { number, own, texts } = linking(lines.join(''), receive);
  // What cannot be linked says so when it is imported.
  return importTexts(own, texts).catch(() => {}).then(() => void loadedFacade(number));
}

/**
 * Whether Node finds a top-level await in one of these modules, or below it: it refuses to require them.
 * @param {string[]} urls
 */
export function haveAwait(urls) {
  if (urls.length === 0) return false;
  const { number, own, texts } = linking(urls.map((url) => `import${JSON.stringify(url)};`).join(''), () => {});
  try {
    loadText(own, texts);
  } catch (error) {
    return /** @type {any} */ (error)?.code === 'ERR_REQUIRE_ASYNC_MODULE';
  } finally {
    loadedFacade(number);
  }
  return false;
}

/**
 * A module that has Node link others, and stops before they are evaluated.
 * @param {string} imports
 * @param {(namespace: object) => void} receive its namespace
 */
function linking(imports, receive) {
  const number = announce();
  takeOver(number, receive);
  const [first, own] = ['stop', 'linked'].map((part) => urlOfOwn(`${number}/${part}`));
  return { number, own, texts: new Map([[own, `import${JSON.stringify(first)};${imports}`], [first, stop(number, own)]]) };
}
