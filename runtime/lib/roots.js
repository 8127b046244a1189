/**
 * Roots of a program that is hot as a whole: hot files that Node is about to load, since it starts with them (the main
 * module, a worker's entry) or since a module that is not hot imports them. Each is loaded hot in that moment, and Node
 * gets a facade that runs it when Node would.
 *
 * What does not parse, resolve or link is left to Node, which says so in its own words: nothing has run. Of TypeScript and
 * JSX it has none.
 */
import { fileURLToPath } from 'node:url';
import { compileAll } from './compile.js';
import { failureErrorNow } from './errors.js';
import { isTypeScript } from './files.js';
import { supervisor } from './supervisor.js';
import { tellUnsettled } from './unsettled.js';
import { measuredTiming } from './timing.js';

export class Roots {
  #engine;
  #app;

  /** @param {import('./engine.js').Engine} engine @param {import('./app.js').App} app */
  constructor(engine, app) {
    this.#engine = engine;
    this.#app = app;
  }

  /**
   * What Node is to load in the place of a file, if that is hot.
   * @param {string} url
   * @param {boolean} isEntry the program, or a thread, starts with it
   * @returns {string | undefined}
   */
  textFor(url, isEntry) {
    const { modules, session } = this.#engine;
    const known = modules.textForNode(url);
    if (known !== undefined || session.leftToNode(url, url, [])) return known;
    const prepared = modules.prepare({ import: { specifier: url, parent: url, root: true } });
    const { plan, imported: id } = prepared;
    const isBeyondNode = [url, ...plan.failures.map(({ file }) => file)].some(isTypeScript);
    supervisor?.files([fileURLToPath(url), ...awaitedBy(plan)]);
    if (plan.failures.length > 0 && isBeyondNode) throw failureErrorNow(plan.failures[0]);
    if (plan.failures.length > 0) session.loadedByNode([url]);
    if (plan.failures.length > 0 || id === undefined) return undefined;
    if (session.hotModule(url) !== id) {
      // CommonJS.
      session.rollBack(plan.transaction, [], false);
      return undefined;
    }
    if (!compiles(prepared)) {
      // A regular expression, or what else only V8 finds.
      session.rollBack(plan.transaction, [], false);
      session.loadedByNode([url]);
      return undefined;
    }
    this.#app.opened();
    const evaluate = (/** @type {boolean | undefined} */ isMain) => {
      if (isMain) modules.main = url;
      return this.#evaluate(prepared, id, isEntry);
    };
    const waits = mayWait(plan);
    if (waits) this.#engine.required.waits.add(url);
    return modules.namespaces.textForNode(id, url, { evaluate, waits, measures: measures(plan), isEntry });
  }

  /**
   * @param {import('./outcome.js').Prepared} prepared
   * @param {number} id
   * @param {boolean} isEntry
   * @returns {Promise<void> | undefined} nothing if it has run
   */
  #evaluate(prepared, id, isEntry) {
    const { modules } = this.#engine;
    /** @type {(value?: unknown) => void} */
    let resolve = () => {};
    /** @type {(reason: unknown) => void} */
    let reject = () => {};
    let isSettled = false;
    let stopTelling = () => {};
    const evaluated = new Promise((...settle) => ([resolve, reject] = settle));
    // Once: a program may listen for promises that are settled twice.
    const settle = (/** @type {() => void} */ action) => {
      if (!isSettled) action();
      isSettled = true;
      stopTelling();
    };
    // Node hears of the end in the job in which it comes: a program can tell.
    const onEnd = () => {
      const failure = modules.failures.of(id);
      if (failure) settle(() => reject(failure.error));
      else if (modules.isCurrent(id)) settle(resolve);
    };
    modules.carryOut(prepared, onEnd).then(({ failed, errors }) => {
      if (failed) return settle(() => reject(errors[0]));
      this.#app.loaded(id);
      settle(resolve);
    });
    const failure = modules.failures.of(id);
    const isOver = failure !== undefined || modules.isCurrent(id);
    if (isEntry && !isOver) stopTelling = tellUnsettled(modules, id, () => settle(resolve));
    if (!isOver) return /** @type {Promise<any>} */ (evaluated);
    // Whoever called hears of it at once.
    evaluated.catch(() => {});
    if (failure) throw failure.error;
    return undefined;
  }
}

/** Compiles what is going to run, if V8 takes it. @param {import('./outcome.js').Prepared} prepared */
function compiles(prepared) {
  try {
    prepared.compiled = compileAll(prepared);
    return true;
  } catch {
    return false;
  }
}

/** Files whose appearance or change may repair what fails of a plan. @param {import('./native.d.ts').Plan} plan */
function awaitedBy({ awaited, modules }) {
  const missing = modules.flatMap((definition) => (definition.kind === 'external' ? definition.tried : []));
  return [...awaited, ...missing];
}

/** Whether the running Node has to be measured before. @param {import('./native.d.ts').Plan} plan */
function measures({ importsDynamically }) {
  return importsDynamically && measuredTiming() === undefined;
}

/** Whether carrying a plan out may take more than one turn. @param {import('./native.d.ts').Plan} plan */
function mayWait({ steps, modules }) {
  const takesTurns = modules.some((definition) => definition.kind === 'external' || definition.kind === 'native');
  return takesTurns || steps.some(({ isAsync }) => isAsync);
}
