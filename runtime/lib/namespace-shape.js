/** What stands behind the names of a namespace object: from what the engine says to what reads bindings. */
/** @typedef {import('./native.d.ts').NamespaceShape} NamespaceShape */
/** @typedef {import('./bindings.js').Bindings} Bindings */
/** @typedef {() => unknown} Getter */

/** The bindings of a namespace by name, in the order of its keys. @typedef {Map<string, Binding>} Shape */
/** @typedef {{get: Getter, origin?: import('./subscriptions.js').Origin}} Binding */

/** What determines the names. @param {NamespaceShape} shape */
export function keyOf({ names, stars, contested, excluded }) {
  return JSON.stringify([names.map(([name]) => name), stars.map(({ id, names, as }) => [id, names, as]), contested, excluded]);
}

/** @param {NamespaceShape} shape @param {Bindings} bindings @returns {Shape} */
export function ownShape({ names }, bindings) {
  /** @type {Shape} */
  const own = new Map();
  for (const [name, target] of names) {
    own.set(name, { get: bindings.reader(target), origin: bindings.origin(target) });
  }
  return own;
}

/** With the names of packages. @param {NamespaceShape} shape @param {Bindings} bindings @returns {Shape} */
export function fullShape(shape, bindings) {
  const full = ownShape(shape, bindings);
  if (shape.stars.length === 0) return full;
  const hidden = new Set(['default', ...shape.excluded, ...full.keys()]);
  for (const star of shape.stars) {
    const instance = bindings.find(star.id);
    for (const [name, own] of star.names ?? []) full.set(name, { get: (instance ?? bindings.before(star.id)).getter(own) });
    if (star.as !== undefined) full.set(star.as, { get: bindings.reader([star.id]) });
    // Before a cycle runs, what Node loads for it may be still to come: only Node knows its names.
    if (star.names || star.as !== undefined || !instance) continue;
    for (const name of Object.keys(instance.namespace())) {
      if (!hidden.has(name) && !full.has(name)) full.set(name, { get: instance.getter(name) });
    }
  }
  return new Map([...full].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** @param {Shape} shape @returns {Map<string, Getter>} */
export function getters(shape) {
  return new Map([...shape].map(([name, { get }]) => [name, get]));
}

/** The value of a binding, if it has one. @param {Getter | undefined} get @returns {{value: unknown} | undefined} */
export function read(get) {
  try {
    return { value: get?.() };
  } catch {
    return undefined;
  }
}

/** Which bindings have a value. @param {NamespaceShape} shape @param {Bindings} bindings @returns {boolean[]} */
export function initialised(shape, bindings) {
  const bound = ownShape(shape, bindings).values();
  return Array.from(bound, ({ get }) => read(get) !== undefined);
}

/** Errors that nobody sees need no stack, which takes most of their time. @param {() => void} action that runs nothing of the program */
export function withoutStacks(action) {
  const limit = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit');
  const isPlain = limit?.writable && limit.configurable;
  if (isPlain) Error.stackTraceLimit = 0;
  try {
    action();
  } finally {
    if (isPlain) Object.defineProperty(Error, 'stackTraceLimit', limit);
  }
}

/** Modules whose namespaces are imported. @param {import('./native.d.ts').Target[]} targets */
export function namespacesIn(targets) {
  const namespaces = targets.filter((target) => Array.isArray(target) && target.length === 1);
  return namespaces.map((target) => /** @type {[number]} */ (target)[0]);
}

/**
 * These namespaces with those that they pass on, which come first.
 * @param {Iterable<number>} ids
 * @param {(id: number) => NamespaceShape | undefined} shapeOf hot modules
 */
export function withPassedOn(ids, shapeOf) {
  const all = new Set(ids);
  // What is added is visited, too.
  for (const id of all) for (const inner of namespacesIn((shapeOf(id)?.names ?? []).map(([, target]) => target))) all.add(inner);
  return new Set([...all].reverse());
}
