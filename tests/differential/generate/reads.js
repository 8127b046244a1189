// What a module does with the names it imports.

/**
 * @typedef {{local: string, kind: string, setter?: string}} Imported `setter` is the local name of a function that
 *   changes the binding
 * @typedef {import('./exports.js').Random} Random
 */

/** One statement about an import. @param {Random} source @param {string} where @param {Imported} imported */
export function use(source, where, imported) {
  const { local, kind, setter } = imported;
  const what = `'${where} ${local}'`;
  if (setter && source.chance(0.35)) return change(source, where, setter);
  if (kind === 'namespace' && source.chance(0.6)) return guarded(what, source.pick(ofNamespaces)(local, what));
  if (source.chance(0.12)) return guarded(what, source.pick(assigning)(local));
  if (isCallable(kind) && source.chance(0.4)) return guarded(what, source.pick(calling)(local, what));
  if (source.chance(0.3)) return source.pick(later)(local, what);
  return guarded(what, source.pick(reading)(local, what));
}

function isCallable(kind) {
  return /function|class|generator|arrow|named|loader|fields|changing|parenthesised/.test(kind);
}

function guarded(what, statement) {
  return `try { ${statement} } catch (error) { log(${what}, error); }`;
}

function change(source, where, setter) {
  const call = `try { ${setter}('${where}'); } catch (error) { log('${where} ${setter}', error); }`;
  return source.pick([
    call,
    call,
    `Promise.resolve().then(() => { ${call} });`,
    `process.nextTick(() => { ${call} });`,
    `setTimeout(() => { ${call} }, 1);`,
    `step(() => { ${call} });`,
  ]);
}

/** @type {((local: string, what: string) => string)[]} */
const reading = [
  (local, what) => `log(${what}, describe(${local}));`,
  (local, what) => `log(${what}, describe(${local}));`,
  (local, what) => `log(${what}, describe({ ${local} }.${local}));`,
  (local, what) => `log(${what}, describe([${local}][0]));`,
  (local, what) => `log(${what}, typeof ${local});`,
  (local, what) => `log(${what}, \`\${typeof ${local}}\`, describe(eval('${local}')));`,
  (local, what) => `((value = ${local}) => log(${what}, describe(value)))();`,
  (local, what) => `(function ${local}() { log(${what}, typeof ${local}); })();`,
  (local, what) => `log(${what}, describe(new (class { field = ${local}; })().field));`,
  (local, what) => `log(${what}, describe((class { static own = ${local}; }).own));`,
  (local, what) => `log(${what}, describe([...(function* () { yield ${local}; })()][0]));`,
  (local, what) => `switch (${local}) { case ${local}: log(${what}, 'same'); break; default: log(${what}, 'other'); }`,
  (local, what) => `again: for (const item of [1, 2]) { if (item > 1) break again; log(${what}, describe(${local})); }`,
  (local, what) => `const { length = 'none' } = ${local}; log(${what}, length);`,
  (local, what) => `log(${what}, ${local}.list?.length, ${local}?.own, ${local}.boom);`,
  (local, what) => `log(${what}, true || ${local}, describe(${local} ?? 'nothing'));`,
  (local, what) => `if (${local}) log(${what}, 'yes'); else log(${what}, 'no');`,
  (local, what) => `throw Object.assign(new Error(${what}), { seen: describe(${local}) });`,
];

/** @type {((local: string, what: string) => string)[]} */
const later = [
  (local, what) => `Promise.resolve().then(() => attempt(${what}, () => describe(${local})));`,
  (local, what) => `process.nextTick(() => attempt(${what}, () => describe(${local})));`,
  (local, what) => `setTimeout(() => attempt(${what}, () => describe(${local})), 1);`,
  (local, what) => `step(() => attempt(${what}, () => describe(${local})));`,
  (local, what) => `step(async () => { await null; attempt(${what}, () => describe({ ${local} }.${local})); });`,
];

/** @type {((local: string, what: string) => string)[]} */
const calling = [
  (local, what) => `log(${what}, describe(${local}()));`,
  (local, what) => `${local}('argument', () => ${local}); log(${what}, 'called');`,
  (local, what) => `log(${what}, describe(new ${local}()));`,
  (local, what) => `log(${what}, ${local}.name, ${local}.length, Object.keys(new ${local}()));`,
  (local, what) => `log(${what}, [...${local}()]);`,
  (local, what) => `${local}().then?.((value) => log(${what}, value));`,
  (local, what) => `log(${what}, frames(new ${local}().method()));`,
  (local, what) => `log(${what}, ${local}\`\`);`,
  (local) => `${local}.x.y.z;`,
];

/** @type {((local: string) => string)[]} */
const assigning = [
  (local) => `${local} = 1;`,
  (local) => `${local} += log('right');`,
  (local) => `${local}++;`,
  (local) => `${local} ??= 1;`,
  (local) => `${local} &&= 1;`,
  (local) => `[${local}] = [1];`,
  (local) => `({ ${local} } = { ${local}: log('right') });`,
  (local) => `for (${local} of [1]) log('body');`,
  (local) => `((${local}) => { ${local} = 1; })();`,
];

/** @type {((local: string, what: string) => string)[]} */
const ofNamespaces = [
  (local, what) => `log(${what}, Reflect.ownKeys(${local}).map(String).join());`,
  (local, what) => `log(${what}, describe(${local}));`,
  (local, what) => `for (const key in ${local}) log(${what}, key);`,
  (local, what) => `for (const key of Reflect.ownKeys(${local})) attempt(${what}, () => describe(${local}[key]));`,
  (local, what) => `log(${what}, 'default' in ${local}, ${local}.missing, Object.keys({ ...${local} }).join());`,
  (local, what) => `log(${what}, Object.isSealed(${local}), Reflect.set(${local}, 'x', 1), Reflect.isExtensible(${local}));`,
  (local) => `${local}.missing = 1;`,
  (local) => `${local}[Reflect.ownKeys(${local})[0]] = 1;`,
  (local) => `delete ${local}[Reflect.ownKeys(${local})[0]];`,
  (local) => `${local}.missing();`,
  (local, what) => `log(${what}, Object.prototype.toString.call(${local}), Object.getPrototypeOf(${local}));`,
  (local, what) => `log(${what}, ${local});`,
];
