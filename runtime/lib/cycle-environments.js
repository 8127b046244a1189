/** Modules of import cycles: their environments exist before any of them runs. */
import { ModuleInstance } from './instance.js';

export class CycleEnvironments {
  /** Modules that wait for their environment to be linked, by cycle. @type {Map<number, ModuleInstance[]>} */
  #members = new Map();
  /** @type {ModuleInstance[]} */
  #all = [];
  #isLinked = false;

  /**
   * Creates the environments.
   * @param {Iterable<import('./instance.js').Instance>} instances
   * @returns {boolean} whether one is asynchronous, which takes a turn to be ready
   */
  create(instances) {
    let isAsync = false;
    for (const instance of instances) {
      if (!(instance instanceof ModuleInstance) || instance.cycle === null) continue;
      const members = this.#members.get(instance.cycle) ?? [];
      this.#members.set(instance.cycle, [...members, instance]);
      this.#all.push(instance);
      instance.createEnvironment();
      isAsync ||= instance.awaits;
    }
    return isAsync;
  }

  /** Links environments that are seen before their cycle is linked. @param {ModuleInstance[]} instances @param {import('./bindings.js').Bindings} bindings */
  linkEarly(instances, bindings) {
    for (const instance of instances) bindings.bind(instance, instance.targets);
    for (const instance of instances) instance.linkInCycle();
  }

  /**
   * @param {number} cycle
   * @param {import('./bindings.js').Bindings} bindings
   * @returns {ModuleInstance[]} its members, if they were not linked yet
   */
  link(cycle, bindings) {
    const members = this.#members.get(cycle) ?? [];
    this.#members.delete(cycle);
    // Functions of the first one may call those of others.
    const linked = this.#isLinked ? members : this.#all;
    this.#isLinked = true;
    for (const member of linked) bindings.bind(member, member.targets);
    for (const member of linked) member.linkInCycle();
    return members;
  }

  /** Node has loaded what some of them may pass on. @param {(id: number) => void} show is called for each that may be seen */
  linkAgain(show) {
    for (const member of this.#all) {
      member.linkInCycle();
      show(member.id);
    }
  }
}
