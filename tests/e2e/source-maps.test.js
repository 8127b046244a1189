// Source maps of hot JavaScript, in files and in `data:` URLs, do what they do in plain Node, also after updates.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { transformSync } from 'esbuild';
import { createProject } from '../harness/index.js';

/** @typedef {import('../harness/index.js').Project} Project */
/** @typedef {import('esbuild').TransformOptions} TransformOptions */

const flag = ['--enable-source-maps'];
/** Below the frames of a program stand those of the package. */
const hot = ['--stack-trace-limit=50', '--import', 'node-esm-hmr/register'];

/** @param {string} json */
const dataUrl = (json) => `data:application/json;base64,${Buffer.from(json).toString('base64')}`;

/**
 * What a build makes of a TypeScript file, with the map in a file beside it or at its end.
 * @param {string} name without an ending
 * @param {string} source
 * @param {'file' | 'data'} where
 * @param {TransformOptions} [options]
 * @returns {Record<string, string>}
 */
function built(name, source, where, options) {
  const { code, map } = transformSync(source, { loader: 'ts', sourcefile: `${name}.ts`, sourcemap: 'external', ...options });
  const ending = where === 'file' ? `${name}.js.map` : dataUrl(map);
  const files = { [`${name}.js`]: `${code}//# sourceMappingURL=${ending}\n` };
  return where === 'file' ? { ...files, [`${name}.js.map`]: map } : files;
}

/** Frames of the project, from a text with stacks. @param {string} text @param {Project} project */
const frames = (text, project) => text.split('\n').filter((line) => /^\s+at /.test(line) && line.includes(project.folder) && !line.includes('node_modules'));

/** The text above a stack. @param {string} text */
const head = (text) => text.split('\n    at ')[0];

const thrower = `interface Options { a: number }

type B = string;
export class Thrower {
  constructor(readonly options: Options) { if (options.a > 2) this.#fail(); }
  #fail(): never { throw new Error('boom'); }
  static async later(a: number) { await null; return new Thrower({ a } as Options); }
  get it() { return [1].map(function inner(): number { return new Thrower({ a: 3 }) as any; }); }
}
export let count: number = 0;
export const add = (by: number) => { count += by; if (by > 1) throw new TypeError('added'); };
const top = () => { throw new RangeError('top'); };
export const stacks: string[] = []; try { top(); } catch (error: any) { stacks.push(error.stack!); }
`;

/** Everything a program can see of a map. */
const observer = `import { findSourceMap } from 'node:module';
import * as thrower from './thrower.js';
const { Thrower, add, stacks } = thrower;
const tell = (error) => console.log(error.stack);
stacks.forEach((stack) => console.log(stack));
for (const attempt of [() => new Thrower({ a: 3 }), () => new Thrower({ a: 1 }).it, () => add(2)]) try { attempt(); } catch (error) { tell(error); }
await Thrower.later(3).catch(tell);
const map = findSourceMap(new URL('./thrower.js', import.meta.url).href);
console.log(JSON.stringify([map?.payload, map?.lineLengths, map?.findEntry(3, 30)]));
console.log(process.sourceMapsEnabled, map !== undefined);
`;

/** What a program prints, without frames of others. @param {Project} project @param {string[]} args @param {Record<string, string>} [env] */
async function printed(project, args, env) {
  const app = project.start(args, { env });
  const { code } = await app.end();
  const own = (/** @type {string} */ text) => {
    const kept = new Set(frames(text, project));
    return text.split('\n').filter((line) => !/^ {4}at /.test(line) || kept.has(line)).join('\n');
  };
  return { code, stdout: own(app.output('stdout')), head: head(app.output('stderr')), frames: frames(app.output('stderr'), project) };
}

/** A program of a project runs hot as it runs in plain Node. @param {Project} project @param {string[]} args */
async function expectAsPlain(project, args) {
  const [plain, found] = await Promise.all([printed(project, args), printed(project, [...hot, ...args])]);
  assert.deepEqual(found, plain);
  return plain;
}

/** @type {Record<string, TransformOptions>} */
const builds = { 'a build': {}, 'a minified build': { minify: true }, 'a build of one line': { minifyWhitespace: true } };

