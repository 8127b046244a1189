// import.meta (13.3.12 and Node's members).

import { conform } from './conform.js';

/** @param {string[]} texts */
const each = (texts) => Object.fromEntries(texts.map((text) => [text, `--- main.mjs\n${text}\n${others}`]));

const others = `--- a.mjs
export const meta = import.meta; export const again = () => import.meta; export const inEval = () => eval('typeof 1');
--- folder/b.mjs
export const meta = import.meta;
--- node_modules/dep/package.json
{ "name": "dep", "exports": { ".": { "import": "./i.mjs", "require": "./r.cjs" }, "./sub": "./sub.js", "./blocked": null } }
--- node_modules/dep/i.mjs
export {};
--- node_modules/dep/r.cjs
0;
--- node_modules/dep/sub.js
0;
--- package.json
{ "imports": { "#inner": "./a.mjs", "#dep": "dep" }, "name": "me", "exports": "./main.mjs" }
`;

conform('import.meta', {
  '13.3.12.1 the object': each([
    'log(typeof import.meta, Object.getPrototypeOf(import.meta), import.meta === import.meta)',
    'log(Object.isExtensible(import.meta), Object.isFrozen(import.meta), Object.isSealed(import.meta))',
    "import { meta, again } from './a.mjs'; log(meta === again(), meta === import.meta)",
    'log(Reflect.ownKeys(import.meta))',
    'log(Object.getOwnPropertyDescriptor(import.meta, "url"))',
    'log(Object.entries(Object.getOwnPropertyDescriptors(import.meta)).map(([k, d]) => [k, d.writable, d.enumerable, d.configurable, typeof d.value, typeof d.get].join()))',
    'log(import.meta)',
    'log(Object.keys(import.meta), JSON.stringify(import.meta))',
    'import.meta.own = 1; log(import.meta.own, delete import.meta.own, import.meta.own)',
    'import.meta.url = "other"; log(import.meta.url)',
    'log(delete import.meta.url, "url" in import.meta)',
    'import.meta.count ??= 0; import.meta.count++; ++import.meta.count; log(import.meta.count)',
    '[import.meta.a, import.meta.b] = [1, 2]; ({ c: import.meta.c } = { c: 3 }); for (import.meta.d of [4]); log(import.meta.a, import.meta.b, import.meta.c, import.meta.d)',
    'const { url, ...rest } = import.meta; log(url, Object.keys(rest))',
    'log({ ...import.meta }.url, import.meta?.url, import.meta["url"], `${import.meta.url}`)',
    'import\n.\nmeta.x = 1; log(import/**/./**/meta.x)',
    'log((() => import.meta)() === import.meta, (function () { return import.meta; })() === import.meta, await (async () => import.meta)() === import.meta)',
    'class A { x = import.meta; static y = import.meta; m(z = import.meta) { return z; } } log(new A().x === import.meta, A.y === import.meta, new A().m() === import.meta)',
    'log([...(function* () { yield import.meta.url; })()])',
    'try { import.meta(); } catch (error) { log(error); }',
    'try { new import.meta(); } catch (error) { log(error); }',
    'try { import.meta.x(); } catch (error) { log(error); }',
    'try { import.meta.x.y; } catch (error) { log(error); }',
    'try { import.meta.x.y(); } catch (error) { log(error); }',
    'try { import.meta``; } catch (error) { log(error); }',
    'try { [...import.meta]; } catch (error) { log(error); }',
    'try { `${import.meta}`; } catch (error) { log(error); }',
    'try { new import.meta.x(); } catch (error) { log(error); }',
    'try { throw import.meta; } catch (error) { log(error === import.meta); }',
    'Object.freeze(import.meta); try { import.meta.x = 1; } catch (error) { log(error); }',
    'Object.setPrototypeOf(import.meta, { inherited: 1 }); log(import.meta.inherited)',
    'log(typeof import.meta.resolve, import.meta.resolve.name, import.meta.resolve.length, Object.keys(import.meta.resolve))',
    'if (import.meta.main) log("main"); else log("not main", import.meta.main)',
  ]),
  'members of Node': each([
    'log(import.meta.url, import.meta.filename, import.meta.dirname)',
    "import { meta } from './folder/b.mjs'; log(meta.url, meta.filename, meta.dirname)",
    "import { meta } from './a.mjs?query=1#hash'; log(meta.url, meta.filename, meta.dirname)",
    "import { meta } from './a.mjs?a b'; log(meta.url)",
    "import { meta } from 'data:text/javascript,export const meta = import.meta'; log(meta.url, Object.keys(meta), meta.filename)",
    "log(import.meta.resolve('./a.mjs'), import.meta.resolve('./not-there.mjs'), import.meta.resolve('../x'))",
    "log(import.meta.resolve('fs'), import.meta.resolve('node:fs'), import.meta.resolve('https://x.y/z'), import.meta.resolve('data:,x'))",
    "log(import.meta.resolve('dep'), import.meta.resolve('dep/sub'))",
    "log(import.meta.resolve('#inner'), import.meta.resolve('#dep'), import.meta.resolve('me'))",
    "log(import.meta.resolve('/absolute.mjs'), import.meta.resolve('file:///x/y.mjs'), import.meta.resolve('./a.mjs?x#y'))",
    "attempt('package', () => import.meta.resolve('not-there'))",
    "attempt('subpath', () => import.meta.resolve('dep/other'))",
    "attempt('blocked', () => import.meta.resolve('dep/blocked'))",
    "attempt('imports', () => import.meta.resolve('#gone'))",
    "attempt('builtin', () => import.meta.resolve('node:nothing'))",
    "attempt('empty', () => import.meta.resolve(''))",
    "attempt('slash', () => import.meta.resolve('./a%2Fb'))",
    "attempt('none', () => import.meta.resolve())",
    "attempt('number', () => import.meta.resolve(1))",
    "attempt('null', () => import.meta.resolve(null))",
    "attempt('symbol', () => import.meta.resolve(Symbol('s')))",
    "attempt('object', () => import.meta.resolve({ toString: () => './a.mjs' }))",
    "attempt('dot', () => import.meta.resolve('.'))",
    "attempt('folder', () => import.meta.resolve('./folder'))",
    "attempt('slashes', () => import.meta.resolve('./folder/'))",
    "attempt('parent', () => import.meta.resolve('./a.mjs', 'file:///x/y.mjs'))",
    "const { resolve } = import.meta; log(resolve('./a.mjs'))",
    "log(new URL('./a.mjs', import.meta.url).href)",
    "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); log(require.resolve('dep').slice(-6))",
    "import { fileURLToPath } from 'node:url'; log(fileURLToPath(import.meta.url) === import.meta.filename)",
  ]),
});
