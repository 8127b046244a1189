/**
 * `Function.prototype.toString` gives what stands in the file: the executed text of some functions has other words for
 * `import.meta`, `import()`, imports that are read live and assignments that are told.
 */

/** Names of the wrapper. Their ends are others in modules that have these names themselves. */
const marks = /\$(?:importM|mpo|liv|pus|dfl)|\?\.value\)|globalThis\.arguments/;

let isInstalled = false;

/**
 * Called before a plan is carried out. If that brings functions with other texts than in their files, they are restored from
 * now on.
 * @param {import('./native.d.ts').Plan} plan
 * @param {import('./modules.js').Modules} modules
 */
export function restoreSources(plan, modules) {
  if (isInstalled || !hasOtherTexts(plan) || Object.isFrozen(Function.prototype)) return;
  isInstalled = true;
  const original = (/** @type {string} */ text) => originalIn(modules, text);
  const { toString } = Function.prototype;
  const native = `${toString}`;
  // A method is no constructor and has no prototype, like the one it stands for.
  const replacement = {
    /** @this {Function} */
    toString() {
      if (this === replacement.toString) return native;
      const text = Reflect.apply(toString, this, []);
      return marks.test(text) ? original(text) ?? text : text;
    },
  };
  const descriptor = { value: replacement.toString, writable: true, enumerable: false, configurable: true };
  Object.defineProperty(Function.prototype, 'toString', descriptor);
}

/** @param {import('./native.d.ts').Plan} plan */
function hasOtherTexts({ modules, importsDynamically }) {
  const differs = (/** @type {import('./native.d.ts').Definition} */ definition) => {
    if (definition.kind !== 'module') return false;
    const { meta, evals, live, pushed, nameDefault, otherPlaces } = definition;
    return meta || evals || live.length + pushed.length > 0 || nameDefault !== null || otherPlaces;
  };
  return importsDynamically || modules.some(differs);
}

/** @param {import('./modules.js').Modules} modules @param {string} text of a function */
function originalIn(modules, text) {
  for (const instance of modules.instances()) {
    if (!instance.text.includes(text)) continue;
    const original = modules.session.original(instance.id, instance.text, text);
    if (original !== null) return original;
  }
  return undefined;
}
