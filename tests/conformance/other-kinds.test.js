// JSON, data: URLs, WebAssembly, queries.

import { conform } from './conform.js';

const wasm = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11,
]);

/** @param {string} json */
const json = (text) => `await import('./j.json', { with: { type: 'json' } }).then((ns) => log(ns.default, ns), (e) => log(e));\n--- j.json\n${text}`;

conform('other kinds', {
  'JSON': {
    ...Object.fromEntries(
      ['{"a":1}', '[1,2]', '1', '"text"', 'null', 'true', '{"__proto__":{"x":1}}', '\uFEFF{"bom":1}', ' [1 ] ', '', '{', '{a:1}', "{'a':1}", '[1,]', '{"a":1,"a":2}', '// comment', 'undefined', '1e999', '"\\ud800"', '{"default":1}', '{"then":1}', '\n\n{"x": }'].map((text) => [JSON.stringify(text), json(text)]),
    ),
    'one object for all': `import a from './j.json' with { type: 'json' }; import { j } from './b.mjs'; log(a === j); a.changed = 1; log(j);\n--- b.mjs\nimport j from './j.json' with { type: 'json' }; export { j };\n--- j.json\n{}`,
    'another object with a query': `import a from './j.json' with { type: 'json' }; import b from './j.json?x' with { type: 'json' }; log(a === b);\n--- j.json\n{}`,
    'not the object of require': `import a from './j.json' with { type: 'json' }; import { createRequire } from 'node:module'; log(createRequire(import.meta.url)('./j.json') === a);\n--- j.json\n{}`,
    're-exported': `import { default as d, all } from './re.mjs'; log(d, all);\n--- re.mjs\nexport { default } from './j.json' with { type: 'json' }; export * as all from './j.json' with { type: 'json' };\n--- j.json\n{"a":1}`,
    'evaluated in order': `import './a.mjs'; import j from './j.json' with { type: 'json' }; log(j);\n--- a.mjs\nlog('a');\n--- j.json\n{"a":1}`,
    'broken JSON keeps others from running': `import './a.mjs'; import j from './j.json' with { type: 'json' };\n--- a.mjs\nlog('a');\n--- j.json\n{broken`,
    'missing JSON': "import j from './gone.json' with { type: 'json' };",
    'JSON of a package': `import j from 'dep/package.json' with { type: 'json' }; log(j);\n--- node_modules/dep/package.json\n{"name":"dep"}`,
  },
  'data: URLs': {
    'code': `import a, { b } from 'data:text/javascript,export default 1; export const b = 2;'; log(a, b);`,
    'base64': `import a from 'data:text/javascript;base64,ZXhwb3J0IGRlZmF1bHQgNTs='; log(a);`,
    'JSON': `import a from 'data:application/json,{"x":1}' with { type: 'json' }; log(a);`,
    'once for the same text': `import * as a from 'data:text/javascript,log("runs");export{}'; import * as b from 'data:text/javascript,log("runs");export{}'; log(a === b);`,
    'import() in it': `await import('data:text/javascript,export default await import("node:path").then((ns) => typeof ns.join)').then((ns) => log(ns.default));`,
    'a relative import in it': `await import('data:text/javascript,import "./a.mjs"').catch((e) => log(e));`,
    'a package in it': `await import('data:text/javascript,import "no-such-package"').catch((e) => log(e.code));`,
    'an import of a hot module in it': `const url = new URL('./a.mjs', import.meta.url); import * as ns from './a.mjs'; await import('data:text/javascript,export * from ' + JSON.stringify(url)).then((d) => log(d.a === ns.a));\n--- a.mjs\nlog('a runs'); export const a = {};`,
    'an unknown type': `await import('data:text/plain,x').catch((e) => log(e));`,
    'a syntax error in it': `await import('data:text/javascript,export const = 1').catch((e) => log(e));`,
    'exports that change': `import { n, add } from 'data:text/javascript,export let n = 0; export const add = () => { n++ }'; add(); log(n);`,
  },
  'WebAssembly': {
    'import of wasm': { 'main.mjs': "await import('./add.wasm').then((ns) => log(Object.keys(ns), ns.add?.(1, 2)), (e) => log(e.name, e.code));\n", 'add.wasm': wasm },
    'static import of wasm': { 'main.mjs': "import { add } from './add.wasm'; log(add(1, 2));\n", 'add.wasm': wasm },
    'source phase': { 'main.mjs': "import source add from './add.wasm'; log(add instanceof WebAssembly.Module);\n", 'add.wasm': wasm },
    'import.source': { 'main.mjs': "log((await import.source('./add.wasm')) instanceof WebAssembly.Module);\n", 'add.wasm': wasm },
    'instantiated by hand': { 'main.mjs': "import { readFileSync } from 'node:fs'; const { instance } = await WebAssembly.instantiate(readFileSync(new URL('./add.wasm', import.meta.url))); log(instance.exports.add(2, 3));\n", 'add.wasm': wasm },
    'import defer': "import defer * as ns from './a.mjs'; log('main');\n--- a.mjs\nlog('a');",
    'source and defer as names': "import source from './a.mjs'; import defer from './a.mjs'; log(source, defer);\n--- a.mjs\nexport default 1;",
  },
  'queries and hashes': {
    'instances of their own': `import { v as a } from './v.mjs'; import { v as b } from './v.mjs?x'; import { v as c } from './v.mjs?y'; import { v as d } from './v.mjs#h'; import { v as e } from './v.mjs?x#h'; log(a === b, b === c, a === d, b === e);\n--- v.mjs\nlog('v runs', import.meta.url.split('/').pop()); export const v = {};`,
    'the same query is the same instance': `import { v as a } from './v.mjs?x'; import { v as b } from './v.mjs?x'; log(a === b, a === (await import('./v.mjs?x')).v);\n--- v.mjs\nlog('runs'); export const v = {};`,
    'its own imports have no query': `import { u as a } from './v.mjs?x'; import { u as b } from './v.mjs'; log(a === b);\n--- v.mjs\nexport { u } from './u.mjs';\n--- u.mjs\nlog('u runs'); export const u = {};`,
    'state is not shared': `import { n as a, add } from './n.mjs?1'; import { n as b } from './n.mjs?2'; add(); log(a, b);\n--- n.mjs\nexport let n = 0; export const add = () => { n++; };`,
    'an empty query': `import * as a from './v.mjs?'; import * as b from './v.mjs'; log(a === b);\n--- v.mjs\nlog(import.meta.url.split('/').pop());`,
    'CommonJS with a query': `import * as a from './c.cjs?x'; import * as b from './c.cjs'; log(a === b, a.default === b.default);\n--- c.cjs\nlog('c');`,
    'file URLs and absolute paths': `const url = new URL('./v.mjs', import.meta.url); log((await import(url.href)) === (await import('./v.mjs')), (await import(url.pathname)) === (await import('./v.mjs')));\n--- v.mjs\nlog('runs');`,
    'encoded names': `import a from './sp ace.mjs'; import b from './sp%20ace.mjs'; log(a === b);\n--- sp%20ace.mjs\nexport default 'wrong';`,
  },
});
