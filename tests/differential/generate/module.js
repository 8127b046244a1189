// One module of a random graph: its imports, its exports and what it does in between.

import { decideExports, exportText, nameInList } from './exports.js';
import { use } from './reads.js';
import { importOthers } from './surroundings.js';

/** @typedef {import('./exports.js').Random} Random */

export class Module {
  /**
   * The exports are decided first, so that others can import them whatever the order.
   * @param {number} index
   * @param {Random} source
   * @param {Record<string, number>} likely
   */
  constructor(index, source, likely) {
    this.index = index;
    this.random = source;
    this.likely = likely;
    this.exports = decideExports(source, index);
    this.awaits = source.chance(likely.topLevelAwait);
    /** @type {string[]} */
    this.lines = [];
    /** @type {import('./reads.js').Imported[]} */
    this.imported = [];
  }

  /** @param {Module[]} modules @param {Record<string, string>} files */
  text(modules, files) {
    const { index, random: source, likely } = this;
    const dependencies = 1 + source.below(3);
    for (let slot = 0; slot < dependencies; slot += 1) this.#importFrom(this.#target(modules), slot);
    const others = importOthers({ source, likely, index, count: modules.length, files });
    this.lines.push(...others.lines);
    this.imported.push(...others.imported);
    const body = [`log('m${index} begins');`, ...this.#uses(), ...this.#marks()];
    for (const [slot, entry] of this.exports.entries()) {
      body.push(...exportText(source, entry, index));
      if (this.awaits && slot === 0) body.push(this.#awaitText());
      if (source.chance(0.3)) body.push(...this.#uses().slice(0, 1));
    }
    if (source.chance(likely.dynamicImport)) body.push(this.#dynamicImport(modules));
    if (source.chance(likely.throwing)) body.push(this.#throwText());
    if (source.chance(likely.syntaxError)) body.push(source.pick(['let let = ;', 'return;', 'export { undeclared };', 'const c; ']));
    body.push(...this.#uses(), `log('m${index} ends');`);
    return `${[...this.lines, ...body].join('\n')}\n`;
  }

  #uses() {
    return this.imported.map((imported) => use(this.random, `m${this.index}`, imported));
  }

  /** Another module: usually a later one; an earlier one, or itself, makes a cycle. @param {Module[]} modules */
  #target(modules) {
    const later = modules.slice(this.index + 1);
    if (later.length > 0 && !this.random.chance(this.likely.cycles)) return this.random.pick(later);
    return this.random.chance(this.likely.cycles * 2) ? this.random.pick(modules) : undefined;
  }

  /** @param {Module | undefined} target @param {number} slot */
  #importFrom(target, slot) {
    if (!target) return;
    const { random: source, likely, lines, imported } = this;
    const from = `from './m${target.index}.mjs'`;
    const local = `i${slot}`;
    const entry = source.pick(target.exports);
    const wanted = source.chance(likely.missingName) ? 'missing' : nameInList(entry);
    const kind = source.below(source.chance(likely.stars) ? 10 : 6);
    if (kind === 0) {
      lines.push(`import './m${target.index}.mjs';`);
    } else if (kind === 1) {
      lines.push(`import * as ${local} ${from};`);
      imported.push({ local, kind: 'namespace' });
    } else if (kind < 6) {
      const setter = entry.isChangeable ? `set_${local}` : undefined;
      const more = setter ? `, set_${entry.name} as ${setter}` : '';
      lines.push(`import { ${wanted} as ${local}${more} } ${from};`);
      imported.push({ local, kind: entry.kind, setter });
      if (source.chance(0.15)) lines.push(`export { ${local} as e${this.index}_${slot} };`);
    } else if (kind < 8) {
      lines.push(`export * ${from};`);
    } else if (kind === 8) {
      lines.push(`export * as ns${this.index}_${slot} ${from};`);
    } else {
      lines.push(`export { ${wanted} as r${this.index}_${slot} } ${from};`);
    }
  }

  #marks() {
    const { index, random: source } = this;
    const marks = [
      `log('this', typeof this, this === undefined);`,
      `log('meta', import.meta.url.slice(-6), typeof import.meta.resolve, Object.keys(import.meta).join());`,
      `log('resolved', import.meta.resolve('./m${index}.mjs').slice(-6));`,
      `log('place', frames(new Error('here')));`,
      `(function inner() { log('place', frames(new Error('inner'))); })();`,
      `try { typeof arguments; arguments; } catch (error) { log('arguments', error); }`,
      `{ class Marks { static #secret = 1; static has(it) { return #secret in it; } } log('private', Marks.has(Marks)); }`,
      `var leaked${index} = 1; log('global', typeof globalThis.leaked${index});`,
      `Promise.resolve().then(() => log('m${index} microtask'));`,
      `queueMicrotask(() => { log('m${index} queued'); Promise.resolve().then(() => log('m${index} nested')); });`,
      `process.nextTick(() => log('m${index} tick'));`,
      `setTimeout(() => log('m${index} timer'), 1);`,
    ];
    return source.chance(this.likely.marks) ? [source.pick(marks), source.pick(marks)] : [];
  }

  #awaitText() {
    return this.random.pick([
      'await null;',
      'await null; await null; await null;',
      'for await (const item of [1, 2]) log("item", item);',
      'await new Promise((resolve) => setTimeout(resolve, 1));',
      'await new Promise((resolve) => process.nextTick(resolve));',
      'const { awaited = await 1 } = await {}; log("awaited", awaited);',
      'try { await Promise.reject(new Error("caught")); } catch (error) { log(error); }',
    ]);
  }

  #throwText() {
    const { index, random: source } = this;
    const texts = [`throw new Error('m${index} throws');`, `null.m${index};`, `throw { thrown: ${index} };`];
    if (this.awaits) texts.push(`await Promise.reject(new TypeError('m${index} rejects'));`, `await null; throw new Error('late');`);
    return source.pick(texts);
  }

  /** Modules that may not be loaded yet are imported one after the other, since plain Node's order is a race. */
  #dynamicImport(modules) {
    const { index, random: source } = this;
    const target = source.pick(modules).index;
    const report = `(ns) => log('m${index} imported', describe(ns)), (error) => log('m${index} import failed', error)`;
    const call = (path) => `import('${path}').then(${report})`;
    return source.pick([
      `${call(`./m${target}.mjs`)};`,
      `step(() => ${call(`./m${target}.mjs`)});`,
      `step(() => ${call(`./m${target}.mjs?${index}`)});`,
      `step(async () => { await ${call(`./lazy${target % 3}.mjs`)}; await ${call(`./lazy${target % 3}.mjs`)}; });`,
      `step(async () => log('same', (await import('./m${target}.mjs')) === (await import('./m${target}.mjs'))));`,
      `step(() => ${call('./gone.mjs')});`,
      `step(() => ${call(`./c${target}.cjs`)});`,
      `const load${index} = (path) => ${call('./m0.mjs')}; step(load${index});`,
      this.awaits && target > index ? `await ${call(`./m${target}.mjs`)};` : `step(() => ${call(`./m${index}.mjs`)});`,
    ]);
  }
}
