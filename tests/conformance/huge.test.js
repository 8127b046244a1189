// Large modules and graphs.

import { conform } from './conform.js';

const range = (count) => Array.from({ length: count }, (_, index) => index);
const files = (entries) => Object.fromEntries(entries);

/** Texts that are nested `n` times. What is too deep for V8 is a RangeError. @type {Record<string, (n: number) => string>} */
const nested = {
  'arrays': (n) => `export default ${'['.repeat(n)}${']'.repeat(n)}`,
  'objects': (n) => `export default ${'{a:'.repeat(n)}1${'}'.repeat(n)}`,
  'parentheses': (n) => `export default ${'('.repeat(n)}1${')'.repeat(n)}`,
  'blocks': (n) => `${'{'.repeat(n)}${'}'.repeat(n)}`,
  'arrow functions': (n) => `export default ${'()=>'.repeat(n)}1`,
  'templates': (n) => `export default ${'`${'.repeat(n)}1${'}`'.repeat(n)}`,
  'conditions': (n) => `let x = 0; export default ${'x ? 1 : '.repeat(n)}2`,
  'else if': (n) => `let x = 1; ${'if (x > 5) x++; else '.repeat(n)}x = 2;`,
  'sums': (n) => `export default 'a'${" +\n'b'".repeat(n)}`,
  'members': (n) => `const a = {}; export default () => a${'.x'.repeat(n)}`,
  'calls': (n) => `const f = () => f; export default f${'()'.repeat(n)}`,
};
const loadingNested = Object.keys(nested).map((kind) => `await import('./${kind}.mjs').then((ns) => log('${kind}', Object.keys(ns)), (error) => log('${kind}', error.name, error.message));`).join('\n');

conform('huge', {
  'many': {
    '10,000 exports': {
      'main.mjs': "import * as ns from './x.mjs'; import { v9999, v0 } from './x.mjs'; log(Object.keys(ns).length, v0, v9999, ns.v5000, Object.keys(ns).slice(0, 5));\n",
      'x.mjs': range(10000).map((n) => `export const v${n} = ${n};`).join('\n'),
    },
    '10,000 exports in one list, half of them changing': {
      'main.mjs': "import * as ns from './x.mjs'; ns.change(); log(Object.keys(ns).length, ns.v0, ns.v9998);\n",
      'x.mjs': `let ${range(10000).map((n) => `v${n} = ${n}`).join()}; export { ${range(10000).map((n) => `v${n}`).join()} }; export function change() { ${range(5000).map((n) => `v${n * 2}++;`).join('')} }`,
    },
    '2,000 imports': files([
      ['main.mjs', `${range(2000).map((n) => `import { v as v${n} } from './m/m${n}.mjs';`).join('\n')}\nlog(${range(2000).map((n) => `v${n}`).join('+')});\n`],
      ...range(2000).map((n) => [`m/m${n}.mjs`, `export const v = ${n};`]),
    ]),
    '2,000 names in one import': {
      'main.mjs': `import { ${range(2000).map((n) => `v${n} as w${n}`).join()} } from './x.mjs'; log(${range(2000).map((n) => `w${n}`).join('+')});\n`,
      'x.mjs': range(2000).map((n) => `export const v${n} = ${n};`).join('\n'),
    },
    'a chain of 1,000 modules': files([
      ['main.mjs', "import { v } from './m/m0.mjs'; log(v);\n"],
      ...range(1000).map((n) => [`m/m${n}.mjs`, n === 999 ? 'export const v = 1;' : `import { v as w } from './m${n + 1}.mjs'; export const v = w + 1;`]),
    ]),
    'a chain of 700 re-exports': files([
      ['main.mjs', "import { v } from './m/m0.mjs'; log(v);\n"],
      ...range(700).map((n) => [`m/m${n}.mjs`, n === 699 ? 'export const v = 1;' : `export { v } from './m${n + 1}.mjs';`]),
    ]),
    'a chain of 400 stars': files([
      ['main.mjs', "import { v } from './m/m0.mjs'; import * as ns from './m/m0.mjs'; log(v, Object.keys(ns).length);\n"],
      ...range(400).map((n) => [`m/m${n}.mjs`, n === 399 ? 'export const v = 1;' : `export * from './m${n + 1}.mjs'; export const w${n} = 1;`]),
    ]),
    'a cycle of 500 modules': files([
      ['main.mjs', "import { f } from './m/m0.mjs'; log(f(1200));\n"],
      ...range(500).map((n) => [`m/m${n}.mjs`, `import { f as next } from './m${(n + 1) % 500}.mjs'; export function f(left) { return left === 0 ? ${n} : next(left - 1); }`]),
    ]),
    'a chain of 500 modules that wait': files([
      ['main.mjs', "import { v } from './m/m0.mjs'; log(v);\n"],
      ...range(500).map((n) => [`m/m${n}.mjs`, n === 499 ? 'export const v = await 1;' : `import { v as w } from './m${n + 1}.mjs'; await 0; export const v = w + 1;`]),
    ]),
    '300 siblings that wait': files([
      ['main.mjs', `${range(300).map((n) => `import './m/m${n}.mjs';`).join('\n')}\nlog('main');\n`],
      ...range(300).map((n) => [`m/m${n}.mjs`, `log('s${n}'); ${'await 0; '.repeat((n * 7) % 5)} log('e${n}');`]),
    ]),
    'a chain of 400 import()': files([
      ['main.mjs', "log(await (await import('./m/m0.mjs')).v);\n"],
      ...range(400).map((n) => [`m/m${n}.mjs`, n === 399 ? 'export const v = 1;' : `export const v = (await import('./m${n + 1}.mjs')).v + 1;`]),
    ]),
    'a module of 2 MB': {
      'main.mjs': "import { last } from './x.mjs'; log(last);\n",
      'x.mjs': `${range(40000).map((n) => `function unused${n}(a) { return a + ${n}; }`).join('\n')}\nexport const last = unused39999(1);`,
    },
    'one line of 500 KB': { 'main.mjs': `export const text = '${'x'.repeat(500000)}'; log(text.length); try { null.x; } catch (e) { log(frames(e)); }\n` },
    'deep nesting': { 'main.mjs': `export const v = ${'('.repeat(500)}1${')'.repeat(500)}; log(v, ${'['.repeat(300)}${']'.repeat(300)}.length);\n` },
    ...Object.fromEntries([900, 20_000, 50_000].map((depth) => [`what is nested ${depth} times`, {
      'main.mjs': `${loadingNested}\n`,
      ...files(Object.entries(nested).map(([kind, text]) => [`${kind}.mjs`, text(depth)])),
    }])),
    'a long chain of operators': { 'main.mjs': `import { one } from './x.mjs'; log(${'one + '.repeat(3000)}one);\n`, 'x.mjs': 'export let one = 0; one = 1; export const set = () => { one = 2; };' },
  },
}, { patience: 60000 });
