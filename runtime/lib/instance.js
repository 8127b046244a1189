/**
 * Instances: what runs of a module. An instance is one evaluation of one version; an update makes
 * a new one and forgets the old.
 */
import { createImportMeta } from './import-meta.js';
import { Pushes, Subscription } from './subscriptions.js';

/** @typedef {import('./native.d.ts').Target} Target */
/** @typedef {import('./native.d.ts').ModuleDefinition & {id: number, url: string}} Definition */
/** @typedef {() => unknown} Getter reads a binding; throws a ReferenceError before it is initialised */

/**
 * What others may ask of any instance.
 * @typedef {object} Instance
 * @property {number} id
 * @property {(key: number | string) => Getter} getter of an export, by getter number (hot modules) or name
 * @property {() => object} namespace the module namespace object
 */

/** Makes a live object: its properties are bindings, and it has no others. */
function createLiveObject() {
  // In a module `arguments` is a free name, in its function it would be the function's.
  return Object.create(null, { arguments: { get: readArguments } });
}

function readArguments() {
  if ('arguments' in globalThis) return /** @type {any} */ (globalThis).arguments;
  throw hideFrames(new ReferenceError('arguments is not defined'), readArguments);
}

const noLiveBindings = createLiveObject();

const directEval = globalThis.eval;

function assignToConstant() {
  throw hideFrames(new TypeError('Assignment to constant variable.'), assignToConstant);
}

/**
 * Reads a binding under the name it has for the reader. Reading can only fail because the binding
 * is not initialised, and V8 would name the exporter's variable.
 * @param {Getter} get
 * @param {string} words of the error if it is not
 * @param {Function} reader the stack begins at its caller
 */
export function initialised(get, words, reader) {
  try {
    return get();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw hideFrames(new ReferenceError(words), reader);
  }
}

/** @template {Error} E @param {E} error @param {Function} below @returns {E} */
export function hideFrames(error, below) {
  Error.captureStackTrace(error, below);
  return error;
}

/** Nobody sees it: namespaces often ask for bindings of modules that have not begun. */
const unevaluated = new ReferenceError('the module has not been evaluated');

