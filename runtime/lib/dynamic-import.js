/**
 * `import()` in hot modules (ECMA-262 13.3.10.2 EvaluateImportCall). What Node loads, Node imports. What is hot
 * is loaded by a transaction, and the promise settles in the turn in which Node's would.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setImmediate } from './clock.js';
import { locate } from './errors.js';
import { loadText, seesLoader } from './loader-hooks.js';
import { importFrom } from './node-import.js';
import { isUnresolved } from './outcome.js';
import { nodeVersion } from './running-node.js';
import { importTiming, measuredTiming } from './timing.js';

/** @typedef {import('./timing.js').ImportTiming} ImportTiming */
/** @typedef {import('./instance.js').ModuleInstance} ModuleInstance */

/** An assumption until the running Node has been measured. @type {ImportTiming} */
let timing = { cached: 8, evaluated: 7, unlinkable: 7, unparsable: 5, levels: undefined, loadedLevel: 2, isDepthFirst: true };

/** Node resolves and loads what a module asks for at once, one after the other with all below it. */
const loadsDepthFirst = nodeVersion >= 24;

/** What Node takes longer for the segments of an evaluation than for a program of as many levels. */
const segmentTurns = loadsDepthFirst ? 0 : 1;

/**
 * Measures the running Node, before the first hot module can call `import()`.
 * @returns {Promise<void> | undefined} nothing if that has been done
 */
export function measureImports() {
  const measured = measuredTiming();
  if (!measured) return importTiming().then(() => void measureImports());
  timing = measured;
  return undefined;
}

/** Milliseconds after which it is looked which scripts Node has loaded for an `import()`. */
const loadingTime = 100;

export class DynamicImports {
  #modules;
  /** @type {NodeJS.Timeout | undefined} */
  #looking;
  /** What could not be loaded before: Node says so at once, without reading files. @type {Set<string>} */
  #unloadable = new Set();
  /** What waits for its turn. @type {Set<import('./native.d.ts').Plan>} */
  #linking = new Set();
  /** What is about to fail, with the turns until then. @type {Map<string, {left: number}>} */
  #faults = new Map();
  /** What is being imported, by the module. @type {Map<number, Flight>} */
  #flights = new Map();
  /** What each importer has reached. @type {Map<number, Set<number>>} */
  #reached = new Map();

  /** @param {import('./modules.js').Modules} modules */
  constructor(modules) {
    this.#modules = modules;
  }

