// When things run: microtasks, ticks and timers around evaluation and import().

import { conform } from './conform.js';

const marks = (who) => `Promise.resolve().then(() => log('${who} microtask')); process.nextTick(() => log('${who} tick')); queueMicrotask(() => log('${who} queued'));`;
/** Counts microtasks from here on. */
const count = (limit = 12) => `(async () => { for (let i = 1; i <= ${limit}; i++) { await null; log('tick', i); } })();`;
const a = "\n--- a.mjs\nlog('a runs'); export const a = 1;\n";

conform('timing', {
  '27.2 and 16.2.1.6 evaluation': {
    'microtasks and ticks of one module': `${marks('main')} log('main');`,
    'microtasks of dependencies wait for the whole graph': `import './a.mjs'; ${marks('main')} log('main');\n--- a.mjs\n${marks('a')} log('a');`,
    'microtasks with an async sibling': `import './a.mjs'; import './b.mjs'; ${marks('main')} log('main');\n--- a.mjs\n${marks('a')} log('a'); await null; log('a ends'); ${marks('a end')}\n--- b.mjs\n${marks('b')} log('b');`,
    'ticks and microtasks nest': `process.nextTick(() => { log('t1'); Promise.resolve().then(() => log('m in t1')); process.nextTick(() => log('t in t1')); }); Promise.resolve().then(() => { log('m1'); process.nextTick(() => log('t in m1')); queueMicrotask(() => log('m in m1')); });`,
    'timers come after the graph': `import './a.mjs'; setTimeout(() => log('main timer')); log('main');\n--- a.mjs\nsetTimeout(() => log('a timer')); setImmediate(() => {}); log('a');`,
    'a module runs once however long it takes': `import './a.mjs'; const p = import('./a.mjs'); await p; log('main');\n--- a.mjs\nlog('a'); await new Promise((done) => setTimeout(done, 2)); log('a ends');`,
    'top-level code is not in a microtask of another': `import './b.mjs'; log('main');\n--- b.mjs\nlet flag = 0; queueMicrotask(() => { flag = 1; }); log('b', flag); export const look = () => flag; import { done } from './c.mjs'; log(done);\n--- c.mjs\nexport const done = 'c';`,
  },
  '13.3.10 import() of a loaded module': {
    'settles after how many jobs': `import './a.mjs'; import('./a.mjs').then(() => log('settled')); ${count()} ${a}`,
    'awaited': `import './a.mjs'; ${count()} await import('./a.mjs'); log('awaited'); ${a}`,
    'of itself': `import('./main.mjs').then(() => log('settled')); ${count()} log('main');`,
    'of itself from a function that is called later': `export const f = () => import('./main.mjs'); setTimeout(() => { f().then(() => log('settled')); ${count()} });`,
    'twice': `import './a.mjs'; import('./a.mjs').then(() => log('first')); import('./a.mjs').then(() => log('second')); ${count()} ${a}`,
    'then chain': `import './a.mjs'; import('./a.mjs').then(() => log(1)).then(() => log(2)).then(() => log(3)); ${count()} ${a}`,
    'of a builtin that is loaded': `import 'node:fs'; import('node:fs').then(() => log('settled')); ${count()}`,
    'of a package that is loaded': `import 'dep'; import('dep').then(() => log('settled')); ${count()}\n--- node_modules/dep/index.js\nexports.a = 1;`,
    'of CommonJS that is loaded': `import './c.cjs'; import('./c.cjs').then(() => log('settled')); ${count()}\n--- c.cjs\nexports.a = 1;`,
    'of JSON that is loaded': `import './j.json' with { type: 'json' }; import('./j.json', { with: { type: 'json' } }).then(() => log('settled')); ${count()}\n--- j.json\n{}`,
    'of a module that waits': `import('./w.mjs').then(() => log('one')); await new Promise((done) => setTimeout(done, 60)); import('./w.mjs').then(() => log('two')); ${count()}\n--- w.mjs\nawait null; log('w');`,
    'of a module that threw': `await import('./t.mjs').catch(() => log('first')); import('./t.mjs').catch(() => log('second')); ${count()} await 0;\n--- t.mjs\nthrow new Error('t');`,
    'of a module that rejected': `await import('./t.mjs').catch(() => log('first')); import('./t.mjs').catch(() => log('second')); ${count()} await 0;\n--- t.mjs\nawait 0; throw new Error('t');`,
    'of a module that does not link': `import './a.mjs'; await import('./t.mjs').catch(() => log('first')); import('./t.mjs').catch(() => log('second')); await new Promise((done) => setTimeout(done, 200));\n--- t.mjs\nimport { no } from './a.mjs'; ${a}`,
    'of a thenable namespace': `import './t.mjs'; import('./t.mjs').then((v) => log('settled', v)); ${count()}\n--- t.mjs\nexport const then = (f) => f('then');`,
    'with a failing operand': `import({ toString() { throw new Error('x'); } }).catch(() => log('failed')); ${count()}`,
    'with failing options': `import('./a.mjs', 1).catch(() => log('failed')); ${count()} ${a}`,
    'of a specifier that cannot be resolved': `import('./a%2fb').catch((e) => log('failed', e.code)); await new Promise((done) => setTimeout(done, 200));`,
    'in an async function': `import './a.mjs'; const f = async () => { log('f'); const ns = await import('./a.mjs'); log('got', ns.a); return ns; }; f().then(() => log('f settled')); ${count()} ${a}`,
    'returned by an async function': `import './a.mjs'; const f = async () => import('./a.mjs'); f().then(() => log('f settled')); ${count()} ${a}`,
    'in nextTick': `import './a.mjs'; process.nextTick(() => { import('./a.mjs').then(() => log('settled')); ${count()} }); ${a}`,
    'in a microtask': `import './a.mjs'; queueMicrotask(() => { import('./a.mjs').then(() => log('settled')); ${count()} }); ${a}`,
    'in setImmediate': `import './a.mjs'; setImmediate(() => { import('./a.mjs').then(() => log('settled')); ${count()} }); ${a}`,
    'against ticks': `import './a.mjs'; import('./a.mjs').then(() => log('settled')); process.nextTick(() => log('tick')); Promise.resolve().then(() => log('microtask')); setTimeout(() => log('timer')); ${a}`,
    'awaited against ticks': `import './a.mjs'; process.nextTick(() => log('tick')); Promise.resolve().then(() => log('microtask')); await import('./a.mjs'); log('awaited'); await null; log('later'); ${a}`,
    'by Promise.all': `import './a.mjs'; Promise.all([import('./a.mjs'), import('./a.mjs')]).then(() => log('all')); ${count()} ${a}`,
    'while the module is running, from a dependency': `import './b.mjs'; export const x = 1; log('main'); ${count()}\n--- b.mjs\nimport('./main.mjs').then((ns) => log('settled', ns.x)); log('b');`,
    'while the module is running and waits': `import './b.mjs'; export const x = 1; log('main'); await new Promise((done) => setTimeout(done, 60)); log('main ends'); ${count()}\n--- b.mjs\nimport('./main.mjs').then((ns) => log('settled', ns.x)); log('b');`,
  },
  '13.3.10 import() of a module that is being imported': {
    'in the same turn': `for (const [n, name] of [[1, 'a'], [2, 'b'], [3, 'a']]) import('./' + name + '.mjs').then(() => log(n)); ${a}--- b.mjs\nlog('b');`,
    'turns later': `import('./b.mjs').then(() => log(1)); await 0; import('./b.mjs').then(() => log(2)); await 0; await 0; import('./b.mjs').then(() => log(3)); ${count()}\n--- b.mjs\nlog('b');`,
    'while it waits': `import('./b.mjs').then(() => log(1)); import('./c.mjs').then(() => log(2)); import('./b.mjs').then(() => log(3)); ${count()}\n--- b.mjs\nlog('b'); await 0; await 0;\n--- c.mjs\nlog('c'); await 0;`,
    'by a module below it': `import('./b.mjs').then(() => log(1)); import('./c.mjs').then(() => log(2)); ${count()}\n--- b.mjs\nimport('./c.mjs').then(() => log('b has c')); log('b');\n--- c.mjs\nlog('c');`,
    'and rejects': `import('./b.mjs').catch(() => log(1)); await 0; import('./b.mjs').catch(() => log(2)); import('./c.mjs').then(() => log(3)); ${count()}\n--- b.mjs\nawait 0; throw new Error('b');\n--- c.mjs\n`,
    'and does not link': `import('./b.mjs').catch(() => log(1)); import('./b.mjs').catch(() => log(2)); import('./c.mjs').then(() => log(3)); ${count()}\n--- b.mjs\nimport { no } from './c.mjs';\n--- c.mjs\n`,
  },
  '13.3.10 import() of a new module': {
    'is not evaluated at once': `import('./a.mjs').then(() => log('settled')); log('after the call'); ${a}`,
    'is not evaluated in a microtask': `import('./a.mjs').then(() => log('settled')); log('after the call'); Promise.resolve().then(() => log('microtask')); process.nextTick(() => log('tick')); ${a}`,
    'microtasks between its evaluation and settling': `import('./b.mjs').then(() => log('settled'));\n--- b.mjs\nlog('b'); ${count(8)}`,
    'ticks between its evaluation and settling': `import('./b.mjs').then(() => log('settled'));\n--- b.mjs\nlog('b'); process.nextTick(() => log('tick')); Promise.resolve().then(() => log('microtask'));`,
    'with await: from its end to settling': `import('./b.mjs').then(() => log('settled'));\n--- b.mjs\nawait null; log('b'); ${count(8)}`,
    'awaited: from its end to the next line': `await import('./b.mjs'); log('next line');\n--- b.mjs\nlog('b'); ${count(8)}`,
    'its dependencies and it, in one go': `import('./b.mjs').then(() => log('settled'));\n--- b.mjs\nimport './a.mjs'; log('b'); ${a.replace("log('a runs');", "log('a runs'); Promise.resolve().then(() => log('microtask of a'));")}`,
    'rejection: from the throw to settling': `import('./b.mjs').catch(() => log('failed'));\n--- b.mjs\nlog('b'); ${count(8)} throw new Error('b');`,
    'rejection after await': `import('./b.mjs').catch(() => log('failed'));\n--- b.mjs\nawait null; log('b'); ${count(8)} throw new Error('b');`,
    'one after the other': `for (const name of ['a', 'b', 'c']) { await import('./' + name + '.mjs'); log('got', name); } ${a}--- b.mjs\nlog('b runs'); await 0; log('b ends');\n--- c.mjs\nimport './a.mjs'; import './b.mjs'; log('c runs');`,
    'not unhandled when caught later in the same turn': `const p = import('./gone.mjs'); await new Promise((done) => setTimeout(done, 0)); p.catch((e) => log('caught', e.code)); await new Promise((done) => setTimeout(done, 200));`,
    'rejectionHandled': `const p = import('./t.mjs'); p.then(log, (e) => log(e.message)); await p.catch(() => log('main caught'));\n--- t.mjs\nthrow new Error('t');`,
  },
});
