/**
 * `require()` of a hot ES module that Node's loader would find loaded, or being loaded: what Node does then, case by case
 * (`importSyncForRequire` in its `lib/internal/modules/esm/loader.js`).
 */
import { fileURLToPath } from 'node:url';
import { haveAwait } from './linked-packages.js';
import { provideTexts, urlOfOwn } from './loader-hooks.js';
import { dataUrl, sourceUrl } from './module-text.js';
import { NodeGraph } from './node-graph.js';
import { isBeingEvaluated } from './planned.js';
import { asyncModule, cycle, importedInCycle, raceCondition } from './require-errors.js';
import { nodeVersion } from './running-node.js';
import { seat, seatOf } from './seat.js';

/** @typedef {'linking' | 'linked' | 'evaluating' | 'evaluated' | 'failed'} Status of a module record, in V8's words */

/** Text in the place of a module is not of its file. */
const ownFrame = `\n${sourceUrl('required')}`;

export class Required {
  /** Files in whose place Node has a module with a top-level await, whatever they have themselves. @type {Set<string>} */
  waits = new Set();
  /** Modules that were refused before they were evaluated. @type {Set<number>} */
  #refused = new Set();
  /** URLs of ES modules that Node has loaded since they, or who imports them, are required. @type {Set<string>} */
  natives = new Set();
  /** What hot modules have thrown that others import. @type {unknown[]} */
  #failures = [];
  #modules;

  /** @param {import('./modules.js').Modules} modules */
  constructor(modules) {
    this.#modules = modules;
  }

  /**
   * Makes a module ready to be required.
   * @param {string} url
   * @param {string | undefined} parent URL of who requires it
   * @returns {string | undefined} the text of a CommonJS module to load in its place
   * @throws what `require()` is to throw
   */
  textFor(url, parent) {
    const id = this.#modules.session.hotModule(url);
    const status = id === null ? undefined : this.#status(id);
    if (id === null || status === undefined) return undefined;
    try {
      this.#evaluate(id, url, parent);
    } catch (error) {
      // Node may only look for the names that CommonJS passes on, and keeps the text for when that runs.
      return this.#laterText(url, parent, error);
    }
    // Otherwise Node gets a module whose namespace is the hot one's.
    const { namespaces } = this.#modules;
    const isKnown = this.waits.has(url) || namespaces.has(id) || namespaces.isAnnounced(id);
    return isKnown ? this.#exportsText(id) : undefined;
  }