  /**
   * @param {ModuleInstance} importer
   * @param {unknown} specifier
   * @param {any} options
   * @returns {Promise<object>} the namespace
   */
  import(importer, specifier, options) {
    try {
      const text = `${specifier}`;
      const attributes = importAttributes(options);
      const isLeft = this.#modules.session.leftToNode(text, importer.url, attributes);
      if (isLeft) return this.#importScript(importer, text) ?? this.#importByNode(importer, text, attributes);
      return this.#importHot(importer, { specifier: text, parent: importer.url, importer: importer.id, attributes });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** CommonJS that has been loaded again, or is to be. @param {ModuleInstance} importer @param {string} specifier */
  #importScript({ url }, specifier) {
    if (!this.#modules.scripts.hasReplaced) return undefined;
    const file = this.#modules.session.resolve(specifier, url).url;
    const script = file?.startsWith('file:') ? this.#modules.script(fileURLToPath(file)) : undefined;
    return script && Promise.resolve(script.namespace());
  }

  /** @param {number} id */
  forget(id) {
    this.#reached.delete(id);
  }

  /** @param {ModuleInstance} importer @param {string} specifier @param {[string, string][]} attributes */
  #importByNode({ id, url }, specifier, attributes) {
    this.#modules.reach({ import: { specifier, parent: url, importer: id, attributes } });
    // Who listened to the promise itself would hide a rejection that the program does not handle. What is saved until
    // then is reported when it is watched.
    this.#looking ??= setTimeout(() => {
      this.#looking = undefined;
      this.#modules.onGrowth();
    }, loadingTime).unref();
    return importFrom(url, specifier, Object.fromEntries(attributes));
  }

  /**
   * @param {ModuleInstance} importer
   * @param {import('./native.d.ts').ImportRequest} wanted
   * @returns {Promise<object>}
   */
  async #importHot(importer, wanted) {
    const { session } = this.#modules;
    let prepared = this.#modules.prepare({ import: wanted });
    if (prepared.plan.failures.length > 0) {
      const failed = this.#failed(prepared);
      const key = keyOf(wanted);
      const known = this.#faults.get(key);
      const turns = this.#turnsToRejection(prepared.plan, wanted);
      const fault = { left: (turns ?? 1) - 1 };
      if (!known) this.#faults.set(key, fault);
      if (turns === undefined) await reading(1);
      // Who has asked before is told before, in the same turn.
      for (; fault.left > 0 || (known && known.left > 0); fault.left -= 1) await undefined;
      if (!known) this.#faults.delete(key);
      return this.#result(importer, wanted, failed instanceof Promise ? await failed : failed);
    }
    const unresolved = this.#modules.unresolvedNow(prepared);
    if (unresolved) {
      const turns = turnsToFault(this.#isFirst(wanted), prepared.plan.depth.breadthFirst, true);
      for (let left = turns - 1; left > 0; left -= 1) await undefined;
      return this.#result(importer, wanted, unresolved);
    }
    const { version } = this.#modules;
    const { depth } = prepared.plan;
    const isLoaded = depth.read === 0;
    const id = /** @type {number} */ (prepared.imported);
    const known = this.#flights.get(id);
    if (known) {
      // Node has one job for all who import a module, and it settles for all in one turn.
      session.rollBack(prepared.plan.transaction, [], true);
      for (let left = turnsToEvaluation(); left > 0; left -= 1) await undefined;
      await (known.settlement.isNear ? new Settlement(true) : known.settlement).joined;
      if (!known.settlement.isOver) await known.settlement.over;
      return this.#result(importer, wanted, /** @type {import('./outcome.js').Outcome} */ (known.outcome));
    }
    const settlement = new Settlement();
    /** @type {Flight} */
    const flight = { settlement };
    this.#flights.set(id, flight);
    this.#linking.add(prepared.plan);
    if (!isLoaded && !timing.levels) await reading(depth.read);
    else for (let left = turnsBefore(isLoaded ? undefined : depth, depth.byNode) - this.#turnsToDefine(prepared.plan); left > 0; left -= 1) await undefined;
    this.#linking.delete(prepared.plan);
    if (version !== this.#modules.version) {
      session.rollBack(prepared.plan.transaction, [], true);
      prepared = this.#modules.prepare({ import: wanted });
    }
    flight.outcome = await this.#modules.carryOut(prepared, () => settlement.near());
    if (this.#flights.get(id) === flight) this.#flights.delete(id);
    settlement.near();
    await settlement.reached;
    settlement.end();
    return this.#result(importer, wanted, flight.outcome);
  }

  /** Whether an `import()` is about to link a module. @param {number} id */
  isLinking(id) {
    return [...this.#linking].some(({ steps }) => steps.some((step) => step.id === id));
  }

  /** An environment that is made by an asynchronous function is there a turn later. @param {import('./native.d.ts').Plan} plan */
  #turnsToDefine({ modules }) {
    const isMade = (/** @type {number} */ id) => !this.#modules.claims.has(id) && !this.#modules.isCurrent(id);
    return modules.some((it) => it.kind === 'module' && it.awaits && it.cycle !== null && isMade(it.id)) ? 1 : 0;
  }

  /** @param {import('./outcome.js').Prepared} prepared that has failed */
  #failed(prepared) {
    const error = askNode(prepared.plan);
    if (error === undefined) return this.#modules.failed(prepared);
    locate(error, JSON.stringify(prepared.plan.failures[0]));
    return this.#modules.failed(prepared, [error]);
  }

  /**
   * @param {ModuleInstance} importer
   * @param {import('./native.d.ts').ImportRequest} wanted
   * @param {import('./outcome.js').Outcome} outcome
   * @returns {object} the namespace
   */
  #result(importer, { specifier, parent, attributes }, outcome) {
    const { failed, errors, imported } = outcome;
    if (failed) {
      this.#modules.onFailure(outcome);
      const { url } = this.#modules.session.resolve(specifier, parent);
      throw this.#modules.failures.sameAsBefore(url, JSON.stringify(attributes), errors[0]);
    }
    const id = /** @type {number} */ (imported);
    this.#remember(importer.id, id);
    return this.#modules.namespaces.of(id);
  }

  /**
   * @param {import('./native.d.ts').Plan} plan that has failed
   * @param {import('./native.d.ts').ImportRequest} wanted
   * @returns {number | undefined} nothing if Node reads files before
   */
  #turnsToRejection({ failures: [failure], depth }, wanted) {
    const isFirst = this.#isFirst(wanted);
    if (isFirst && !timing.levels) return undefined;
    if (failure.kind !== 'link') return turnsToFault(isFirst, depth.breadthFirst, false);
    // Linking comes where evaluation would.
    const loading = isFirst ? turnsToEvaluation(depth) - turnsToEvaluation() + (loadsDepthFirst ? 0 : 2) : 0;
    return loading + timing.unlinkable;
  }

  /** Whether Node would load this for the first time. @param {import('./native.d.ts').ImportRequest} wanted that cannot be loaded */
  #isFirst(wanted) {
    const key = keyOf(wanted);
    const isFirst = !this.#unloadable.has(key);
    this.#unloadable.add(key);
    return isFirst;
  }

  /** @param {number} importer @param {number} id */
  #remember(importer, id) {
    const reached = this.#reached.get(importer) ?? new Set();
    this.#reached.set(importer, reached);
    if (reached.has(id)) return;
    reached.add(id);
    this.#modules.onGrowth();
  }
}

/** @param {import('./native.d.ts').ImportRequest} wanted */
function keyOf({ specifier, parent }) {
  return `${parent} ${specifier}`;
}

