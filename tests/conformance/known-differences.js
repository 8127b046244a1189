// What is known to differ from plain Node today, by reason. Each entry fails its test as soon as the program runs as under
// plain Node, so remove it then.

/**
 * Names of tests, each alone or with the versions of Node for which it holds.
 * @type {Record<string, (string | [string, ...number[]])[]>}
 */
const differences = {
  'how uncaught errors are printed': [
    ['processes: a syntax error (uncaught errors)', 20],
    ['processes: a syntax error in a dependency (uncaught errors)', 20],
  ],
  'second instances through Node': [
    ['import(): import * as ns from \'./a.mjs\'; log(ns === (await new Function("return import(\'./a.mjs\')")())); (19.2.1 eval and Function)', 20],
    ['import(): import * as ns from \'./a.mjs\'; log(ns === (await new Function("x = import(\'./a.mjs\')", \'return x\')())); (19.2.1 eval and Function)', 20],
    ['cycles: CommonJS that leads back (16.2.1.6 InnerModuleEvaluation and synthetic modules)', 20],
    ['CommonJS: a CommonJS file requires a loaded module (imports)', 20],
    ['CommonJS: it imports a module that is loaded (imports)', 20],
    ['CommonJS: require of a module that is loaded (imports)', 20],
    ['other kinds: an import of a hot module in it (data: URLs)', 20],
  ],
  'when import() settles': [
    ['turns: with a cycle that awaits (13.3.10 import() of graphs that are not loaded)', 22],
    ['turns: with a module that imports itself and awaits (13.3.10 import() of graphs that are not loaded)', 22],
    ['top-level await: what waits goes on when CommonJS throws (16.2.1.6 errors)', 20],
    ['timing: and does not link (13.3.10 import() of a module that is being imported)', 20],
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
