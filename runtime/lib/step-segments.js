/** The steps of an evaluation as segments: runs of hot modules and the modules of Node between them, in order. */

import { asked } from './checks.js';

/** @typedef {import('./native.d.ts').Step} Step */
/** @typedef {import('./segments.js').Segment} Segment */

/**
 * @typedef {object} Evaluated
 * @property {Map<number, import('./native.d.ts').Definition>} definitions
 * @property {import('./native.d.ts').Check[]} checks
 * @property {import('./namespaces.js').PendingFacade[]} facades
 * @property {(check: import('./native.d.ts').Check, isConflict?: boolean) => unknown} absent
 * @property {(id: number) => boolean} awaitsNode
 * @property {(steps: Step[]) => import('./starting.js').Starting} run
 * @property {(id: number, namespace: any) => void} provide
 */

/** @param {Step[]} steps @param {Evaluated} evaluated @returns {Segment[]} */
export function segmentsOf(steps, evaluated) {
  /** @type {Segment[]} */
  const segments = [];
  /** @type {Step[]} */
  let hot = [];
  const checks = new Checks(evaluated);
  const flush = () => {
    const taken = hot;
    segments.push(...checks.of(taken));
    if (taken.length > 0) segments.push({ run: () => evaluated.run(taken) });
    hot = [];
  };
  for (const step of steps) {
    if (!evaluated.awaitsNode(step.id)) {
      hot.push(step);
      continue;
    }
    flush();
    segments.push(...fromNode(step.id, evaluated));
    checks.loaded.add(step.id);
  }
  flush();
  segments.push(...checks.of([]));
  // The first thing that is evaluated tells that this has begun.
  const isAlone = segments.every((segment) => !('run' in segment));
  return isAlone || 'run' in segments[0] ? segments : [{ run: () => evaluated.run([]) }, ...segments];
}

/** Node links what hot modules take from others of Node. That evaluates these, so it is done when they have been. */
class Checks {
  /** @type {Set<number>} */
  loaded = new Set();
  /** @type {import('./native.d.ts').Check[]} */
  #asked = [];
  #evaluated;

  /** @param {Evaluated} evaluated */
  constructor(evaluated) {
    this.#evaluated = evaluated;
  }

  /** @param {Step[]} steps @returns {Segment[]} */
  of(steps) {
    const { checks, absent, awaitsNode } = this.#evaluated;
    const ids = new Set(steps.map(({ id }) => id));
    this.#asked.push(...checks.filter((check) => ids.has(check.importer) && asked(check).some(awaitsNode)));
    const due = this.#asked.filter((check) => asked(check).every((id) => this.loaded.has(id) || !awaitsNode(id)));
    this.#asked = this.#asked.filter((check) => !due.includes(check));
    return due.length > 0 ? [{ checks: due, absent }] : [];
  }
}

/** @param {number} id @param {Evaluated} evaluated @returns {Segment[]} */
function fromNode(id, { definitions, facades, provide }) {
  const definition = /** @type {import('./native.d.ts').Definition} */ (definitions.get(id));
  // Whoever needs one may run as soon as the last of its packages has.
  const due = facades.filter(({ last }) => last === id);
  const external = definition.kind === 'external' ? definition : undefined;
  return [
    ...due.map(({ url, below, provide: receive }) => ({ url, below, attributes: [], commonJs: false, provide: receive })),
    {
      url: external?.specifier ?? definition.url,
      attributes: external?.attributes ?? [],
      commonJs: external?.commonJs ?? false,
      provide: (namespace) => provide(id, namespace),
    },
  ];
}
