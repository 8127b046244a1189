/** Whether modules of Node have the names that hot modules take from them, as far as that is asked before anything runs. */
import { countOf, firstFault } from './checks.js';
import { isFromNode } from './instance.js';

export class NameChecks {
  #plan;
  #transaction;
  #modules;

  /**
   * @param {import('./native.d.ts').Plan} plan
   * @param {import('./transaction.js').Transaction} transaction
   * @param {import('./modules.js').Modules} modules
   */
  constructor(plan, transaction, modules) {
    this.#plan = plan;
    this.#transaction = transaction;
    this.#modules = modules;
  }

  /** Node itself checks what it is about to load: it does not load what comes after a module that has failed before. */
  get areAsked() {
    const { checks, steps } = this.#plan;
    const hasFailed = () => steps.some(({ id }) => this.#modules.failures.of(id) !== undefined);
    return checks.length > 0 && (checks.some(this.#isAbsent) || hasFailed());
  }

  /** Link errors. */
  async check() {
    if (!this.areAsked) return;
    const fault = await firstFault(this.#plan, this.#loaded);
    if (fault) throw 'check' in fault ? this.#modules.absent(fault.check, fault.isConflict) : fault.error;
  }

  /** Modules that Node has loaded lack the name, or several have it. @param {import('./native.d.ts').Check} check */
  #isAbsent = (check) => {
    const count = countOf(check, this.#loaded);
    return count !== undefined && count !== 1 && this.#transaction.evaluation.owns(check.importer);
  };

  /** The namespace of a module that Node has loaded. @param {number} id */
  #loaded = (id) => {
    const instance = this.#transaction.find(id);
    return instance && isFromNode(instance) ? instance.namespace() : undefined;
  };
}
