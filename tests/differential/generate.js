// Random module graphs. A graph is data: file names and texts, the same for the same seed. Its modules log
// what they see to `globalThis.log`, so that two ways of running them can be compared.

/** A small generator of random numbers (mulberry32): the seed is all that is needed to repeat a graph. */
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (limit) => Math.floor(next() * limit),
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)],
  };
}

/** How likely each feature is. A test may turn some of them off. */
export const defaults = {
  cycles: 0.25,
  topLevelAwait: 0.2,
  throwing: 0.04,
  missingName: 0.03,
  syntaxError: 0.01,
  dynamicImport: 0.2,
  commonJs: 0.15,
  packages: 0.15,
  json: 0.1,
  stars: 0.25,
  microtasks: 0.3,
};

/**
 * @param {number} seed
 * @param {Partial<typeof defaults>} [features]
 * @returns {{seed: number, files: Record<string, string>}} `entry.mjs` imports `m0.mjs`
 */
export function generate(seed, features = {}) {
  const likely = { ...defaults, ...features };
  const source = random(seed);
  const count = 2 + source.below(6);
  const modules = Array.from({ length: count }, (_, index) => new Module(index, source, likely));
  const files = { 'entry.mjs': entry };
  for (const module of modules) module.declareExports();
  for (const module of modules) files[`m${module.index}.mjs`] = module.text(modules, files);
  return { seed, files };
}

/** Imports the graph, so that the time at which `import()` settles is compared, too. */
const entry = `globalThis.outcome = import('./m0.mjs').then(
  (namespace) => log('settled', describe(namespace)),
  (error) => log('failed', error?.name, error?.message),
);
`;

class Module {
  constructor(index, source, likely) {
    this.index = index;
    this.random = source;
    this.likely = likely;
    this.exports = [];
    this.awaits = source.chance(likely.topLevelAwait);
  }

  /** Decides the exports first, so that others can import them whatever the order. */
  declareExports() {
    const kinds = ['const', 'let', 'var', 'function', 'class', 'mutable', 'generator', 'renamed', 'string'];
    const count = 1 + this.random.below(4);
    for (let slot = 0; slot < count; slot += 1) {
      this.exports.push({ name: `x${this.index}_${slot}`, kind: this.random.pick(kinds) });
    }
    if (this.random.chance(0.5)) {
      const kind = this.random.pick(['expression', 'arrow', 'function', 'class', 'named', 'parenthesised', 'generator']);
      this.exports.push({ name: 'default', kind: `default ${kind}` });
    }
  }

  text(modules, files) {
    this.lines = [];
    this.reads = [];
    const dependencies = 1 + this.random.below(3);
    for (let slot = 0; slot < dependencies; slot += 1) this.importFrom(this.target(modules), slot);
    this.importOthers(files);
    const body = [`log('m${this.index} begins');`];
    body.push(...this.reads.map((read) => this.logged(read)));
    if (this.random.chance(0.3)) body.push(`log('this', typeof this, typeof arguments);`);
    if (this.random.chance(this.likely.microtasks)) {
      body.push(`Promise.resolve().then(() => log('m${this.index} microtask'));`);
    }
    for (const [slot, entry] of this.exports.entries()) {
      body.push(this.exportText(entry));
      if (this.awaits && slot === 0) body.push(this.awaitText());
    }
    if (this.random.chance(this.likely.dynamicImport)) body.push(this.dynamicImport(modules));
    if (this.random.chance(this.likely.throwing)) body.push(`throw new Error('m${this.index} throws');`);
    if (this.random.chance(this.likely.syntaxError)) body.push('let let = ;');
    body.push(...this.reads.map((read) => this.logged(read)), `log('m${this.index} ends');`);
    return `${[...this.lines, ...body].join('\n')}\n`;
  }

  /** Another module: usually a later one; an earlier one, or itself, makes a cycle. */
  target(modules) {
    const later = modules.slice(this.index + 1);
    return later.length > 0 && !this.random.chance(this.likely.cycles)
      ? this.random.pick(later)
      : this.random.chance(this.likely.cycles) || later.length === 0
        ? this.random.chance(this.likely.cycles)
          ? this.random.pick(modules)
          : undefined
        : this.random.pick(later);
  }

