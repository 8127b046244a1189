// What is known to differ from plain Node today, by reason. Each entry fails its test as soon as the program runs as under
// plain Node, so remove it then.

/**
 * Names of tests, each alone or with the versions of Node for which it holds.
 * @type {Record<string, (string | [string, ...number[]])[]>}
 */
const differences = {
  'direct eval and import() in it': [
    'assigning imports: eval("x = 1") (9.1.1.5.1 immutable bindings)',
    'graphs: a binding of a cycle that direct eval reads (9.1.1.5.1 GetBindingValue)',
    ['import(): import * as ns from \'./a.mjs\'; log(ns === (await eval("import(\'./a.mjs\')"))); (19.2.1 eval and Function)', 20],
    ['import(): import * as ns from \'./a.mjs\'; log(ns === (await new Function("return import(\'./a.mjs\')")())); (19.2.1 eval and Function)', 20],
    ['import(): import * as ns from \'./a.mjs\'; log(ns === (await new Function("x = import(\'./a.mjs\')", \'return x\')())); (19.2.1 eval and Function)', 20],
    'texts: "try { eval(\\"arguments\\"); } catch (error) { log(error); }" (16.2.1.7 ExecuteModule, strict code)',
    'texts: "try { eval(\\"new.target\\"); } catch (error) { log(error.name); }" (16.2.1.7 ExecuteModule, strict code)',
  ],
  'how uncaught errors are printed': [
    'processes: a missing export (uncaught errors)',
    'processes: a missing export of CommonJS (uncaught errors)',
    'processes: a syntax error (uncaught errors)',
    'processes: a syntax error in a dependency (uncaught errors)',
  ],
  'missing names: which one, in which words, when': [
    ['resolving: the same namespace over two stars is not ambiguous (16.2.1.7 ResolveExport)', 26],
  ],
  'names of the wrapper, positions after them': [
    'import.meta: try { [...import.meta]; } catch (error) { log(error); } (13.3.12.1 the object)',
    'import.meta: try { import.meta(); } catch (error) { log(error); } (13.3.12.1 the object)',
    'import.meta: try { import.meta.x(); } catch (error) { log(error); } (13.3.12.1 the object)',
    'import.meta: try { import.meta``; } catch (error) { log(error); } (13.3.12.1 the object)',
    'import.meta: try { new import.meta(); } catch (error) { log(error); } (13.3.12.1 the object)',
    'import.meta: try { new import.meta.x(); } catch (error) { log(error); } (13.3.12.1 the object)',
    'stacks: class A { static x = thrower(); } (frames of the program)',
    'stacks: class A { static { thrower(); } } (frames of the program)',
    'stacks: eval("throw new Error(1)"); (frames of the program)',
    'stacks: eval("thrower()"); (frames of the program)',
    "stacks: export default () => null.x; import f from './main.mjs'; try { f(); } catch (e) { log(frames(e)); } (columns)",
    'stacks: export default () => {}; try { null.x; } catch (e) { log(frames(e)); } (columns)',
    "stacks: export default class { static m() { null.x; } }; import C from './main.mjs'; try { C.m(); } catch (e) { log(frames(e)); } (columns)",
    'stacks: export default class {} try { null.x; } catch (e) { log(frames(e)); } (columns)',
    'stacks: export default function () {} try { null.x; } catch (e) { log(frames(e)); } (columns)',
    "stacks: export default { f() { null.x; } }.f; import f from './main.mjs'; try { f(); } catch (e) { log(frames(e)); } (columns)",
    'stacks: frames over a cycle (the names of frames)',
    'stacks: log(typeof arguments); try { null.x; } catch (e) { log(frames(e)); } (columns)',
    'stacks: new Function("f", "f()")(thrower); (frames of the program)',
    'stacks: thrower = 1; (frames of the program)',
    'stacks: try { arguments; } catch (e) { log(frames(e)); } (columns)',
    'texts: "export class A extends Object { m() { return import.meta; } } log(`${A}`)" (20.2.3.5 Function.prototype.toString)',
    'texts: "export const f = () => import(\'./a.mjs\'); log(`${f}`)" (20.2.3.5 Function.prototype.toString)',
    'texts: "export const f = () => import.meta.url; log(`${f}`)" (20.2.3.5 Function.prototype.toString)',
    'texts: "export default function () { return 1; }\\nimport self from \\"./main.mjs\\"; log(`${self}`)" (20.2.3.5 Function.prototype.toString)',
    'texts: "import self from \\"./main.mjs\\"; export default function () { return self; }\\nlog(`${self}`)" (20.2.3.5 Function.prototype.toString)',
    'texts: "import { a as x } from \\"./main.mjs\\"; export let a = 1; const f = () => x + { x }.x; a = 2; log(`${f}`)" (20.2.3.5 Function.prototype.toString)',
  ],
  'namespaces that are a Proxy': [
    'hoisting: a var through a star of a module that has not run (10.4.6.5 and .8, in a cycle)',
    'hoisting: const (10.4.6.5 [[GetOwnProperty]] of an uninitialised binding)',
    'namespaces: Object.entries(ns).map(String), changing (10.4.6.11 [[OwnPropertyKeys]])',
    'namespaces: Object.values(ns).map(String), changing (10.4.6.11 [[OwnPropertyKeys]])',
    'namespaces: a namespace of itself prints (16.2.1 GetModuleNamespace)',
    ['namespaces: a nested namespace prints (16.2.1 GetModuleNamespace)', 20],
    'namespaces: printing while uninitialised (16.2.1 GetModuleNamespace)',
    'namespaces: the object exists before the module has run (16.2.1 GetModuleNamespace)',
    "stacks: import { thrower } from './t.mjs'; export { thrower as again }; import * as self from './main.mjs'; try { self.again(); } catch (e) { log(frames(e)); } (columns)",
  ],
  'assignments that fail halfway': [
    'live bindings: half a destructuring (10.4.6 and 9.1.1.5, ways to assign)',
  ],
  'packages: live bindings, names, stars': [
    'other kinds: exports that change (data: URLs)',
  ],
  'second instances through Node': [
    ['CommonJS: a CommonJS file requires a loaded module (imports)', 20],
    ['CommonJS: it imports a module that is loaded (imports)', 20],
    ['CommonJS: require of a module that is loaded (imports)', 20],
    ['other kinds: an import of a hot module in it (data: URLs)', 20],
    'other kinds: not the object of require (JSON)',
  ],
  'when import() settles': [
    ['timing: of JSON that is loaded (13.3.10 import() of a loaded module)', 20],
  ],
  'words and stacks of syntax errors': [
    ['other kinds: source phase (WebAssembly)', 24, 26],
  ],
};

const byName = new Map(
  Object.entries(differences).flatMap(([reason, entries]) =>
    entries.map((entry) => {
      const [name, ...versions] = typeof entry === 'string' ? [entry] : entry;
      return [name, { reason, versions }];
    }),
  ),
);

/** @param {string} name @param {number} major version of Node @returns {string | undefined} */
export function known(name, major) {
  const entry = byName.get(name);
  if (!entry || (entry.versions.length > 0 && !entry.versions.includes(major))) return undefined;
  return entry.reason;
}
