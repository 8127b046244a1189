/** What an evaluation gives Node to evaluate: modules of Node, and the hot ones between them. */
import { enter } from './required.js';
import { addSegments, importSegments, registerSegments } from './segments.js';
import { segmentsOf, stepsBelow } from './step-segments.js';

/** @typedef {import('./native.d.ts').Step} Step */
/** @typedef {import('./step-segments.js').Evaluated} Evaluated */

export class NodeSide {
  /** Number of its segments, if there are some. Node may ask before it begins: when packages are linked early. @type {number | undefined} */
  #number;
  /** Facades before which of Node's modules: the first one has the others evaluated. @type {Map<number, string[]>} */
  #entered = new Map();
  #stack;
  #evaluated;

  /** @param {import('./evaluation-stack.js').EvaluationStack} stack @param {Omit<Evaluated, 'checks' | 'facades' | 'run'>} evaluated */
  constructor(stack, evaluated) {
    this.#stack = stack;
    this.#evaluated = evaluated;
  }

  /**
   * @param {Step[]} steps all of them
   * @param {Pick<Evaluated, 'checks' | 'facades' | 'run'>} how
   * @param {(error: unknown) => void} fail
   * @param {(value: undefined) => void} [waiter]
   */
  begin(steps, how, fail, waiter) {
    this.#number ??= registerSegments();
    importSegments(this.#number, segmentsOf(steps, { ...this.#evaluated, ...how }), fail, waiter);
  }

  /**
   * A module of Node imports a hot one whose turn comes later: what is to be evaluated before it, if modules of Node are among that.
   * @param {number} id
   * @param {Step[]} left what has not been evaluated and is not being evaluated
   * @param {(id: number) => number[]} dependencies
   * @param {Evaluated['run']} run
   * @returns {{steps: Step[], urls: string[]}} of modules for Node to import
   */
  below(id, left, dependencies, run) {
    const steps = stepsBelow(id, left, dependencies);
    if (!steps.some((step) => this.#evaluated.awaitsNode(step.id))) return { steps, urls: [] };
    this.#number ??= registerSegments();
    return { steps, urls: addSegments(this.#number, segmentsOf(steps, { ...this.#evaluated, checks: [], facades: [], run })) };
  }

  /**
   * Node is to evaluate a facade just before a module that leads to it.
   * @param {number} id of that module
   * @param {string} url
   * @returns {string[]} URLs of facades that the new one has to import
   */
  enterWith(id, url) {
    const urls = this.#entered.get(id) ?? [];
    this.#entered.set(id, [url, ...urls]);
    return urls.slice(0, 1);
  }

  /** What Node evaluates next is evaluated now if it leads to facades. */
  enterNext() {
    if (this.#entered.size === 0 || !this.#stack.isInNode) return;
    const [url] = this.#entered.get(this.#stack.next.candidates[0]) ?? [];
    if (url !== undefined) enter(url);
  }
}
