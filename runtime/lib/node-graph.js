/**
 * Hot modules that Node orders. The graph of the engine ends at packages. When one of them imports a hot module, they may lie
 * in a cycle, which is found out when Node links: before any module of the evaluation has run. From then on each hot module
 * of it has a facade that imports and exports what the module does, so Node finds the whole graph, and links and evaluates it
 * as ECMA-262 says. A facade that is evaluated executes its module, and nothing below it.
 */
import { toRun } from './compile.js';
import { thrownAmong } from './failed-steps.js';
import { forgetFacade, linkedFacade } from './facades.js';
import { ModuleInstance } from './instance.js';
import { importLinked } from './linked-packages.js';
import { forgetTexts, importOwn, provideTexts, urlOfOwn } from './loader-hooks.js';
import { importNow } from './node-import.js';
import { orderedFacade } from './ordered-facade.js';
import { withClause } from './module-text.js';

/** @typedef {import('./native.d.ts').Links} Links */

/** What ends an evaluation that is Node's to order, before anything has run. */
export const isOrderedByNode = new Error('Node orders these modules');

/** @typedef {Links['requests'][number]} Request */

/**
 * A facade in the graph.
 * @typedef {object} Ordered
 * @property {string} url
 * @property {number} number
 * @property {string} values URL of what holds those of its bindings that have values from the beginning
 * @property {boolean} isEvaluated Node has begun to evaluate it
 */

let lastNumber = 0;

export class NodeGraph {
  /** By the ids of their modules. @type {Map<number, Ordered>} */
  #facades = new Map();
  /** What Node has linked, and evaluates with the hot modules. @type {Map<number, string>} */
  #externals = new Map();
  /** By their URLs. @type {Map<string, string>} */
  #texts = new Map();
  #number;
  #root;
  #modules;
  #transaction;
  #known;
  #opened;