for (const [name, options] of Object.entries(builds)) {
  for (const where of /** @type {const} */ (['file', 'data'])) {
    test(`stacks and findSourceMap(): ${name}, its map in a ${where}`, async (t) => {
      const project = createProject(t, { 'main.js': observer, ...built('thrower', thrower, where, options) });
      const { stdout } = await expectAsPlain(project, [...flag, 'main.js']);
      assert.match(stdout, /thrower\.ts:6:26[^]*true true/);
      assert.match((await expectAsPlain(project, ['main.js'])).stdout, /thrower\.js:\d+:\d+[^]*false false/);
    });
  }
}

test('source maps that are switched on before an import()', async (t) => {
  const main = "process.setSourceMapsEnabled(true);\nawait import('./observer.js');";
  const project = createProject(t, { 'main.js': main, 'observer.js': observer, ...built('thrower', thrower, 'file') });
  assert.match((await expectAsPlain(project, ['main.js'])).stdout, /thrower\.ts:6:26[^]*true true/);
});

test('source maps that are switched on after an import() count for what is imported later', async (t) => {
  const main = `import './first.js'; import * as thrower from './thrower.js';
process.setSourceMapsEnabled(true);
await import('./observer.js');
try { globalThis.fail(); } catch (error) { console.log(error.stack); }`;
  const first = "import { count } from './thrower.js';\n\nconst n: number = 1; globalThis.fail = () => { count; throw new Error('first'); };";
  const files = { ...built('first', first, 'data', { minify: true }), ...built('thrower', thrower, 'data', { minify: true }) };
  const project = createProject(t, { 'main.js': main, 'observer.js': observer, ...files });
  assert.match((await expectAsPlain(project, ['main.js'])).stdout, /first\.js:1:\d+[^]*true false|true false[^]*first\.js:1:\d+/);
});

const uncaught = {
  'at the top level': "const a: number = 1;\n\nimport './other.js'; export const value: string = null!.x;",
  'behind an assignment that is told': `type A = 1;

export let n: number = 0; const go = () => { n = 1; n++; throw new Error('boom ' + (n as any)); }; setTimeout(() => go());`,
  'in a rejection': "interface I {}\nimport './other.js';\nconst fail = async (): Promise<void> => { await null; throw new Error('rejected'); }; fail();",
};

for (const [name, source] of Object.entries(uncaught)) {
  for (const options of [{}, { minifyWhitespace: true }]) {
    test(`an uncaught error ${name}, ${JSON.stringify(options)}`, async (t) => {
      const files = { 'other.js': 'export {};', 'a.ts': source, ...built('a', source, 'file', options) };
      const project = createProject(t, { 'main.js': "import './a.js';", ...files });
      const plain = await expectAsPlain(project, [...flag, 'main.js']);
      assert.match(plain.head, /a\.ts:3\n/);
    });
  }
}

const { code: thrown } = transformSync("export {}; const f = () => { throw new Error('x'); };\ntry { f(); } catch (error) { console.log(error.stack); }");
const map = { version: 3, sources: ['a.ts'], names: [], mappings: 'AAAA' };
const [asData, ending] = [(/** @type {object} */ json) => dataUrl(JSON.stringify(json)), '//# sourceMappingURL='];

/** Endings of a module, some of which are bad ones. @type {Record<string, string>} */
const endings = {
  none: '',
  'a missing file': `${ending}missing.js.map`,
  'a file that is no map': `${ending}package.json`,
  'a folder': `${ending}./`,
  'an absolute URL': `${ending}file:///tmp/a.js.map`,
  'another protocol': `${ending}https://example.com/a.js.map`,
  'no URL': `${ending}http://`,
  'no JSON': `${ending}data:application/json,{`,
  'no sources': `${ending}${asData({ version: 3, mappings: 'AAAA' })}`,
  'bad mappings': `${ending}${asData({ ...map, mappings: '!?*' })}`,
  'another type of data': `${ending}data:text/plain,{}`,
  'JSON that is not encoded': `${ending}data:application/json,${encodeURI(JSON.stringify(map))}`,
  'a root': `${ending}${asData({ ...map, sourceRoot: '/root/' })}`,
  'sources of another host': `${ending}${asData({ ...map, sources: ['webpack://app/a.ts'] })}`,
  'two maps': `${ending}${asData({ ...map, sources: ['first.ts'] })}\n${ending}${asData(map)}`,
  'a map in a string behind it': `${ending}${asData(map)}\nconst s = '\\n${ending}none.map';`,
  'a map in a string only': `const s = \`\n${ending}${asData(map)}\`;`,
  'the old sign': `//@ sourceMappingURL=${asData(map)}`,
  'a comment of more lines': `/*# sourceMappingURL=${asData(map)} */`,
  'quotes': `${ending}'${asData(map)}'`,
  'more words': `${ending}${asData(map)} more`,
  'white space': `${ending} ${asData(map)} \r\n`,
  'another name': `//# sourceURL=other.js\n${ending}${asData(map)}`,
  'code behind it': `${ending}${asData(map)}\nawait null;`,
};

