// Which binding a name stands for, and what is said when it stands for none.

import { conform } from './conform.js';

const two = `
--- a.mjs
log('a runs'); export const x = 'a.x', onlyA = 1; export default 'a default';
--- b.mjs
log('b runs'); export const x = 'b.x', onlyB = 2; export default 'b default';
`;

conform('resolving', {
  '16.2.1.7 GetExportedNames': {
    'names are sorted by code units, not in order of declaration': `
      import * as ns from './names.mjs'; log(Object.keys(ns));
      --- names.mjs
      export const b = 1, a = 2, B = 3, _ = 4, $ = 5, é = 6, ª = 7, a1 = 8, a10 = 9, a2 = 10, 𝒜 = 11, ﬀ = 12; export default 0;`,
    'stars give all names but default': `
      import * as ns from './star.mjs'; log(Object.keys(ns));
      --- star.mjs
      export * from './a.mjs'; ${two}`,
    'an ambiguous name is left out of the namespace': `
      import * as ns from './star.mjs'; log(Object.keys(ns), 'x' in ns, ns.x);
      --- star.mjs
      export * from './a.mjs'; export * from './b.mjs'; ${two}`,
    'a local name wins over stars': `
      import * as ns from './star.mjs'; log(ns.x, Object.keys(ns));
      --- star.mjs
      export * from './a.mjs'; export * from './b.mjs'; export const x = 'own'; ${two}`,
    'an indirect export wins over stars': `
      import * as ns from './star.mjs'; log(ns.x);
      --- star.mjs
      export * from './a.mjs'; export { x } from './b.mjs'; ${two}`,
    'stars in a cycle end': `
      import * as ns from './c.mjs'; log(Object.keys(ns), ns.c, ns.d);
      --- c.mjs
      export * from './d.mjs'; export const c = 1;
      --- d.mjs
      export * from './c.mjs'; export const d = 2;`,
    'a star of itself': `
      import * as ns from './c.mjs'; log(Object.keys(ns));
      --- c.mjs
      export * from './c.mjs'; export const c = 1;`,
    'three stars in a ring, names from each': `
      import { p, q, r } from './p.mjs'; import * as ns from './q.mjs'; log(p, q, r, Object.keys(ns));
      --- p.mjs
      export * from './q.mjs'; export const p = 'p';
      --- q.mjs
      export * from './r.mjs'; export const q = 'q';
      --- r.mjs
      export * from './p.mjs'; export const r = 'r';`,
    'a module without exports has an empty namespace': `
      import * as ns from './none.mjs'; log(Reflect.ownKeys(ns).length, Object.keys(ns));
      --- none.mjs
      const hidden = 1;`,
    'export {} exports nothing': `
      import * as ns from './none.mjs'; log(Object.keys(ns));
      --- none.mjs
      export {}; export {} from './a.mjs'; ${two}`,
  },
  '16.2.1.7 ResolveExport': {
    'the same binding over two stars is not ambiguous': `
      import { x } from './star.mjs'; import * as ns from './star.mjs'; log(x, Object.keys(ns));
      --- star.mjs
      export * from './one.mjs'; export * from './other.mjs';
      --- one.mjs
      export * from './a.mjs';
      --- other.mjs
      export { x } from './a.mjs'; ${two}`,
    'the same binding as import then export is not ambiguous': `
      import { x } from './star.mjs'; log(x);
      --- star.mjs
      export * from './one.mjs'; export * from './a.mjs';
      --- one.mjs
      import { x } from './a.mjs'; export { x }; ${two}`,
    'the same namespace over two stars is not ambiguous': `
      import { n } from './star.mjs'; log(n.x);
      --- star.mjs
      export * from './one.mjs'; export * from './other.mjs';
      --- one.mjs
      export * as n from './a.mjs';
      --- other.mjs
      import * as n from './a.mjs'; export { n }; ${two}`,
    'a namespace and a binding of the same name are ambiguous': `
      import { x } from './star.mjs';
      --- star.mjs
      export * from './a.mjs'; export * from './other.mjs';
      --- other.mjs
      export * as x from './b.mjs'; ${two}`,
    'importing an ambiguous name': `
      import { x } from './star.mjs'; log('main runs');
      --- star.mjs
      export * from './a.mjs'; export * from './b.mjs'; ${two}`,
    'exporting an ambiguous name': `
      import './reexport.mjs';
      --- reexport.mjs
      export { x as y } from './star.mjs';
      --- star.mjs
      export * from './a.mjs'; export * from './b.mjs'; ${two}`,
    'one ambiguous name does not harm the others': `
      import { onlyA, onlyB } from './star.mjs'; log(onlyA, onlyB);
      --- star.mjs
      export * from './a.mjs'; export * from './b.mjs'; ${two}`,
    'default does not come through a star': `
      import value from './star.mjs'; log(value);
      --- star.mjs
      export * from './a.mjs'; ${two}`,
    'default by name through a star': `
      import { default as value } from './star.mjs'; log(value);
      --- star.mjs
      export * from './a.mjs'; ${two}`,
    'default re-exported by name': `
      import value, { other } from './re.mjs'; log(value, other);
      --- re.mjs
      export { default } from './a.mjs'; export { default as other } from './b.mjs'; ${two}`,
    'a chain of renamed exports': `
      import { end } from './1.mjs'; log(end);
      --- 1.mjs
      export { third as end } from './2.mjs';
      --- 2.mjs
      export { second as third } from './3.mjs';
      --- 3.mjs
      import { x as first } from './a.mjs'; export { first as second }; ${two}`,
    'an indirect export of itself': `
      import { x } from './self.mjs';
      --- self.mjs
      export { x } from './self.mjs';`,
    'two indirect exports in a circle': `
      import { x } from './c.mjs';
      --- c.mjs
      export { x } from './d.mjs';
      --- d.mjs
      export { x } from './c.mjs';`,
    'a circle that is never asked for, but linked': `
      import { y } from './c.mjs'; log(y);
      --- c.mjs
      export { x } from './d.mjs'; export const y = 1;
      --- d.mjs
      export { x } from './c.mjs';`,
    'a cycle of stars has the name nowhere': `
      import { gone } from './c.mjs';
      --- c.mjs
      export * from './d.mjs';
      --- d.mjs
      export * from './c.mjs';`,
    'a self import by another name': `
      import { renamed as alias } from './main.mjs'; export const own = 'mine'; export { own as renamed }; log(alias);`,
    'a name of the prototype of objects is no export': `
      import { toString } from './a.mjs'; ${two}`,
    'hasOwnProperty and __proto__ as export names': `
      import { hasOwnProperty, __proto__ as p } from './odd.mjs'; import * as ns from './odd.mjs';
      log(hasOwnProperty, p, Object.keys(ns), ns.__proto__, Object.getPrototypeOf(ns));
      --- odd.mjs
      export const hasOwnProperty = 1; const q = 2; export { q as __proto__ };`,
    'constructor and then as names over a star': `
      import { constructor, valueOf } from './star.mjs'; log(constructor, valueOf);
      --- star.mjs
      export * from './odd.mjs';
      --- odd.mjs
      export const constructor = 1, valueOf = 2;`,
  },
  '16.2.1.6 Link, errors': {
    'a missing name': `
      import { missing } from './a.mjs'; log('main runs'); ${two}`,
    'a missing default': `
      import it from './none.mjs';
      --- none.mjs
      export const x = 1;`,
    'a missing renamed name': `
      import { missing as other } from './a.mjs'; ${two}`,
    'a missing string name': `
      import { 'not there' as other } from './a.mjs'; ${two}`,
    'a missing name of a re-export': `
      export { missing } from './a.mjs'; ${two}`,
    'a missing name of a renamed re-export': `
      export { missing as present } from './a.mjs'; ${two}`,
    'a missing name two modules away': `
      import './b.mjs'; log('main runs');
      --- b.mjs
      import './c.mjs'; log('b runs');
      --- c.mjs
      log('c runs'); import { missing } from './a.mjs'; ${two.split('--- b.mjs')[0]}`,
    'nothing of the graph has run': `
      import './first.mjs'; import { missing } from './a.mjs';
      --- first.mjs
      log('first runs'); ${two}`,
    'the first of two missing names in one declaration': `
      import { missingOne, missingTwo } from './a.mjs'; ${two}`,
    'the first of two missing names by order of declarations': `
      import { missingB } from './b.mjs'; import { missingA } from './a.mjs'; ${two}`,
    'an error in a dependency is told before that of its importer': `
      import { missingInMain } from './a.mjs'; import './dep.mjs';
      --- dep.mjs
      import { missingInDep } from './b.mjs'; ${two}`,
    'errors in two siblings: the first in order': `
      import './s1.mjs'; import './s2.mjs';
      --- s1.mjs
      import { gone1 } from './a.mjs';
      --- s2.mjs
      import { gone2 } from './a.mjs'; ${two}`,
    'a re-export is told before an import of the same module': `
      import { gone1 } from './a.mjs'; export { gone2 } from './b.mjs'; ${two}`,
    'the name asked for, where a chain breaks': `
      import { x } from './c.mjs';
      --- c.mjs
      export { y as x } from './d.mjs';
      --- d.mjs
      export { z as y } from './e.mjs';
      --- e.mjs
      export const other = 1;`,
    'an import of a name that the module only imports': `
      import { x } from './uses.mjs';
      --- uses.mjs
      import { x } from './a.mjs'; log(x); ${two}`,
    'an import of a local name that is not exported': `
      import { hidden } from './c.mjs';
      --- c.mjs
      const hidden = 1; export { hidden as shown };`,
    'a missing name in a cycle': `
      import './c.mjs'; export const m = 1;
      --- c.mjs
      import { nothing } from './main.mjs'; log('c runs');`,
    'a module that failed to link fails again': `
      const name = './broken.mjs';
      for (const turn of [1, 2]) await import(name).catch((error) => log(turn, error));
      --- broken.mjs
      import { missing } from './a.mjs'; ${two}`,
    'a part of a graph that failed to link can be imported': `
      await import('./broken.mjs').catch((error) => log(error)); log((await import('./a.mjs')).x);
      --- broken.mjs
      import { missing } from './a.mjs'; ${two}`,
    'a syntax error beside a missing name': `
      import { missing } from './a.mjs'; import './bad.mjs';
      --- bad.mjs
      export const = 1; ${two}`,
    'a missing file beside a missing name': `
      import { missing } from './a.mjs'; import './gone.mjs'; ${two}`,
    'a missing file': "import './a.mjs'; import './gone.mjs'; log('main runs');" + two,
    'a missing package': "import 'no-such-package';",
    'a missing builtin': "import 'node:nothing';",
    'a folder': `
      import './folder';
      --- folder/index.mjs
      log('never');`,
    'no extension is added': `
      import './a'; ${two}`,
    'an extension that Node does not know': `
      import './a.unknown';
      --- a.unknown
      x`,
    'a scheme that Node does not know': "import 'unknown:thing';",
    'an http URL': "import 'http://localhost/x.mjs';",
    'an empty specifier': "import '';",
    'a specifier that is only a dot': "import '.';",
    'an encoded slash': "import './a%2Fb.mjs';",
    'an encoded character': `
      import { x } from './%61.mjs'; import { x as y } from './a.mjs'; log(x === y, x); ${two}`,
    'a package with a missing subpath': `
      import 'dep/missing';
      --- node_modules/dep/package.json
      { "name": "dep", "exports": { ".": "./index.js" } }
      --- node_modules/dep/index.js
      module.exports = 1;`,
  },
});
