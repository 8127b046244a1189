// Small packages and what a program does with each. The program begins with `import * as exported from '<package>'`
// and shows it; `log`, `attempt` and `show` are global.

/** @type {Record<string, string>} programs by package */
export const small = {
  bail: `import { bail } from 'bail'; log(bail(), bail(null)); attempt(() => bail(new RangeError('out')));`,
  'byte-counter': `import ByteCounterStream, { byteLength } from 'byte-counter'; const c = new ByteCounterStream(); const w = c.writable.getWriter(); w.write(new Uint8Array(3)); await c.readable.getReader().read(); log(c.count, byteLength('€'));`,
  'character-entities': `import { characterEntities as e } from 'character-entities'; log(Object.keys(e).length, e.AElig, e.nbsp);`,
  clsx: `import clsx, { clsx as named } from 'clsx'; log(clsx === named, clsx('a', { b: 1, c: 0 }, ['d', [null, 'e']]));`,
  'decode-named-character-reference': `import { decodeNamedCharacterReference as d } from 'decode-named-character-reference'; log(d('amp'), d('notin'), d('nope'));`,
  dequal: `import { dequal } from 'dequal'; import * as lite from 'dequal/lite'; show(lite);
    log(dequal({ a: [1, new Set([{ b: 2 }])] }, { a: [1, new Set([{ b: 2 }])] }), lite.dequal(new Map([[{}, 1]]), new Map([[{}, 1]])));`,
  devalue: `import { parse, stringify, uneval } from 'devalue'; const o = { d: new Date(0), m: new Map([[1, NaN]]), r: /x/g }; o.self = o;
    const text = stringify(o); log(text, parse(text), uneval(o)); attempt(() => stringify({ f() {} })); attempt(() => stringify(Symbol('s')));`,
  devlop: `import { ok, equal, deprecate, unreachable } from 'devlop'; log(ok(0), equal(1, 2), deprecate(() => 5, 'old')(), unreachable('never'));`,
  delaunator: `import Delaunator from 'delaunator'; const d = Delaunator.from([[0, 0], [1, 0], [0, 1], [1, 1.1], [2, 0.3]]); log(d.triangles, d.hull, d.halfedges);`,
  'esm-env': `import { BROWSER, DEV, NODE } from 'esm-env'; log(BROWSER, DEV, NODE);`,
  eventemitter3: `import EventEmitter, { EventEmitter as named } from 'eventemitter3'; const e = new EventEmitter();
    e.once('x', function (...a) { log('once', a, this === e); }); e.on('x', (a) => log('on', a)); log(named === EventEmitter, e.emit('x', 1, 2), e.emit('x', 3), e.emit('y'), e.listenerCount('x'));`,
  figures: `import figures, { mainSymbols, replaceSymbols } from 'figures'; log(Object.keys(figures).length, mainSymbols.tick, replaceSymbols('✔ ok ❯', { useFallback: true }));`,
  'form-data-encoder': `import { FormDataEncoder, isFormData } from 'form-data-encoder'; const f = new FormData(); f.append('a', 'b');
    const e = new FormDataEncoder(f, 'boundary'); const parts = []; for await (const p of e) parts.push(Buffer.from(p).toString()); log(e.headers, parts.join(''), isFormData(f));`,
  'get-stream': `import getStream, { getStreamAsArray, MaxBufferError } from 'get-stream'; import { Readable } from 'node:stream';
    log(await getStream(Readable.from(['a', 'b'])), await getStreamAsArray(Readable.from([1, 2]))); await attempt(() => getStream(Readable.from(['abc']), { maxBuffer: 2 }));
    log(Object.getPrototypeOf(MaxBufferError) === Error);`,
  'human-signals': `import { signalsByName, signalsByNumber } from 'human-signals'; log(signalsByName.SIGINT, signalsByNumber[9].name, Object.keys(signalsByName).length);`,
  internmap: `import { InternMap, InternSet } from 'internmap'; const m = new InternMap([[new Date(0), 1]]); m.set(new Date(0), 2); log(m.size, m.get(new Date(0)), m, new InternSet([new Date(1), new Date(1)]).size);`,
  'is-plain-obj': `import is from 'is-plain-obj'; log([{}, [], null, Object.create(null), new Map(), Object.create({})].map((v) => is(v)));`,
  'is-promise': `import is from 'is-promise'; log(is(Promise.resolve()), is({ then() {} }), is({}));`,
  'is-reference': `import is from 'is-reference'; const id = { type: 'Identifier', name: 'a' }; log(is(id), is(id, { type: 'MemberExpression', object: {}, property: id, computed: false }));`,
  'is-stream': `import { isStream, isReadableStream, isDuplexStream } from 'is-stream'; import { PassThrough, Readable } from 'node:stream'; log(isStream(new PassThrough()), isReadableStream(Readable.from([])), isDuplexStream(Readable.from([])), isStream({}));`,
  'is-unicode-supported': `import is from 'is-unicode-supported'; log(is(), is.name);`,
  'it-all': `import all from 'it-all'; log(all([1, 2]), await all((async function* () { yield 1; yield 2; })()));`,
  'it-parallel': `import parallel from 'it-parallel'; import all from 'it-all'; log(await all(parallel([1, 2, 3].map((n) => async () => n * n), { concurrency: 2, ordered: true })));`,
  keyv: `import Keyv, { KeyvHooks } from 'keyv'; const k = new Keyv({ namespace: 'n' }); await k.set('a', { b: 1 }); log(await k.get('a'), await k.has('b'), await k.delete('a'), await k.get('a'), KeyvHooks, k instanceof Keyv);`,
  'locate-character': `import { locate, getLocator } from 'locate-character'; log(locate('a\\nbcd', 'c'), getLocator('x\\n\\ny', { offsetLine: 1 })(3));`,
  'longest-streak': `import { longestStreak } from 'longest-streak'; log(longestStreak('aabbbab', 'b'), longestStreak('', 'x')); attempt(() => longestStreak('a', 'ab'));`,
  'lowercase-keys': `import lower from 'lowercase-keys'; log(lower({ FOO: 1, bAr: { X: 2 } }));`,
  'magic-string': `import MagicString, { Bundle, SourceMap } from 'magic-string'; const s = new MagicString('const a = 1;\\nexport { a };'); s.overwrite(6, 7, 'bc').prepend('// x\\n').remove(12, 13);
    log(s.toString(), s.generateMap({ hires: true, source: 'a.js' }).toString(), new Bundle().addSource({ filename: 'x', content: s }).toString()); attempt(() => s.overwrite(0, 0, 'x'));`,
  'mimic-response': `import mimic from 'mimic-response'; import { PassThrough } from 'node:stream'; const a = new PassThrough(); a.statusCode = 200; a.extra = 1; const b = new PassThrough({ autoDestroy: false }); a.autoDestroy = false; attempt(() => { const c = mimic(a, b); log(c === b, c.extra); });`,
  'normalize-url': `import normalize from 'normalize-url'; log(normalize('HTTP://www.Example.com:80/a/../b?z=1&a=2#x', { stripWWW: true })); attempt(() => normalize('http://['));`,
  'npm-run-path': `import { npmRunPath, npmRunPathEnv } from 'npm-run-path'; log(npmRunPath({ path: '/bin', cwd: '/a/b', execPath: '/n/node' }), npmRunPathEnv({ env: { PATH: '/x' }, cwd: '/c', execPath: '/n/node' }));`,
  'p-cancelable': `import PCancelable, { CancelError } from 'p-cancelable'; const p = new PCancelable((r, _, on) => { on(() => log('cleanup')); }); p.cancel('why'); await attempt(() => p); log(p.isCanceled, new CancelError().name, p instanceof Promise);`,
  'p-defer': `import defer from 'p-defer'; const d = defer(); d.resolve(3); log(await d.promise, Object.keys(d));`,
  'p-timeout': `import timeout, { TimeoutError } from 'p-timeout'; log(await timeout(Promise.resolve(1), { milliseconds: 1000 }));
    await attempt(() => timeout(new Promise(() => {}), { milliseconds: 1 })); log(new TimeoutError('t') instanceof Error, await timeout(new Promise(() => {}), { milliseconds: 1, fallback: () => 'fallback' }));`,
  'parse-ms': `import parse from 'parse-ms'; log(parse(1337000001), parse(90071992547409920n)); attempt(() => parse(NaN));`,
  'pretty-ms': `import pretty from 'pretty-ms'; log(pretty(1337000001), pretty(133, { compact: true }), pretty(95543, { colonNotation: true })); attempt(() => pretty('1'));`,
  'robust-predicates': `import { orient2d, incircle, insphere, orient3d } from 'robust-predicates'; log(orient2d(0, 0, 1, 1, 2, 2), orient2d(0, 0, 1e-30, 1, 1, 0), incircle(0, 0, 1, 0, 0, 1, 1, 1), orient3d(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1), typeof insphere);`,
  'signal-exit': `import { onExit, signals, load, unload } from 'signal-exit'; const off = onExit(() => {}); log(typeof off, signals.includes('SIGINT'), off(), unload(), load.name);`,
  'strip-final-newline': `import strip from 'strip-final-newline'; log(strip('a\\r\\n'), strip('a\\n\\n'), strip(new Uint8Array([65, 10]))); attempt(() => strip(1));`,
  trough: `import { trough, wrap } from 'trough'; trough().use((a) => a + 1).use((a, next) => next(null, a * 2)).run(1, (error, out) => log(error, out)); trough().use(() => { throw new Error('no'); }).run(1, (error) => log(error.message)); attempt(() => trough().use(1));`,
  'unicorn-magic': `import { delay, rootDirectory, toPath, traversePathUp } from 'unicorn-magic'; log(await delay({ milliseconds: 1 }), toPath(new URL('file:///a/b')), [...traversePathUp('/a/b/c')]);`,
  'unist-util-is': `import { is, convert } from 'unist-util-is'; const n = { type: 'strong', depth: 1 }; log(is(n, 'strong'), is(n, { depth: 2 }), convert(['a', 'strong'])(n)); attempt(() => is(n, 5));`,
  'unist-util-stringify-position': `import { stringifyPosition as s } from 'unist-util-stringify-position'; log(s({ start: { line: 1, column: 2 }, end: { line: 3, column: 4 } }), s({ line: 2 }), s(null));`,
  'unist-util-visit': `import { visit, EXIT, SKIP, CONTINUE } from 'unist-util-visit'; const t = { type: 'r', children: [{ type: 'a', value: 1 }, { type: 'b', children: [{ type: 'a', value: 2 }] }] };
    visit(t, 'a', (n, i, p) => log(n, i, p.type)); visit(t, (n) => (log(n.type), n.type === 'b' ? SKIP : CONTINUE), true); visit(t, 'a', () => (log('once'), EXIT)); attempt(() => visit(t));`,
  'unist-util-visit-parents': `import { visitParents } from 'unist-util-visit-parents'; visitParents({ type: 'r', children: [{ type: 'a' }] }, 'a', (n, parents) => log(n.type, parents.map((p) => p.type))); visitParents({ type: 'r' }, () => { try { log(1); } finally { log(2); } });`,
  yoctocolors: `import colors, { red, bold } from 'yoctocolors'; log(Object.keys(colors).length, JSON.stringify(red(bold('x') + 'y')), colors.red === red);`,
  zimmerframe: `import { walk } from 'zimmerframe'; const t = { type: 'a', b: [{ type: 'b', v: 1 }, { type: 'c' }] }; log(walk(t, { n: 0 }, { b: (n, { path }) => ({ ...n, v: path.length }), _: (n, { next, state }) => (log(n.type, state), next({ n: state.n + 1 })) }));`,
  zwitch: `import { zwitch } from 'zwitch'; const z = zwitch('type', { handlers: { one: (v) => v.n }, unknown: () => 'unknown', invalid: () => 'invalid' }); log(z({ type: 'one', n: 1 }), z({ type: 'two' }), z());`,
  '@sindresorhus/is': `import is, { assert, isString } from '@sindresorhus/is'; log(is(new Map()), is.plainObject({}), isString(1), is.class(class {}), is.asyncFunction(async () => {})); attempt(() => assert.string(5));`,
  '@sindresorhus/merge-streams': `import merge from '@sindresorhus/merge-streams'; import { Readable } from 'node:stream'; const out = []; for await (const c of merge([Readable.from(['a']), Readable.from(['b'])])) out.push(c); log(out.sort());`,
  '@jridgewell/sourcemap-codec': `import { decode, encode } from '@jridgewell/sourcemap-codec'; log(decode('AAAA,CAAC;EACC'), encode(decode('AAAA,CAAC;EACC')));`,
  '@jridgewell/trace-mapping': `import { TraceMap, originalPositionFor, eachMapping } from '@jridgewell/trace-mapping'; const m = new TraceMap({ version: 3, sources: ['a.js'], names: [], mappings: 'AAAA,CAAC;EACC' }); log(originalPositionFor(m, { line: 2, column: 3 })); eachMapping(m, (x) => log(x));`,
  '@jridgewell/gen-mapping': `import { GenMapping, addMapping, toEncodedMap } from '@jridgewell/gen-mapping'; const m = new GenMapping({ file: 'o.js' }); addMapping(m, { generated: { line: 1, column: 0 }, source: 'a', original: { line: 2, column: 3 }, name: 'n' }); log(toEncodedMap(m));`,
  '@jridgewell/remapping': `import remapping from '@jridgewell/remapping'; log(remapping({ version: 3, sources: ['a.js'], names: [], mappings: 'AAAA' }, () => null).toString());`,
  '@sec-ant/readable-stream': `import { fromAnyIterable, asyncIterator } from '@sec-ant/readable-stream'; const out = []; for await (const v of asyncIterator.call(fromAnyIterable([1, 2]))) out.push(v); log(out);`,
  responselike: `import Response from 'responselike'; const r = new Response({ statusCode: 200, headers: { A: 'b' }, body: Buffer.from('hi'), url: 'http://x' }); log(r.statusCode, r.headers, r.body, r.url); attempt(() => new Response({}));`,
};