  importFrom(target, slot) {
    if (!target) return;
    const from = `from './m${target.index}.mjs'`;
    const local = `i${slot}`;
    const named = target.exports.filter(({ name }) => name !== 'default');
    const { name, kind } = this.random.pick(named);
    const wanted = this.random.chance(this.likely.missingName) ? 'missing' : exportedName(name, kind);
    switch (this.random.below(this.random.chance(this.likely.stars) ? 8 : 5)) {
      case 0:
        this.lines.push(`import './m${target.index}.mjs';`);
        break;
      case 1:
        this.lines.push(`import * as ${local} ${from};`);
        this.reads.push({ expression: local, kind: 'namespace' });
        break;
      case 2:
        if (target.exports.some((entry) => entry.name === 'default')) {
          this.lines.push(`import ${local} ${from};`);
          this.reads.push({ expression: local, kind });
          break;
        }
      // falls through
      case 3:
      case 4:
        this.lines.push(`import { ${wanted} as ${local} } ${from};`);
        this.reads.push({ expression: local, kind });
        break;
      case 5:
        this.lines.push(`export * ${from};`);
        break;
      case 6:
        this.lines.push(`export * as ns${this.index}_${slot} ${from};`);
        break;
      default:
        this.lines.push(`export { ${wanted} as r${this.index}_${slot} } ${from};`);
    }
  }

  /** CommonJS, packages, JSON, builtins: what Node loads. */
  importOthers(files) {
    const { index, random: source, likely } = this;
    if (source.chance(likely.commonJs)) {
      files[`c${index}.cjs`] = `log('c${index}'); exports.a = 'c${index}'; exports.f = function f() {};\n`;
      this.lines.push(`import c, { a as ca } from './c${index}.cjs';`);
      this.reads.push({ expression: 'ca', kind: 'const' }, { expression: 'Object.keys(c).join()', kind: 'const' });
    }
    if (source.chance(likely.packages)) {
      const folder = `node_modules/p${index}`;
      const pause = source.chance(0.2) ? 'await null;' : '';
      files[`${folder}/package.json`] = JSON.stringify({ name: `p${index}`, type: 'module', exports: './p.js' });
      files[`${folder}/p.js`] = `log('p${index} begins');${pause} export let v = 'p${index}'; log('p${index} ends');\n`;
      const isMissing = source.chance(likely.missingName);
      this.lines.push(`import { ${isMissing ? 'missing' : 'v'} as pv } from 'p${index}';`);
      this.reads.push({ expression: 'pv', kind: 'const' });
    }
    if (source.chance(likely.json)) {
      files[`j${index}.json`] = JSON.stringify({ json: index });
      this.lines.push(`import json from './j${index}.json' with { type: 'json' };`);
      this.reads.push({ expression: 'json.json', kind: 'const' });
    }
  }

  exportText({ name, kind }) {
    const value = `'${name}'`;
    switch (kind) {
      case 'function':
        return `export function ${name}() { return ${value}; }`;
      case 'generator':
        return `export async function* ${name}() {}`;
      case 'class':
        return `export class ${name} { static own = ${value}; }`;
      case 'mutable':
        return `export let ${name} = 0; export const set_${name} = () => { ${name} += 1; }; set_${name}();`;
      case 'renamed':
        return `const own_${name} = ${value}; export { own_${name} as ${name} };`;
      case 'string':
        return `let own_${name} = ${value}; export { own_${name} as '${name} string' };`;
      case 'default expression':
        return `export default { value: ${this.index} };`;
      case 'default arrow':
        return 'export default () => 1;';
      case 'default function':
        return 'export default function () { return 1; }';
      case 'default class':
        return 'export default class { static own = this.name; }';
      case 'default named':
        return `export default function named${this.index}() {}`;
      case 'default parenthesised':
        return 'export default (function () {});';
      case 'default generator':
        return 'export default async function* () {}';
      default:
        return `export ${kind} ${name} = ${value};`;
    }
  }

  awaitText() {
    return this.random.pick([
      'await null;',
      'for await (const item of [1, 2]) log("item", item);',
      `await new Promise((resolve) => setTimeout(resolve, 1));`,
      'await new Promise((resolve) => process.nextTick(resolve));',
    ]);
  }

  dynamicImport(modules) {
    const target = this.random.pick(modules);
    const report = `(ns) => log('m${this.index} imported', describe(ns))`;
    const failed = `(error) => log('m${this.index} import failed', error.name, error.message)`;
    const call = `import('./m${target.index}.mjs').then(${report}, ${failed});`;
    return this.awaits && target.index > this.index ? `await ${call}` : call;
  }

  /** Reading may throw before the binding has a value; assigning always throws. */
  logged({ expression, kind }) {
    const at = `m${this.index} ${expression}`;
    const reads = [`log('${at}', describe(${expression}));`];
    if (/^i\d$/.test(expression)) {
      reads.push(`log('${at}', describe({ ${expression} }.${expression}));`);
      if (kind === 'function') reads.push(`log('${at} called', ${expression}());`);
      if (kind === 'namespace') reads.push(`log('${at} keys', Reflect.ownKeys(${expression}).map(String).join());`);
      if (this.random.chance(0.15)) reads.push(`${expression} = 1;`);
      if (this.random.chance(0.1)) reads.push(`log(typeof ${expression});`);
    }
    return `try { ${this.random.pick(reads)} } catch (error) { log('${at}', error.name, error.message); }`;
  }
}

function exportedName(name, kind) {
  return kind === 'string' ? `'${name} string'` : name;
}
