// Small modules with the early errors of ECMA-262 ("Static Semantics: Early Errors"), and valid ones that look like it.

import { readFileSync } from 'node:fs';

/** One on each line. */
export const programs = readFileSync(new URL('programs.txt', import.meta.url), 'utf8').split('\n').slice(0, -1);


/** Programs of more than one line, and ones that no template can hold. */
export const others = [
  'let a\nlet a',
  'const a = 1;\n\n   a++;\nlet b;let b',
  'let\nlet = 1',
  'let\na = 1\nexport { a }',
  'async\nfunction f() {}',
  'a\n++\nb',
  'return\n1',
  'throw\n1',
  'yield\n1',
  'x\n<!-- y',
  '\n--> x',
  '/*\n*/ --> x',
  '"a\\\nb"',
  '"a\u2028b"',
  '/a\u2028b/',
  '/a\nb/',
  '`a\n${',
  'import a from "./dep.mjs"\nimport b from "./dep.mjs" with { type: "json" }',
  'export default class {\n  #a;\n  static b = #c in this;\n}',
  'let s = "\t\tx";\tlet s;',
  'class A {\n\tconstructor() {}\n\tconstructor() {}\n}',
  '\uFEFFlet let',
  '\uFEFF',
  '#!/usr/bin/env node\nlet let',
  ' #!a',
  '\0',
  'a\0b',
  'let \\',
  'let \\u',
  'let a\\u{}',
  '\u00A0let\u3000a\uFEFF=\u20281',
  'var \uD83D\uDE00',
  "'\uD800'",
  'export { a as "😀" }; let a',
  'label: for (;;) {\n  function f() { break label; }\n}',
  'for (const a of []) {\n  var a;\n}',
  'function f() {\n  "use strict";\n  010\n}',
  'if (1) {\n  let a;\n  if (2) { let a; }\n}\nlet a;\nlet a;',
  ')'.repeat(20),
  '('.repeat(200) + '1' + ')'.repeat(200),
  `${' '.repeat(300)}let let`,
];