  /**
   * @param {import('./modules.js').Modules} modules
   * @param {import('./transaction.js').Transaction} transaction
   * @param {Map<number, Ordered>} known facades of modules that have been ordered before
   */
  constructor(modules, transaction, known) {
    lastNumber += 1;
    this.#number = lastNumber;
    this.#modules = modules;
    this.#transaction = transaction;
    this.#known = known;
    this.#root = /** @type {import('./native.d.ts').Step} */ (transaction.plan.steps.at(-1)).id;
    this.#opened = openEarly(modules, transaction);
    const found = new Set([this.#root]);
    // It grows while it is visited.
    for (const id of found) for (const next of this.#add(id)) found.add(next);
    const root = this.#urlOf(this.#root);
    this.#texts.set(root, `${this.#allValues()}${this.#texts.get(root)}`);
    provideTexts(this.#texts);
  }

  /** By their modules. */
  get facades() {
    return [...this.#facades];
  }

  /** Whether it has all that is to be evaluated. */
  get isWhole() {
    const { evaluation, plan } = this.#transaction;
    return plan.steps.every(({ id }) => this.#facades.has(id) || evaluation.isFromNode(id));
  }

  /**
   * Has Node evaluate all of it.
   * @param {(namespaces: import('./linked-packages.js').Linked) => void} link gets packages that have not been evaluated
   * @returns {Promise<object>}
   */
  async evaluate(link) {
    const urls = this.facades.map(([id, { url }]) => /** @type {[number, string]} */ ([id, url]));
    /** @type {import('./linked-packages.js').Linked} */
    const linked = new Map();
    await importLinked([...urls, ...this.#externals], linked);
    for (const [id, { number }] of this.#facades) {
      const namespace = linked.get(id);
      if (namespace) linkedFacade(number, namespace);
      linked.delete(id);
    }
    link(linked);
    this.#transaction.cycles.linkEarly(this.#opened, this.#transaction.bindings);
    // V8 does not bear that a cycle which has failed is imported again, unless its root is what was imported first.
    return importOwn(this.#urlOf(this.#root)).finally(() => forgetTexts(this.#texts));
  }

  /** Has Node evaluate a module before its time, with what it needs. @param {number} id */
  evaluateNow(id) {
    importNow(this.#urlOf(id), []);
  }

  /** Node evaluates the first of its modules in this job. */
  #begin() {
    const { evaluation, plan } = this.#transaction;
    if (evaluation.hasBegun) return;
    evaluation.hasBegun = true;
    queueMicrotask(() => {
      if (evaluation.isOver) return;
      const left = plan.steps.flatMap(({ id }) => (evaluation.awaitsNode(id) ? (plan.modules.find((each) => each.id === id) ?? []) : []));
      const thrown = thrownAmong(left, false);
      if (thrown) evaluation.nodeFailed(thrown.error, thrown.id);
    });
  }

  /**
   * Node has come to a hot module.
   * @param {number} id
   * @returns {Promise<unknown> | undefined} what it has to wait for
   */
  #execute(id) {
    const { evaluation } = this.#transaction;
    const module = evaluation.modules.get(id);
    if (!module) return undefined;
    // It is evaluated although another module has failed.
    if (module.isAbandoned && !evaluation.claims.has(id)) {
      module.begin(evaluation.claims);
      this.#modules.failures.forget(id);
    }
    if (!evaluation.owns(id)) return module.end;
    evaluation.execute(id);
    return module.completion;
  }

  /** @param {number} id */
  #mayWait(id) {
    const module = this.#transaction.evaluation.modules.get(id);
    return module !== undefined && (module.hasTopLevelAwait || module.owner.claims.get(id) !== module);
  }

  /** Modules of Node that have failed with the cycle of hot ones that they are in, although they had run. */
  get failed() {
    const { plan, evaluated } = this.#transaction;
    return evaluated.filter((id) => thrownAmong(plan.modules.filter((each) => each.id === id)));
  }

  #allValues() {
    return Array.from(this.#facades.values(), ({ values }) => `import${JSON.stringify(values)};`).join('');
  }

  /** @param {number} id */
  #urlOf(id) {
    const isOver = !this.#transaction.evaluation.owns(id);
    return (isOver && this.#known.get(id)?.url) || urlOfOwn(`ordered/${this.#number}/${id}`);
  }

  /** @param {number} id of a hot module @returns {number[]} hot modules that it imports */
  #add(id) {
    const url = this.#urlOf(id);
    if (this.#known.get(id)?.url === url) return [];
    const { evaluation, bindings } = this.#transaction;
    /** @type {Links} */
    const links = JSON.parse(this.#modules.session.links(id));
    const requests = new Map(links.requests.map((request) => [request.id, request]));
    const given = [...requests.values()].filter((request) => evaluation.awaitsNode(request.id));
    for (const { id: external, specifier, attributes } of given) {
      if (specifier?.startsWith('file:') && attributes.length === 0) this.#externals.set(external, specifier);
    }
    /** @type {import('./facades.js').Evaluating['evaluate']} */
    const evaluate = (_, namespaces = []) => {
      forgetFacade(number);
      facade.isEvaluated = true;
      for (const [index, request] of given.entries()) evaluation.provide(request.id, namespaces[index]);
      return this.#execute(id);
    };
    const { number, text, values } = orderedFacade(this.#modules.namespaces, id, bindings, {
      own: links.own,
      isOver: !evaluation.owns(id),
      begin: () => this.#begin(),
      evaluating: { evaluate, waits: this.#mayWait(id), given: given.map((request) => `e${request.id}`) },
    });
    const facade = { url, number, values, isEvaluated: false };
    this.#facades.set(id, facade);
    this.#texts.set(url, `${this.#entries(links, requests, given)}${text}`);
    return [...requests.values()].filter(({ specifier }) => specifier === null).map((request) => request.id);
  }

  /** @param {Links} links @param {Map<number, Request>} requests @param {Request[]} given */
  #entries({ imports, passedOn, stars }, requests, given) {
    const from = (/** @type {number} */ id) => {
      const { specifier, attributes } = /** @type {Request} */ (requests.get(id));
      return `from${JSON.stringify(specifier ?? this.#urlOf(id))}${withClause(attributes)};`;
    };
    const requested = Array.from(requests.values(), (request) => `import${given.includes(request) ? `*as e${request.id} ` : '{}'}${from(request.id)}`);
    // Node finds those that are not there.
    const bound = imports.map(([id, name], index) => `import{${JSON.stringify(name)} as i${index}}${from(id)}`);
    const names = passedOn.map(([name, id, its]) => {
      const [exported, own] = [name, its ?? ''].map((each) => JSON.stringify(each));
      return its === null ? `export*as ${exported}${from(id)}` : `export{${own} as ${exported}}${from(id)}`;
    });
    return [...requested, ...bound, ...names, ...stars.map((id) => `export*${from(id)}`)].join('');
  }
}

/**
 * The functions of all modules of an evaluation exist from now on, and what else they export is told when it gets a value.
 * @param {import('./modules.js').Modules} modules
 * @param {import('./transaction.js').Transaction} transaction
 */
function openEarly({ session }, transaction) {
  const answer = session.openEarly(transaction.id);
  /** @type {ModuleInstance[]} */
  const opened = [];
  if (!answer) return opened;
  const planned = new Map(transaction.plan.modules.map((definition) => [definition.id, definition]));
  for (const definition of JSON.parse(answer.plan).modules) {
    const instance = transaction.made(definition.id);
    if (!(instance instanceof ModuleInstance)) continue;
    const text = answer.texts[definition.code];
    const own = { ...definition, cycle: -1 };
    instance.become(own, text, toRun(text, definition));
    opened.push(instance);
    planned.set(own.id, own);
  }
  transaction.plan.modules = [...planned.values()];
  transaction.cycles.create(opened);
  return opened;
}