/** A hot ECMAScript module. @implements {Instance} */
export class ModuleInstance {
  /** Reads an exported binding. @type {(index: number) => unknown} */
  #read = () => {
    throw unevaluated;
  };
  /** @type {((slot: number, value: unknown) => void) | undefined} */ #setter;
  /** @type {Getter[]} */ #imports = [];
  /** @type {Map<number, string>} */ #live = new Map();
  /** The suspended body of a module in a cycle. @type {Generator | AsyncGenerator | undefined} */
  #body;
  /** @type {Pushes | undefined} */ #pushes;
  /** What it said through `import.meta.hot`, if it did. @type {import('./hot-state.js').HotState | undefined} */
  hot;
  /** The live object. @type {object | undefined} */ #bindings;
  /** Assignments that renew the variables of imports. */
  subscription = new Subscription();

  /**
   * @param {Definition} definition
   * @param {string} text
   * @param {import('node:vm').Script} script the same, compiled
   * @param {import('./modules.js').Modules} modules
   */
  constructor(definition, text, script, modules) {
    this.id = definition.id;
    this.url = definition.url;
    this.awaits = definition.awaits;
    this.meta = definition.meta;
    this.mentionsHot = definition.mentionsHot;
    this.exports = definition.exports;
    this.targets = definition.bindings;
    this.modules = modules;
    this.definition = definition;
    this.text = text;
    this.script = script;
    this.#prepare();
  }

  /**
   * Before it begins it can get another text of the same version.
   * @param {Definition} definition
   * @param {string} text
   * @param {import('node:vm').Script} script the same, compiled
   */
  become(definition, text, script) {
    this.definition = definition;
    this.text = text;
    this.script = script;
    this.#prepare();
  }

  #prepare() {
    const { definition } = this;
    this.#live = new Map(definition.live);
    if (definition.pushed.length > 0) this.#pushes = new Pushes((index) => this.#read(index));
  }

  /** Of the cycle that it is a member of. @returns {number | null} */
  get cycle() {
    return this.definition.cycle;
  }

  /** Its source map, if it has one. */
  get map() {
    return this.definition.map;
  }

  /** Whether its code has other places than in the file. */
  get otherPlaces() {
    return this.definition.otherPlaces;
  }

  /**
   * The code that a direct `eval` of the module is to run.
   * @param {string} others names that mean something else there
   * @param {unknown} [code]
   */
  #renderEval = (others, code) => {
    // Otherwise the program calls a function of its own, or `eval` only gives back what it is given.
    if (typeof code !== 'string' || globalThis.eval !== directEval || !this.definition.evals) return code;
    return this.modules.session.renderEval(this.id, code, this.definition.evals, others) ?? code;
  };

  /** @param {number | string} key @returns {Getter} */
  getter(key) {
    const index = typeof key === 'number' ? key : this.exports.indexOf(key);
    // Looked up when read: a module in a cycle may be linked before its environment exists.
    return () => this.#read(index);
  }

  namespace() {
    return this.modules.namespaces.of(this.id);
  }

  /** @param {number} index of an export @returns {import('./subscriptions.js').Origin | undefined} */
  origin(index) {
    return this.#pushes && this.definition.pushed.includes(index) ? { pushes: this.#pushes, index } : undefined;
  }

  /**
   * Says where imports come from.
   * @param {Getter[]} imports in slot order
   * @param {(import('./subscriptions.js').Origin | undefined)[]} origins of those that are assigned later
   */
  bind(imports, origins) {
    this.#imports = imports;
    this.subscription.end();
    for (let slot = 0; slot < origins.length; slot += 1) {
      const origin = origins[slot];
      if (origin) this.subscription.add(origin, slot, (value) => this.assign(slot, value));
    }
    if (!this.subscription.isEmpty) this.modules.listens(this);
  }

  /** Assigns the variable of an import. @param {number} slot @param {unknown} value */
  assign(slot, value) {
    this.#setter?.(slot, value);
  }

  /**
   * Copies the imported values into the module's variables: before it runs, and again whenever
   * one of its dependencies has been replaced.
   */
  link() {
    // There are as many of these as there are imports in the program.
    for (let slot = 0; slot < this.#imports.length; slot += 1) {
      const get = this.#imports[slot];
      this.assign(slot, this.#live.has(slot) ? this.#attempt(get) : this.#take(slot, get));
    }
  }

  /** Only who is required before its time can find nothing. @param {number} slot @param {Getter} get */
  #take(slot, get) {
    try {
      return get();
    } catch (error) {
      if (error !== unevaluated) throw error;
      const [id, index] = /** @type {[number, number]} */ (this.targets[slot]);
      const exporter = /** @type {ModuleInstance} */ (this.modules.current().find(id));
      throw new ReferenceError(`Cannot access '${exporter.exports[index]}' before initialization`);
    }
  }

  /**
   * Creates the environment of a module in a cycle: functions exist, nothing has run. An asynchronous one is ready to run
   * a turn later.
   */
  createEnvironment() {
    this.#body = this.#bind()();
    this.#body?.next();
    if (this.definition.nameDefault !== null) {
      const defaultFunction = /** @type {object} */ (this.#read(this.definition.nameDefault));
      Object.defineProperty(defaultFunction, 'name', { value: 'default' });
    }
  }

  /** Links as far as possible while others of the cycle have not run. */
  linkInCycle() {
    for (const [slot, get] of this.#imports.entries()) this.assign(slot, this.#live.has(slot) ? this.#attempt(get) : attempt(get));
  }

  /** The executable text knows by the live object that there is no value yet. @param {Getter} get */
  #attempt(get) {
    try {
      return get();
    } catch {
      return this.#bindings;
    }
  }

  /** What is read live is in variables, too, where debuggers look. */
  showLive() {
    for (const slot of this.#live.keys()) this.assign(slot, this.#attempt(this.#imports[slot]));
  }

  /** Copies imported values again, at any time. */
  relink() {
    if (this.#body) this.linkInCycle();
    else this.link();
  }

  /**
   * What evaluates the module, to be called once: no frame of the runtime stands between the caller and the
   * module. Gives a promise if it is asynchronous.
   * @returns {() => unknown}
   */
  begin() {
    if (this.cycle === null) return this.#bind();
    this.link();
    const body = /** @type {Generator} */ (this.#body);
    this.#body = undefined;
    return body.next.bind(body);
  }

  #bind() {
    const receive = (
      /** @type {(slot: number, value: unknown) => void} */ setter,
      /** @type {(index: number) => unknown} */ read,
    ) => {
      this.#setter = setter;
      this.#read = read;
      if (this.cycle === null) this.link();
    };
    const dynamicImport = (/** @type {unknown} */ specifier, /** @type {unknown} */ options) =>
      this.modules.imports.import(this, specifier, options);
    this.#bindings = this.#liveBindings();
    const meta = this.meta ? createImportMeta(this) : undefined;
    const push = this.#pushes?.push;
    // Each evaluation has a function of its own, and learns types of its own.
    const run = this.script.runInThisContext();
    return run.bind(undefined, meta, dynamicImport, receive, this.#bindings, push);
  }

  #liveBindings() {
    if (this.#live.size === 0 && !this.definition.evals) return noLiveBindings;
    const bindings = createLiveObject();
    if (this.definition.evals) Object.defineProperty(bindings, 'eval', { value: this.#renderEval });
    for (const [slot, name] of this.#live) {
      const get = () => initialised(this.#imports[slot], `Cannot access '${name}' before initialization`, get);
      Object.defineProperty(bindings, name, { get, set: assignToConstant });
    }
    return bindings;
  }
}

/**
 * What is evaluated again as it runs, in words of its own.
 * @param {{id: number, cycle: number | null, bindings: import('./native.d.ts').Target[]}} again
 * @param {Instance | undefined} running
 * @param {string[]} texts its text is added
 * @returns {import('./native.d.ts').Definition}
 */
export function definitionAgain({ cycle, bindings }, running, texts) {
  const { definition, text } = /** @type {ModuleInstance} */ (running);
  return { ...definition, cycle, bindings, code: texts.push(text) - 1 };
}

/** What a text was compiled to, if an instance runs just that. @param {Instance | undefined} instance @param {string} text @param {string} [map] */
export function scriptOf(instance, text, map) {
  const isSame = instance instanceof ModuleInstance && instance.text === text && instance.map === map;
  return isSame ? instance.script : undefined;
}

/** @param {Getter} get */
function attempt(get) {
  try {
    return get();
  } catch {
    return undefined;
  }
}

/** Whether Node has made its namespace object, or it stands for one. @param {Instance} instance */
export function isFromNode(instance) {
  return 'isFromNode' in instance;
}

/** A module that Node has loaded: a package, a builtin, or a module that was there before us. */
export class NodeInstance {
  #namespace;

  /** @param {number} id @param {Record<string, unknown>} namespace */
  constructor(id, namespace) {
    this.id = id;
    this.#namespace = namespace;
  }

  get isFromNode() {
    return true;
  }

  /** @param {number | string} name @returns {Getter} */
  getter(name) {
    return () => this.#namespace[name];
  }

  namespace() {
    return this.#namespace;
  }
}