const endingObserver = `import { findSourceMap } from 'node:module';
const urls = ['a.js', 'other.js'].map((name) => new URL(name, import.meta.url).href);
for (const query of ['', '?a=1']) await import('./a.js' + query).catch((error) => console.log(error.name, error.code, error.message));
for (const url of [...urls, urls[0] + '?a=1', 'other.js']) {
  try { console.log(JSON.stringify(findSourceMap(url)), JSON.stringify(findSourceMap(url)?.payload)); } catch (error) { console.log(error.message); }
}`;

for (const [name, text] of Object.entries(endings)) {
  test(`a module that ends with ${name}`, async (t) => {
    const project = createProject(t, { 'main.js': endingObserver, 'a.js': `${thrown}${text}` });
    await expectAsPlain(project, [...flag, 'main.js']);
  });
}

test('a program that formats stacks itself gets places in the file', async (t) => {
  const main = `import { findSourceMap } from 'node:module';
Error.prepareStackTrace = (error, sites) => sites.slice(0, 2).map((site) => {
  const entry = findSourceMap(site.getFileName())?.findEntry(site.getLineNumber() - 1, site.getColumnNumber() - 1);
  return [site.getFunctionName(), site.getLineNumber(), site.getColumnNumber(), entry?.originalLine, entry?.originalColumn].join(' ');
}).join('\\n');
${observer.slice(observer.indexOf('\n') + 1).replace("import * as thrower from './thrower.js'", "const thrower = await import('./thrower.js')")}`;
  const project = createProject(t, { 'main.js': main, ...built('thrower', thrower, 'file') });
  await expectAsPlain(project, [...flag, 'main.js']);
});

const watching = `import hmr from 'node-esm-hmr'; import { findSourceMap } from 'node:module';
process.on('SIGUSR2', () => globalThis.fail());
await hmr('./a.js', undefined, (module) => console.log('version', module.version));
const url = new URL('./a.js', import.meta.url).href;
setInterval(() => {
  try { globalThis.fail(); } catch (error) { console.log('at', error.stack.split('\\n')[1], JSON.stringify(findSourceMap(url)?.payload.sources)); }
}, 10);`;

/** @param {number} version @param {string} [more] @param {number} [lines] in front of it */
const versionOf = (version, more = '', lines = version) => `${'\n'.repeat(lines)}interface I {}
export const version: number = ${version}; let n = 0; ${more}
globalThis.fail = (i: I) => { throw new Error('boom ' + n); };`;

for (const where of /** @type {const} */ (['file', 'data'])) {
  for (const options of [{}, { minify: true }]) {
    test(`the map of the version that runs counts: in a ${where}, ${JSON.stringify(options)}`, async (t) => {
      const make = (/** @type {string} */ source) => Object.entries(built('a', source, where, options)).reverse();
      const project = createProject(t, { 'main.js': watching, ...Object.fromEntries(make(versionOf(0))) });
      const app = project.start([...flag, 'main.js']);
      const save = async (/** @type {string} */ source) => {
        for (const [file, text] of make(source)) await project.write(file, text);
      };
      const column = versionOf(0).split('\n')[2].indexOf('new Error') + 1;
      const expectAt = (/** @type {number} */ line) => app.line(new RegExp(`^at +at \\S+ \\(.*a\\.ts:${line}:${column}\\) \\["file:.*a\\.ts"\\]$`));
      await expectAt(3);
      await save(versionOf(2));
      await app.line(/^version 2$/);
      await expectAt(5);
      // A version that throws does not run: what ran before stays, and so does its map.
      await save(versionOf(5, "throw new Error('not this one');"));
      await app.line(/not this one/);
      await expectAt(5);
      await project.write('a.js', `export const version = 6; globalThis.fail = () => { throw new Error('plain'); };\n`);
      await app.line(/^version 6$/);
      await app.line(/^at +at globalThis\.fail \(file:.*a\.js:1:\d+\) undefined$/);
      await save(versionOf(7));
      await app.line(/^version 7$/);
      await expectAt(10);
    });
  }
}

