/** What a program can follow: see index.d.ts. */
import { EventEmitter } from 'node:events';

class Events extends EventEmitter {
  /**
   * An error that nobody listens to is printed anyway and is no reason to end the program.
   * @param {string} name
   * @param {any[]} values
   */
  emit(name, ...values) {
    if (name === 'error' && this.listenerCount('error') === 0) return false;
    return super.emit(name, ...values);
  }
}

export const events = new Events();
