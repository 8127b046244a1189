/**
 * Who is told at once when a hot module assigns one of its exported bindings: importers, which have
 * copies of it in variables, and namespace objects.
 *
 * An instance only knows listeners. Who listens, ends that: an importer when its imports are bound
 * anew, a namespace when it shows other bindings.
 */

/** @typedef {(value: unknown) => void} Listener */

/** One of an export, and the value it has been given last. @typedef {{index: number, listener: Listener, told: unknown}} Listening */

/** Before a listener has been given any. */
const nothing = Symbol('nothing');

/** Listeners of one instance's exports. Assignments that nobody listens to cost one look at a field. */
export class Pushes {
  /** @type {Listening[] | undefined} */
  #listening;

  /** @param {(index: number) => unknown} read an exported binding */
  constructor(read) {
    this.#read = read;
  }
  #read;

  /** What the executable text calls after an assignment; returns what it is given. */
  push = (/** @type {unknown} */ value) => {
    if (this.#listening !== undefined) this.#tell(this.#listening);
    return value;
  };

  /** An assignment does not say of what: whose value is as before is not told. @param {Listening[]} all */
  #tell(all) {
    for (let at = 0; at < all.length; at += 1) {
      const listening = all[at];
      let value;
      try {
        value = this.#read(listening.index);
      } catch {
        continue; // Not initialised yet: its importers have not run.
      }
      if (value === listening.told) continue;
      listening.told = value;
      listening.listener(value);
    }
  }

  /** @param {number} index of the export @param {Listener} listener */
  add(index, listener) {
    this.#listening ??= [];
    this.#listening.push({ index, listener, told: nothing });
  }

  /** @param {number} index @param {Listener} listener */
  remove(index, listener) {
    const left = this.#listening?.filter((other) => other.index !== index || other.listener !== listener) ?? [];
    this.#listening = left.length > 0 ? left : undefined;
  }
}

/** An exported binding whose assignments are told. @typedef {{pushes: Pushes, index: number}} Origin */

/** What one importer or namespace listens to. */
export class Subscription {
  /** @type {{pushes: Pushes, index: number, slot: number, listener: Listener}[]} */
  #parts = [];

  get isEmpty() {
    return this.#parts.length === 0;
  }

  /** @param {Origin | undefined} origin @param {number} slot @param {Listener} listener */
  add(origin, slot, listener) {
    if (!origin) return;
    origin.pushes.add(origin.index, listener);
    this.#parts.push({ ...origin, slot, listener });
  }

  /** From now on what listens is not kept by that: it listens as long as something else needs it. @param {Subscriber} subscriber */
  weaken(subscriber) {
    const reference = new WeakRef(subscriber);
    const parts = this.#parts;
    this.end();
    for (const { pushes, index, slot } of parts) {
      const listener = (/** @type {unknown} */ value) => reference.deref()?.assign(slot, value);
      this.add({ pushes, index }, slot, listener);
      // Two modules of a cycle that listen to each other are not to keep each other by this.
      const told = new WeakRef(pushes);
      collected.register(subscriber, () => told.deref()?.remove(index, listener));
    }
  }

  end() {
    for (const { pushes, index, listener } of this.#parts) pushes.remove(index, listener);
    this.#parts = [];
  }
}

/** @type {FinalizationRegistry<() => void>} */
const collected = new FinalizationRegistry((remove) => remove());

/**
 * An instance that listens. Its running code keeps it.
 * @typedef {{id: number, subscription: Subscription, assign: (slot: number, value: unknown) => void}} Subscriber
 */

/**
 * The instances that listen, by module. One that has been replaced may still run, in a timer or in
 * hands of the program: it goes on to listen, but is forgotten with its code.
 */
export class Subscribers {
  /** @type {Map<number, Subscriber[]>} */
  #instances = new Map();

  /** @param {Subscriber} instance @param {object | undefined} current the one of its module that is current */
  add(instance, current) {
    const { id } = instance;
    this.#keep(id, (other) => other === current || other === instance);
    const kept = this.#instances.get(id) ?? [];
    if (!kept.includes(instance)) this.#instances.set(id, [...kept, instance]);
  }

  /** An instance has replaced others, or none is current any more. @param {number} id @param {object | undefined} current */
  replace(id, current) {
    this.#keep(id, (instance) => instance === current);
  }

  /** @param {number} id @param {(instance: Subscriber) => boolean} isKept */
  #keep(id, isKept) {
    const instances = this.#instances.get(id);
    if (!instances || instances.every(isKept)) return;
    for (const instance of instances) if (!isKept(instance)) instance.subscription.weaken(instance);
    const kept = instances.filter(isKept);
    if (kept.length > 0) this.#instances.set(id, kept);
    else this.#instances.delete(id);
  }
}
