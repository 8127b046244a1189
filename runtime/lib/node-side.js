/** What an evaluation gives Node to evaluate: modules of Node, and the hot ones between them. */
import { isOrderedByNode } from './node-graph.js';
import { importSegments } from './segments.js';
import { segmentsOf } from './step-segments.js';

/** @typedef {import('./native.d.ts').Step} Step */
/** @typedef {import('./step-segments.js').Evaluated} Evaluated */

export class NodeSide {
  /** If Node orders the hot modules, too. @type {import('./node-graph.js').NodeGraph | undefined} */
  graph;
  #evaluated;

  /** @param {Omit<Evaluated, 'checks' | 'facades' | 'run'>} evaluated */
  constructor(evaluated) {
    this.#evaluated = evaluated;
  }

  /**
   * @param {Step[]} steps all of them
   * @param {Pick<Evaluated, 'checks' | 'facades' | 'run'> & {link: Parameters<import('./node-graph.js').NodeGraph['evaluate']>[0]}} how
   * @param {(error: unknown) => void} fail
   * @param {(value: undefined) => void} [waiter]
   */
  begin(steps, { link, ...how }, fail, waiter) {
    const failed = (/** @type {unknown} */ error) => {
      if (error === isOrderedByNode) this.graph?.evaluate(link).catch(fail);
      else fail(error);
    };
    importSegments(segmentsOf(steps, { ...this.#evaluated, ...how }), failed, waiter);
  }
}
