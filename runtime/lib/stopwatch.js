/** How long the phases of an update take. */
import { now } from './clock.js';

export class Stopwatch {
  #last = now();
  /** @type {Record<string, number>} */
  #phases = {};

  /** A phase is over, and the next one begins. @param {'link' | 'dispose' | 'evaluate'} phase */
  end(phase) {
    const at = now();
    this.#phases[phase] = at - this.#last;
    this.#last = at;
  }

  /** In milliseconds. @param {{load: number, link: number}} times of the engine, in microseconds */
  of({ load, link }) {
    const { link: defining = 0, dispose = 0, evaluate = 0 } = this.#phases;
    return { load: load / 1000, link: link / 1000 + defining, dispose, evaluate };
  }
}