/**
 * What Node says of a text that does not parse: its error has the line of code to print if nobody handles it. Node remembers
 * nothing of such a text.
 * @param {import('./native.d.ts').Plan} plan that has failed
 * @returns {unknown} nothing if it takes the text after all
 */
function askNode({ failures: [failure], modules }) {
  // What is broken may not be what Node meets first.
  if (!seesLoader() || failure.text === undefined || modules.some(isUnresolved)) return undefined;
  const url = pathToFileURL(failure.file).href;
  try {
    loadText(url, new Map([[url, failure.text]]));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return thrown;
  }
  return undefined;
}

/**
 * The turn after the call in which Node evaluates a module.
 * @param {import('./native.d.ts').Levels} [depth] of its graph, unless that is loaded
 */
function turnsToEvaluation(depth) {
  const { cached, evaluated, levels, loadedLevel, isDepthFirst } = timing;
  if (!depth || !levels) return cached - evaluated + 1;
  const [one, two, three, four] = levels;
  const all = isDepthFirst ? depth.depthFirst : depth.breadthFirst;
  if (all === 1) return one + 1;
  // A level below one that has just been read costs as much, although what is on it may have been loaded.
  const fresh = Math.max(0, Math.min(all, depth.read + 1) - 2) * (four - three - loadedLevel);
  return two + (all - 2) * loadedLevel + fresh + 1;
}

/**
 * The turn after the call in which Node tells that something is no module, or cannot be resolved.
 * @param {boolean} isFirst Node has not tried before
 * @param {number} level of the fault
 * @param {boolean} isUnresolved
 */
function turnsToFault(isFirst, level, isUnresolved) {
  if (loadsDepthFirst || level < 2) return timing.unparsable;
  if (!isFirst) return timing.unlinkable;
  const evaluation = turnsToEvaluation({ breadthFirst: level, depthFirst: level, read: level });
  return evaluation - (level > 2 ? 1 : isUnresolved ? 3 : 2);
}

/**
 * How many turns after the call a plan is carried out: Node itself takes some for what it has to load.
 * @param {import('./native.d.ts').Levels | undefined} depth
 * @param {import('./native.d.ts').Levels | null} byNode
 */
function turnsBefore(depth, byNode) {
  return turnsToEvaluation(depth) - (byNode ? turnsToEvaluation(byNode) + segmentTurns : 0);
}

/** Node 20 reads a graph level by level from the disk: a deeper one is there later. @param {number} rounds */
async function reading(rounds) {
  for (let left = rounds; left > 0; left -= 1) await new Promise((resolve) => setImmediate(resolve));
}

/** An `import()` under way, and what came of it. @typedef {{settlement: Settlement, outcome?: import('./outcome.js').Outcome}} Flight */

/** The turns between the end of an evaluation and the moment in which `import()` settles. */
class Settlement {
  isNear = false;
  /** @type {(() => void)[]} */
  #reach = [];
  reached = this.#promise();
  /** In the same turn, for who calls later. */
  joined = this.#promise();
  /** Who has called first has got the outcome, which takes longer if something has failed. */
  isOver = false;
  end = () => {};
  /** @type {Promise<void>} */
  over = new Promise((resolve) => {
    this.end = () => {
      this.isOver = true;
      resolve();
    };
  });

  /** @param {boolean} [isOver] the evaluation is over */
  constructor(isOver = false) {
    if (isOver) void this.near();
  }

  /** @returns {Promise<void>} */
  #promise() {
    return new Promise((resolve) => void this.#reach.push(resolve));
  }

  /** The evaluation is over. */
  async near() {
    if (this.isNear) return;
    this.isNear = true;
    // One turn until the waiting function goes on, one until its promise's reactions run.
    for (let left = timing.evaluated - 3; left > 0; left -= 1) await undefined;
    for (const reach of this.#reach) reach();
  }
}

/** V8's words before Node 24. */
const words = nodeVersion < 24 ? { option: 'assert', value: 'assertion' } : { option: 'with', value: 'attribute' };

/** EvaluateImportCall steps 9.d: the attributes of `import(specifier, options)`. @param {any} options */
function importAttributes(options) {
  if (options === undefined) return [];
  if (!isObject(options)) {
    throw new TypeError('The second argument to import() must be an object');
  }
  let { with: attributes } = options;
  if (attributes === undefined && nodeVersion < 22) attributes = options.assert;
  if (attributes === undefined) return [];
  if (!isObject(attributes)) {
    throw new TypeError(`The '${words.option}' option must be an object`);
  }
  // As V8 does it: all keys, then all values.
  const entries = Object.keys(attributes).map((key) => /** @type {[string, string]} */ ([key, attributes[key]]));
  if (entries.some(([, value]) => typeof value !== 'string')) {
    throw new TypeError(`Import ${words.value} value must be a string`);
  }
  return entries.sort(([one], [other]) => (one < other ? -1 : 1));
}

/** @param {any} value @returns {boolean} */
function isObject(value) {
  return typeof value === 'function' || (typeof value === 'object' && value !== null);
}
