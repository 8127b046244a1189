// What a module exports: declarations of all kinds, and the ways in which bindings change.

/**
 * @typedef {{name: string, kind: string, isChangeable: boolean}} Export
 * @typedef {ReturnType<typeof import('./random.js').random>} Random
 */

const unchanging = ['const', 'let', 'var', 'function', 'class', 'generator', 'renamed', 'string', 'getter', 'fields', 'loader'];
const defaults = [
  'expression', 'arrow', 'function', 'class', 'named', 'parenthesised', 'generator', 'listed', 'loader', 'changing',
];

/** @param {Random} source @param {number} index of the module @returns {Export[]} */
export function decideExports(source, index) {
  /** @type {Export[]} */
  const found = [];
  const count = 1 + source.below(4);
  for (let slot = 0; slot < count; slot += 1) {
    const name = `x${index}_${slot}`;
    if (source.chance(0.35)) {
      const kind = source.pick(['changing let', 'changing var', 'changing pattern', 'changing function', 'changing listed']);
      found.push({ name, kind, isChangeable: true });
    } else {
      found.push({ name, kind: source.pick(unchanging), isChangeable: false });
    }
  }
  if (source.chance(0.5)) found.push({ name: 'default', kind: `default ${source.pick(defaults)}`, isChangeable: false });
  return found;
}

/** The name as it stands in an import or export list. @param {Export} entry */
export function nameInList({ name, kind }) {
  return kind === 'string' ? `'${name} string'` : name;
}

/** @param {Random} source @param {Export} entry @param {number} index @returns {string[]} lines */
export function exportText(source, entry, index) {
  return entry.isChangeable ? changingText(source, entry) : [declaration(entry, index)];
}

function declaration({ name, kind }, index) {
  const value = `'${name}'`;
  const texts = {
    'function': `export function ${name}() { return ${value}; }`,
    'generator': `export function* ${name}() { yield ${value}; }`,
    'class': `export class ${name} { static own = ${value}; method() { return new Error(${value}); } }`,
    'renamed': `const own_${name} = ${value}; export { own_${name} as ${name} };`,
    'string': `let own_${name} = ${value}; export { own_${name} as '${name} string' };`,
    'getter': `export const ${name} = { get boom() { throw new RangeError(${value}); }, list: [1, 2] };`,
    'fields': `export class ${name} { own = this.constructor.name; static own = ${value}; static { log('static', this.name); } }`,
    'loader': `export function ${name}() { return import('./m${index}.mjs').then((ns) => Object.keys(ns).length); }`,
    'default expression': `export default { value: ${index} };`,
    'default arrow': 'export default () => 1;',
    'default function': 'export default function () { return 1; }',
    'default class': 'export default class { static own = this.name; }',
    'default named': `export default function named${index}() {}`,
    'default parenthesised': 'export default (function () {});',
    'default generator': 'export default async function* () {}',
    'default listed': `let own_default${index} = 'listed'; export { own_default${index} as default };`,
    'default loader': `export default () => import('./m${index}.mjs').then((ns) => typeof ns);`,
    'default changing': `export default function change${index}() { change${index} = () => 'changed'; return 'first'; }`,
  };
  return texts[kind] ?? `export ${kind} ${name} = ${value};`;
}

/** A binding with an exported function that assigns it in one of many ways. */
function changingText(source, { name, kind }) {
  const starts = {
    'changing let': `export let ${name} = 0;`,
    'changing var': `export var ${name} = 0;`,
    'changing pattern': `export let { a: ${name} = 0, ...rest_${name} } = {};`,
    'changing function': `export function ${name}() { return 0; }`,
    'changing listed': `let ${name} = 0; export { ${name} };`,
  };
  const body = source.pick(assignments)(name);
  const setter = source.chance(0.5)
    ? `export function set_${name}(value) { ${body} }`
    : `export const set_${name} = (value) => { ${body} };`;
  const lines = [starts[kind], setter];
  if (source.chance(0.3)) lines.push(`set_${name}('own');`);
  return source.chance(0.3) ? lines.reverse().filter((line) => !line.startsWith('set_')) : lines;
}

/** @type {((name: string) => string)[]} */
const assignments = [
  (name) => `${name} = value;`,
  (name) => `${name} = value;`,
  (name) => `${name} += value;`,
  (name) => `[${name}] = [value];`,
  (name) => `[${name} = 'default'] = [];`,
  (name) => `[, ...${name}] = [0, value];`,
  (name) => `({ ${name} } = { ${name}: value });`,
  (name) => `({ a: { b: ${name} = 1 } } = { a: { b: value } });`,
  (name) => `({ ...${name} } = { value });`,
  (name) => `for (${name} of ['first', value]) log('loop', describe(${name}));`,
  (name) => `for ({ length: ${name} } of [[value]]);`,
  (name) => `for (${name} in { [value]: 1 });`,
  (name) => `${name} ||= value; ${name} &&= value; ${name} ??= value;`,
  (name) => `(() => { ${name} = value; })();`,
  (name) => `class Inner { static { ${name} = value; } }`,
  (name) => `new (class { field = (${name} = value); })();`,
  (name) => `[...(function* () { ${name} = value; yield; })()];`,
  (name) => `try { throw value; } catch (error) { ${name} = error; }`,
  (name) => `out: { ${name} = value; break out; }`,
  (name) => `${name} = value, typeof ${name} === 'number' && ${name}++;`,
  (name) => `eval('${name} = value');`,
  (name) => `{ let ${name} = 'inner'; ${name} = 'shadow'; } ${name} = value;`,
];
