// Prints a line for each JavaScript function that is too long.
//
// usage: node function-lengths.js LINES FILE...   (a part of `cargo xtask test`, step `lengths`)
// A callback of `test(…)` is a function like any other; test files are simply not passed in.

import { readFileSync } from 'node:fs';
import { parse } from 'acorn';

const functionTypes = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

const [limit, ...files] = process.argv.slice(2);

for (const file of files) {
  const text = readFileSync(file, 'utf8');
  visit(parseModule(file, text), '(anonymous)', (node, name) => {
    const lines = node.loc.end.line + 1 - node.loc.start.line;
    if (lines > Number(limit)) {
      console.log(`${file}:${node.loc.start.line}: ${name} has ${lines} lines, ${limit} at most`);
    }
  });
}

function parseModule(file, text) {
  try {
    return parse(text, { ecmaVersion: 'latest', sourceType: 'module', locations: true, allowHashBang: true });
  } catch (error) {
    throw new Error(`${file}: ${error.message}`);
  }
}

/** Calls `found` for every function below `node`, with the name that its surroundings give it. */
function visit(node, outerName, found) {
  const name = node.id?.name ?? node.key?.name ?? node.left?.name ?? outerName;
  if (functionTypes.has(node.type)) found(node, name);
  for (const child of Object.values(node).flat()) {
    if (typeof child?.type === 'string') visit(child, name, found);
  }
}