test('a save that changes the map and comments only evaluates nothing, and the new map counts', async (t) => {
  const make = (/** @type {number} */ lines) => {
    const [code] = Object.values(built('a', versionOf(1, '', lines), 'data'));
    return `${'// comment\n'.repeat(lines)}${code.replace(/base64,(.*)/, (_, text) => {
      const { mappings, ...others } = JSON.parse(Buffer.from(text, 'base64').toString());
      return `base64,${Buffer.from(JSON.stringify({ ...others, mappings: `${';'.repeat(lines)}${mappings}` })).toString('base64')}`;
    })}`;
  };
  const plain = "import './a.js';\nsetTimeout(() => globalThis.fail());";
  const project = createProject(t, { 'main.js': watching, 'plain.js': plain, 'a.js': make(0) });
  const app = project.start([...flag, 'main.js']);
  await app.line(/^at .*a\.ts:3:/);
  for (const lines of [4, 1]) {
    await project.write('a.js', make(lines));
    await app.line(new RegExp(`^at .*a\\.ts:${lines + 3}:`));
  }
  assert.equal(app.lines.filter(({ text }) => text.startsWith('version')).length, 1);
  app.signal('SIGUSR2');
  await app.end();
  const { head: expected } = await printed(project, [...flag, 'plain.js']);
  assert.match(expected, /a\.ts:4\n/);
  assert.ok(app.output('stderr').includes(expected), app.output('stderr'));
});

test('places of a module without a map, before and after a save of comments', async (t) => {
  const text = "export let version = 0; globalThis.fail = () => { version = 1; version++; throw new Error('boom'); };\n";
  const project = createProject(t, { 'main.js': watching, 'a.js': text });
  const app = project.start([...flag, 'main.js']);
  const column = text.indexOf('new Error') + 1;
  await app.line(new RegExp(`^at +at globalThis.fail \\(file:.*a\\.js:1:${column}\\) undefined$`));
  await project.write('a.js', `// comment\n/* another */ ${text}`);
  await app.line(new RegExp(`^at +at globalThis.fail \\(file:.*a\\.js:2:${column + 14}\\) undefined$`));
});

// At the top level it does not end a hot program.
for (const [name, source] of Object.entries(uncaught).slice(1)) {
  test(`an uncaught error after an update ${name}`, async (t) => {
    const main = "import hmr from 'node-esm-hmr';\nawait hmr('./a.js', undefined, (module) => console.log('version', module.version));";
    const quiet = 'export const version = 1;';
    const project = createProject(t, { 'main.js': main, 'plain.js': "import './a.js';", 'other.js': '', 'a.ts': source, 'a.js': quiet });
    const app = project.start([...flag, 'main.js']);
    await app.line(/^version 1$/);
    for (const [file, text] of Object.entries(built('a', source, 'file')).reverse()) await project.write(file, text);
    const { code } = await app.end();
    const plain = await printed(project, [...flag, 'plain.js']);
    assert.equal(code, plain.code);
    assert.deepEqual(frames(app.output('stderr'), project), plain.frames);
    assert.ok(app.output('stderr').includes(plain.head), app.output('stderr'));
  });
}

test('coverage has the maps and lines of the files', async (t) => {
  const project = createProject(t, { 'main.js': "import './thrower.js';\nprocess.exitCode = 0;", ...built('thrower', thrower, 'file') });
  const covered = async (/** @type {string[]} */ args, /** @type {string} */ folder) => {
    await printed(project, args, { NODE_V8_COVERAGE: project.path(folder) });
    const files = readdirSync(project.path(folder)).map((name) => JSON.parse(project.read(`${folder}/${name}`)));
    const url = pathToFileURL(project.path('thrower.js')).href;
    const scripts = files.flatMap(({ result }) => result).filter((script) => script.url === url);
    return { count: scripts.length, map: files.map((file) => file['source-map-cache']?.[url]).find(Boolean) };
  };
  const plain = await covered(['main.js'], 'plain');
  assert.ok(plain.map.data);
  assert.deepEqual(await covered([...hot, 'main.js'], 'hot'), plain);
});
