/** Which modules of an evaluation are in cycles: \[\[CycleRoot]] and its like. */

export class Cycles {
  /** Members in the order of evaluation: the one that was reached first is evaluated last. @type {Map<number, number[]>} */
  #members = new Map();
  #definitions;

  /** @param {import('./native.d.ts').Step[]} steps @param {Map<number, import('./native.d.ts').Definition>} definitions */
  constructor(steps, definitions) {
    this.#definitions = definitions;
    for (const { id } of steps) {
      const cycle = this.#of(id);
      if (cycle === null) continue;
      const members = this.#members.get(cycle) ?? [];
      this.#members.set(cycle, members);
      members.push(id);
    }
  }

  /** @param {number} id */
  #of(id) {
    const definition = this.#definitions.get(id);
    return definition?.kind === 'module' ? definition.cycle : null;
  }

  /** \[\[CycleRoot]] of a module. @param {number} id */
  rootOf(id) {
    const cycle = this.#of(id);
    return (cycle === null ? undefined : this.#members.get(cycle)?.at(-1)) ?? id;
  }

  /** 11.c.iv.1: the same, unless its importer is in the same cycle. @param {number} id @param {number} importer */
  rootFor(id, importer) {
    const cycle = this.#of(id);
    return cycle !== null && cycle === this.#of(importer) ? id : this.rootOf(id);
  }

  /** The members of the cycle whose root a module is. @param {number} id */
  membersBelow(id) {
    const cycle = this.#of(id);
    const members = cycle === null ? [] : (this.#members.get(cycle) ?? []);
    return members.at(-1) === id ? members : [];
  }
}
