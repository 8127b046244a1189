/** What is on the stack of InnerModuleEvaluation at this moment, as far as that is known: Node evaluates modules without a word. */
import { nextOfNode } from './failed-steps.js';

/** @typedef {import('./native.d.ts').Step} Step */

export class EvaluationStack {
  /** The hot module that is executed. @type {number | undefined} */
  executing;
  /** Node evaluates the segments in this job. */
  isInNode = false;
  /** The last step of the segments that Node has evaluated. @type {Step | undefined} */
  reached;
  #steps;
  #definitions;
  #isFromNode;
  #awaitsNode;
  #above;

  /**
   * @param {Step[]} steps
   * @param {Map<number, import('./native.d.ts').Definition>} definitions
   * @param {(id: number) => boolean} isFromNode whether Node evaluates a module
   * @param {(id: number) => boolean} awaitsNode whether Node has still to evaluate a module
   * @param {(id: number) => number[]} above modules whose evaluation is not over while one is executed
   */
  constructor(steps, definitions, isFromNode, awaitsNode, above) {
    this.#steps = steps;
    this.#definitions = definitions;
    this.#isFromNode = isFromNode;
    this.#awaitsNode = awaitsNode;
    this.#above = above;
  }

  /** What Node evaluates next, up to the next hot module. */
  get next() {
    const { candidates, isLast } = nextOfNode(this.#steps, this.reached, this.#isFromNode);
    return { candidates: candidates.filter(this.#awaitsNode), isLast };
  }

  /** @param {number} id */
  includes(id) {
    const executing = this.executing ?? (this.isInNode ? this.next.candidates[0] : undefined);
    return executing !== undefined && (executing === id || this.#above(executing).includes(id));
  }

  /** CommonJS runs, or a hot module: what they require is not part of the graph, unlike what a package imports. */
  get mayRequire() {
    if (this.executing !== undefined) return true;
    const next = this.isInNode ? this.#definitions.get(this.next.candidates[0]) : undefined;
    return next?.kind === 'external' && next.commonJs;
  }
}
