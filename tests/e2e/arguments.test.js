// Wrong arguments throw a TypeError at once that says which one and what was expected.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProject } from '../harness/index.js';

const good = "'./a.js', undefined, () => {}";

/** Arguments as source text, and what the message must contain. */
const wrong = {
  '': /modulePath.*string.*undefined/,
  "'', undefined, () => {}": /modulePath/,
  '3, undefined, () => {}': /modulePath.*string.*number/,
  'null, undefined, () => {}': /modulePath.*null/,
  "'./a.js'": /callback.*function.*undefined/,
  "'./a.js', () => {}": /callback.*function/,
  "'./a.js', 'a.js', 'b.js'": /callback.*function/,
  "'./a.js', 3, () => {}": /watchPath/,
  "'./a.js', {}, () => {}": /watchPath/,
  "'./a.js', '', () => {}": /watchPath/,
  "'./a.js', [], () => {}": /watchPath/,
  "'./a.js', ['a.js', 3], () => {}": /watchPath/,
  "'./a.js', '!a.js', () => {}": /watchPath/,
  "'./a.js', 'src\\\\**\\\\*.js', () => {}": /watchPath.*Windows.*src\/\*\*\/\*\.js/,
  "'./a.js', 'src\\\\*.js', () => {}": /watchPath.*Windows.*src\/\*\.js/,
  "'./a.js', ['a.js', '.\\\\src\\\\*'], () => {}": /watchPath.*Windows.*\.\/src\/\*/,
  "'./a.js', 'C:\\\\app\\\\**', () => {}": /watchPath.*Windows.*C:\/app\/\*\*/,
  [`${good}, null`]: /options.*object.*null/,
  [`${good}, 'x'`]: /options.*object/,
  [`${good}, { ignored: 3 }`]: /options\.ignored/,
  [`${good}, { ignored: [/a/, null] }`]: /options\.ignored/,
  [`${good}, { ignored: 'src\\\\**' }`]: /options\.ignored.*Windows.*src\/\*\*/,
  [`${good}, { clearScreen: 'yes' }`]: /options\.clearScreen.*boolean/,
  [`${good}, { persistent: 1 }`]: /options\.persistent.*boolean/,
  [`${good}, { signal: {} }`]: /options\.signal.*AbortSignal/,
  [`${good}, { onError: 'x' }`]: /options\.onError.*function/,
  [`${good}, { logLevel: 'loud' }`]: /options\.logLevel.*silent.*info/,
  [`${good}, { parent: 'relative.js' }`]: /options\.parent/,
  [`${good}, { parent: 3 }`]: /options\.parent/,
};

test('wrong arguments', async (t) => {
  const calls = Object.keys(wrong).map((text) => `() => hmr(${text})`);
  const project = createProject(t, {
    'main.js': `import hmr from 'node-esm-hmr';
      const attempts = [${calls.join(',\n')}];
      for (const [index, attempt] of attempts.entries()) {
        try {
          attempt();
          console.log(index, 'nothing thrown');
        } catch (error) {
          console.log(index, error.name, error.message);
        }
      }
      process.exit();`,
    'a.js': '',
  });
  const app = project.start(['main.js']);
  await app.end();
  const lines = app.output('stdout').split('\n');
  for (const [index, [text, message]] of Object.entries(wrong).entries()) {
    await t.test(`hmr(${text})`, () => {
      const [, name, said] = /^\d+ (\S+) (.*)$/.exec(lines[index]) ?? [];
      assert.equal(name, 'TypeError', lines[index]);
      assert.match(said, message);
    });
  }
});
