/**
 * Who calls modules stands in the stacks of their errors, where ten frames are told: the fewer frames of the runtime, the more
 * of the user's. So what starts modules yields them, and is called by whoever is nearest.
 */

import { sourceUrl } from './module-text.js';

/** Yields what runs one module after the other. It is given what that returns or throws, and throws it again. @typedef {Generator<() => unknown, void, unknown>} Starting */

/** @param {Starting} starting */
export function drive(starting) {
  for (let next = starting.next(); !next.done; ) {
    const begin = next.value;
    let result;
    try {
      result = begin();
    } catch (error) {
      starting.throw(error);
    }
    next = starting.next(result);
  }
}

/** The frame of a segment. */
export const ownFrame = sourceUrl('segment');

/** The same as `drive` for a module that Node evaluates, of what is there called `s`. */
export const driving = `for(let n=s.next(),f,r;!n.done;n=s.next(r)){f=n.value;try{r=f()}catch(e){s.throw(e)}}\n${ownFrame}`;
