// Real packages export and do the same under plain Node and as hot code: with everything hot, and with each package
// hot alone while Node loads what it depends on.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hotPackages, neededBy, packageOf, programFiles, programs, projectWith } from './project.js';

const specifiers = Object.keys(programs);
const packages = [...new Set(specifiers.map(packageOf))];

test('real packages', async (t) => {
  const project = projectWith(t, programFiles(), packages);
  const plain = await run(project, 'plain', specifiers);
  const hot = await run(project, 'hot', specifiers);
  for (const specifier of specifiers) {
    await t.test(`${specifier}, all packages hot`, () => {
      check(plain.get(specifier), hot.get(specifier));
      assert.deepEqual(hot.get(specifier).native, [], 'loaded by Node');
    });
  }
  for (const group of groupsWithoutDependencies(packages)) {
    await project.write('package.json', JSON.stringify({ type: 'module', ...hotPackages(group) }));
    const members = specifiers.filter((specifier) => group.includes(packageOf(specifier)));
    const logs = await run(project, 'hot', members);
    const files = [...logs.values()].flatMap((log) => log.hot);
    for (const specifier of members) {
      await t.test(`${specifier}, hot alone`, () => {
        check(plain.get(specifier), logs.get(specifier));
        assert.ok(files.some((path) => isOf([packageOf(specifier)], path)), 'no file of it was hot');
      });
    }
    const others = packages.filter((name) => !group.includes(name));
    assert.deepEqual(files.filter((path) => isOf(others, path)), [], 'hot without being included');
  }
});

function check(plain, hot) {
  assert.ok(!plain.lines.some((line) => line.startsWith('failed')), plain.lines.join('\n'));
  assert.ok(plain.lines.length > 1, 'the program logs something');
  assert.deepEqual(hot?.lines, plain.lines);
}

/** @param {string[]} names @param {string} path */
function isOf(names, path) {
  return names.some((name) => path.includes(`/node_modules/${name}/`));
}

/** Packages in as few groups as a simple search finds, so that no program makes Node load a hot package. */
function groupsWithoutDependencies(names) {
  const groups = [];
  const needed = new Map(names.map((name) => [name, neededBy(name)]));
  const needs = (a, b) => needed.get(a).has(b);
  for (const name of names) {
    const group = groups.find((members) => !members.some((other) => needs(name, other) || needs(other, name)));
    if (group) group.push(name);
    else groups.push([name]);
  }
  return groups;
}

/** What `run.js` printed, by specifier. */
async function run(project, mode, names) {
  const app = project.start([new URL('run.js', import.meta.url).pathname, mode, ...names]);
  await app.line(/^done$/, { stream: 'stdout', deadline: 60_000 });
  const lines = app.lines.filter(({ stream, text }) => stream === 'stdout' && text.startsWith('{"name"'));
  const logs = new Map(lines.map(({ text }) => JSON.parse(text)).map((log) => [log.name, log]));
  assert.equal(logs.size, names.length, `${mode} ended early\n${app.output('stderr').slice(-3000)}`);
  return logs;
}
