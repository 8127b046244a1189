/**
 * Facades of modules whose namespace is seen before its bindings have values: from within the module's own cycle. Node links
 * such a facade and stops, since the first module that it evaluates hands over the namespace and throws. Each binding that
 * has no value is in a module of its own, which Node evaluates when it gets one. Until then reading it throws, and the
 * console prints `<uninitialized>`: it is so.
 */
import { announce, facadeText, loadedFacade } from './facades.js';
import { importTexts, loadText, urlOfOwn } from './loader-hooks.js';
import { starText } from './module-text.js';

/** @typedef {(value: unknown) => void} Setter */

/** Facades by number: the modules they consist of call them. @type {Map<number, EarlyFacade>} */
const facades = new Map();

/** What waits for namespaces, by number. @type {Map<number, (namespace: object) => void>} */
const receivers = new Map();

/** Ends the evaluation of a facade. */
const linked = new Error('a facade has been linked');

/** @param {number} number @param {(namespace: object) => void} receive gets the namespace of the module that `stop(number)` stands before */
export function takeOver(number, receive) {
  receivers.set(number, receive);
}

/** The text of a module that ends the evaluation of the one at `url`, whose first import it is. @param {number} number @param {string} url */
export function stop(number, url) {
  return `import*as ns from${JSON.stringify(url)};import{handOver}from${JSON.stringify(import.meta.url)};handOver(${number},ns);`;
}

/** Called by such modules only. @param {number} number @param {object} namespace @returns {never} */
export function handOver(number, namespace) {
  receivers.get(number)?.(namespace);
  receivers.delete(number);
  throw linked;
}

/** Called by the module of a binding only. @param {number} number @param {number} slot @param {Setter} set @returns {unknown} its first value */
export function begin(number, slot, set) {
  return facades.get(number)?.begin(slot, set);
}

export class EarlyFacade {
  /** @type {object | undefined} */
  namespace;
  #number = announce();
  #names;
  #hasValue;
  #how;
  /** Of those that got their values later. @type {Map<number, Setter>} */
  #setters = new Map();
  /** @type {unknown} */
  #first;
  /** @type {import('./facades.js').Setter} */
  #show = () => {};

  /**
   * @param {import('./native.d.ts').NamespaceShape} shape
   * @param {boolean[]} hasValue which of its own bindings have one already
   */
  constructor({ names, stars, contested }, hasValue) {
    this.#names = names.map(([name]) => name);
    this.#hasValue = hasValue;
    this.#how = { stars, contested };
    facades.set(this.#number, this);
    takeOver(this.#number, (namespace) => void (this.namespace = namespace));
  }

  /** Has Node link it. @returns {Promise<void> | undefined} nothing if that is done */
  load() {
    const texts = this.#texts();
    const url = this.#url('namespace');
    const ready = () => {
      this.#show = loadedFacade(this.#number).show;
    };
    // Packages take their time.
    if (this.#how.stars.length > 0) return importTexts(url, texts).catch(() => {}).then(ready);
    try {
      loadText(url, texts);
    } catch {
      // It has stopped.
    }
    ready();
    return undefined;
  }

  /** @param {number} slot @param {unknown} value */
  show(slot, value) {
    if (this.#hasValue[slot]) return this.#show(slot, value);
    const set = this.#setters.get(slot);
    if (set) return set(value);
    this.#first = value;
    const url = this.#url(`${slot}`);
    return loadText(url, new Map([[url, this.#bindingText(slot)]]));
  }

  /** @param {number} slot @param {Setter} set */
  begin(slot, set) {
    this.#setters.set(slot, set);
    return this.#first;
  }

  /** @param {string} part */
  #url(part) {
    return urlOfOwn(`${this.#number}/${part}`);
  }

  #texts() {
    const slots = this.#names.keys();
    const isOwn = (/** @type {string} */ name) => this.#hasValue[this.#names.indexOf(name)];
    /** @type {[string, string][]} */
    const texts = [
      ['values', facadeText(this.#number, this.#names, { isOwn })],
      ['stop', stop(this.#number, this.#url('namespace'))],
      ['contested', this.#passOn(true)],
      ['namespace', this.#namespaceText()],
    ];
    for (const slot of slots) if (!this.#hasValue[slot]) texts.push([`${slot}`, this.#bindingText(slot)]);
    return new Map(texts.map(([part, text]) => [this.#url(part), text]));
  }

  #namespaceText() {
    const { stars, contested } = this.#how;
    const first = ['values', 'stop'].map((part) => `import${JSON.stringify(this.#url(part))};`);
    const beside = contested.length > 0 ? [starText({ url: this.#url('contested') })] : [];
    return [...first, this.#passOn(false), ...beside, ...stars.map(starText)].join('');
  }

  /** Names that a package may contest come by a star, too. @param {boolean} isContested */
  #passOn(isContested) {
    const names = this.#names.filter((name) => this.#how.contested.includes(name) === isContested);
    return names.map((name) => this.#export(name)).join('');
  }

  /** @param {string} name */
  #export(name) {
    const slot = this.#names.indexOf(name);
    const [part, local] = this.#hasValue[slot] ? ['values', name] : [`${slot}`, 'value'];
    return starText({ url: this.#url(part), names: [[name, local]] });
  }

  /** @param {number} slot */
  #bindingText(slot) {
    const from = JSON.stringify(import.meta.url);
    return `import{begin}from${from};export let value=begin(${this.#number},${slot},(v)=>{value=v});`;
  }
}
