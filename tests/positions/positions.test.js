// Blank, don't rewrite: every token outside import and export declarations stands in the executed text
// at the line and column where it stands in the file. Checked over a corpus of real modules, in their
// real graphs, with a parser that is not ours; the exceptions are counted by rule.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse, tokenizer } from 'acorn';
import { loadAddon } from '../../runtime/lib/addon.js';
import { corpusFiles } from '../corpus.js';

const options = { ecmaVersion: 'latest', sourceType: 'module', locations: true, ranges: true };

/** Why a token may differ: what stands in the executed line, or at the token's place in it. */
const rules = {
  'renamed: import() or import.meta': (line) => /\$mpor|\$importMe|\?\.value\)/.test(line),
  'live read before it on the line': (line) => /\$live\./.test(line),
  'told assignment before it on the line': (line) => /\$push\(/.test(line),
  'begins an anonymous default export': (line) => line.includes('{default:'),
  'semicolon that ends one': (line, at) => line.startsWith('};', at),
};

test('tokens keep their line and column', (t) => {
  const session = new (loadAddon().Session)(
    JSON.stringify({
      conditions: ['node', 'import', 'module-sync'],
      builtins: builtinModules,
      include: ['node_modules'],
    }),
  );
  const counts = { files: 0, tokens: 0 };
  for (const rule of Object.keys(rules)) counts[rule] = 0;
  for (const { url, executed } of executedTexts(session)) check(url, executed, counts);
  t.diagnostic(JSON.stringify(counts));
  assert.ok(counts.files >= 300, `only ${counts.files} files were compared`);
});

/** Every module of the corpus as the engine would have it executed, with all it imports. */
function* executedTexts(session) {
  for (const file of corpusFiles()) {
    const specifier = pathToFileURL(file).href;
    const request = { import: { specifier, parent: specifier } };
    const answer = session.prepare(JSON.stringify(request));
    const plan = JSON.parse(answer.plan);
    for (const module of plan.modules) {
      if (module.kind !== 'module') continue;
      const text = answer.texts[module.code];
      yield { url: module.url, executed: text.slice(text.indexOf('\n') + 1) };
    }
    if (plan.failures.length === 0) {
      session.commit(plan.transaction, plan.modules.map(({ id }) => id));
    }
  }
}

function check(url, executed, counts) {
  const path = fileURLToPath(url);
  const source = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  const found = new Set();
  const body = executed.slice(0, executed.lastIndexOf('\n})'));
  for (const token of tokens(body)) found.add(placed(token));
  const executedLines = body.split(/\r\n|[\r\n\u2028\u2029]/);
  const syntax = moduleSyntax(source);
  counts.files += 1;
  for (const token of tokens(source)) {
    if (syntax.some(([start, end]) => token.start >= start && token.start < end)) continue;
    counts.tokens += 1;
    if (found.has(placed(token))) continue;
    const line = executedLines[token.loc.start.line - 1] ?? '';
    const at = token.loc.start.column;
    const rule = Object.keys(rules).find((name) => rules[name](line, at));
    assert.ok(rule, `${path}:${place(token)}: '${text(token)}' is elsewhere\n${line.slice(0, 300)}`);
    counts[rule] += 1;
  }
}

function tokens(code) {
  return tokenizer(code, { ...options, allowHashBang: true });
}

function place({ loc }) {
  return `${loc.start.line}:${loc.start.column + 1}`;
}

function placed(token) {
  return `${place(token)} ${text(token)}`;
}

function text({ type, value }) {
  return `${type.label} ${typeof value === 'object' ? JSON.stringify(value) : value}`;
}

/** Ranges of import and export syntax: whole declarations, or the keywords in front of one. */
function moduleSyntax(source) {
  return parse(source, { ...options, allowHashBang: true }).body.flatMap((node) => {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        return [[node.start, node.end]];
      case 'ExportNamedDeclaration':
        return [[node.start, node.declaration ? node.declaration.start : node.end]];
      case 'ExportDefaultDeclaration':
        return [[node.start, node.declaration.start]];
      default:
        return [];
    }
  });
}