  /** @param {number} id @param {string} url @param {string | undefined} parent @throws what `require()` is to throw */
  #evaluate(id, url, parent) {
    const status = this.#status(id);
    if (status === undefined) return;
    this.#refuse(id, status, fileURLToPath(url), parent?.startsWith('file:') ? fileURLToPath(parent) : undefined);
    if (status === 'linked') this.#modules.claims.get(id).owner.evaluateNow(id);
  }

  /** The text that tries again when it runs. @param {string} url @param {string | undefined} parent @param {unknown} refusal if nothing has changed */
  #laterText(url, parent, refusal) {
    seat({ again: (/** @type {string} */ asked, /** @type {string | undefined} */ by) => this.#again(asked, by) });
    this.#refusals.set(url, refusal);
    return `module.exports=${seatOf('again')}(${JSON.stringify(url)},${JSON.stringify(parent)});${ownFrame}`;
  }
  /** Why modules were refused the last time, by URL. @type {Map<string, unknown>} */
  #refusals = new Map();

  /** @param {string} url @param {string | undefined} parent @returns {object} what `require()` gives */
  #again(url, parent) {
    const id = this.#modules.session.hotModule(url);
    if (id === null || this.#status(id) === undefined) throw this.#refusals.get(url);
    this.#evaluate(id, url, parent);
    return this.#exportsOf(id);
  }

  /**
   * What a module of Node imports in the place of a hot one.
   * @param {string} url
   * @param {string} specifier
   * @param {string} parent URL of the importer
   * @returns {string | undefined} a URL, if it is another one
   */
  importedInstead(url, specifier, parent) {
    const { belowRequired, failures, session } = this.#modules;
    const isRequired = this.natives.has(parent);
    const isPlanned = isBeingEvaluated(this.#modules, url);
    const isRoot = this.waits.has(url) && parent !== url;
    if (!isRequired && !isPlanned && !isRoot && this.#ordered.size === 0 && failures.areNone) return undefined;
    const id = session.hotModule(url);
    if (id === null) {
      if (isRequired) this.natives.add(url);
      return undefined;
    }
    if (isRequired) belowRequired.add(url);
    if (isRequired && session.hasImport(parent, specifier)) this.#refuseImport(id, specifier, parent);
    const failure = failures.of(id);
    const known = this.#ordered.get(id);
    // What has failed there and was repaired has another one.
    if (known && (failure || isPlanned || known.isEvaluated)) return known.url;
    if (failure) return dataUrl(this.#failingText(id, failure.error));
    if (isPlanned && session.hasImport(parent, specifier)) this.#order(id);
    return this.#ordered.get(id)?.url ?? this.#instead(id, url, isRoot);
  }
  /** Facades in graphs that Node orders, by the ids of their modules. @type {Map<number, import('./node-graph.js').Ordered>} */
  #ordered = new Map();

  /** A module of Node imports a hot one that has not run: Node is to evaluate what is evaluated with it. @param {number} id */
  #order(id) {
    const { claims, open } = this.#modules;
    const { order, owner } = claims.get(id) ?? {};
    const transaction = [...open].find(({ evaluation }) => evaluation === owner);
    const isLinking = order === 'unset' && !owner.hasBegun && owner.awaitsModulesOfNode;
    // What an update evaluates need not have one root.
    const isUpdate = transaction?.plan.steps.some(({ again }) => again);
    if (!transaction || !isLinking || isUpdate || owner.node.graph) return;
    const graph = new NodeGraph(this.#modules, transaction, this.#ordered);
    if (!graph.isWhole) return;
    owner.node.graph = graph;
    for (const [each, facade] of graph.facades) this.#ordered.set(each, facade);
  }

  /** @param {number} id @param {string} url @param {boolean} isRoot */
  #instead(id, url, isRoot) {
    return isRoot && this.#modules.namespaces.passesOn(id) ? this.#beside(id, urlOfOwn(`whole/${id}`)) : undefined;
  }

  /**
   * What stands for a module that has a facade already: one that waits for who imports it, or does not have the names of packages.
   * @param {number} id
   * @param {string} url
   * @param {import('./facades.js').Evaluating} [evaluating]
   * @returns {string} the URL
   */
  #beside(id, url, evaluating) {
    if (!this.#besides.has(url)) provideTexts(new Map([[url, this.#modules.namespaces.textForNode(id, url, evaluating)]]));
    this.#besides.add(url);
    return url;
  }
  /** URLs of such modules. @type {Set<string>} */
  #besides = new Set();

  /**
   * What is required may not import what is being evaluated (`#checkCachedJobForRequireESM`).
   * @param {number} id
   * @param {string} specifier
   * @param {string} parent URL of the importer
   */
  #refuseImport(id, specifier, parent) {
    if (![...this.#modules.open].some(({ evaluation }) => evaluation.stack.mayRequire && evaluation.isOnStack(id))) return;
    throw importedInCycle(specifier, fileURLToPath(parent));
  }

  /** The text that throws an error. @param {unknown} error */
  #throwingText(error) {
    seat({ failure: (/** @type {number} */ number) => this.#failures[number] });
    const known = this.#failures.indexOf(error);
    return `throw ${seatOf('failure')}(${known < 0 ? this.#failures.push(error) - 1 : known});`;
  }

  /** Node may have loaded the facade of a module before that failed. @param {number} id @param {unknown} error */
  #failingText(id, error) {
    /** @type {import('./native.d.ts').NamespaceShape} */
    const { names } = JSON.parse(this.#modules.session.namespace(id));
    return `let v;export{${names.map(([name]) => `v as ${JSON.stringify(name)}`)}};${this.#throwingText(error)}`;
  }

  /** @param {number} id @param {Status} status @param {string} file @param {string} [requirer] */
  #refuse(id, status, file, requirer) {
    if (status === 'linking') throw raceCondition(file, requirer);
    const { own, packages } = this.#modules.session.awaits(id);
    const isAsync = own || haveAwait(packages);
    if (isAsync && nodeVersion >= 24) throw asyncModule(file, requirer);
    if (status === 'evaluating') throw cycle(file, requirer);
    if (status === 'failed') throw this.#modules.failures.of(id)?.error;
    if (!isAsync) return;
    if (status === 'linked') this.#refused.add(id);
    throw asyncModule(file, requirer, this.#refused.has(id));
  }

  /** @param {number} id @returns {Status | undefined} nothing if nobody has loaded it */
  #status(id) {
    const { claims, open, failures, made, imports } = this.#modules;
    const claimed = claims.get(id);
    // While an update is prepared, the version that runs counts.
    if (claimed && !claimed.owner.hasBegun) return this.#modules.isCurrent(id) ? 'evaluated' : 'linking';
    if ([...open].some(({ evaluation }) => evaluation.isOnStack(id))) return 'evaluating';
    if (claimed) return claimed.order === 'unset' ? 'linked' : 'evaluated';
    if (failures.of(id)) return 'failed';
    if (this.#modules.isCurrent(id) || made.has(id)) return 'evaluated';
    return imports.isLinking(id) ? 'linking' : undefined;
  }

  /** @param {number} id */
  #exportsText(id) {
    const exports = this.#exportsOf(id);
    seat({ exports: () => exports });
    return `module.exports=${seatOf('exports')}();${ownFrame}`;
  }

  /** As `populateCJSExportsFromESM` of Node does it. @param {number} id */
  #exportsOf(id) {
    const { namespaces } = this.#modules;
    const namespace = /** @type {any} */ (namespaces.of(id));
    const has = (/** @type {string} */ name) => Object.hasOwn(namespace, name);
    const isPlain = !has('default') || has('__esModule');
    return has('module.exports') ? namespace['module.exports'] : isPlain ? namespace : namespaces.forRequire(id);
  }
}
