/** Compiles executable texts. */
import vm from 'node:vm';
import { covers } from './coverage.js';
import { compilingFailed } from './errors.js';
import { compiled, print } from './positions.js';
import { mapComment } from './source-maps.js';

const { USE_MAIN_CONTEXT_DEFAULT_LOADER } = vm.constants;

/**
 * Compiles the executable text of a module. `import()` in code that the module gives to `eval`
 * or `Function` goes to Node's own loader, relative to the module.
 * @param {string} code
 * @param {string} url
 * @param {number} lineOffset
 * @param {Uint8Array} [cachedData] its compiled form
 * @returns {vm.Script}
 */
function compile(code, url, lineOffset, cachedData) {
  return new vm.Script(code, {
    filename: url,
    lineOffset,
    cachedData,
    importModuleDynamically: USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}

/**
 * @param {string} text
 * @param {import('./positions.js').Running & {code: number}} definition whose map, if there is one, counts the wrapper's line, too
 * @param {import('./code-cache.js').Forms} [forms] compiled ones
 * @returns {vm.Script} whose value is the module's function
 */
export function compileModule(text, definition, forms) {
  const { url, map, code: index } = definition;
  covers(url, text);
  print(definition, text);
  try {
    const [code, lineOffset] = map === undefined ? [text, -1] : [text + mapComment(map), 0];
    const script = compile(code, url, lineOffset, forms?.of(index));
    forms?.compiled(index, script, text.length);
    return script;
  } catch (error) {
    throw compilingFailed(error, url);
  }
}

/**
 * What is going to run now.
 * @param {string} text
 * @param {Parameters<typeof compileModule>[1]} definition
 * @param {vm.Script} [known] the text, if it is compiled
 * @param {import('./code-cache.js').Forms} [forms]
 */
export function toRun(text, definition, known, forms) {
  const script = known ?? compileModule(text, definition, forms);
  compiled(definition, text, script.sourceMapURL);
  return script;
}

/**
 * The modules of a plan before it is carried out.
 * @param {import('./outcome.js').Prepared} prepared
 * @returns {Map<number, vm.Script>} by the numbers of the texts
 */
export function compileAll({ plan, texts, forms }) {
  const modules = plan.modules.flatMap((definition) => (definition.kind === 'module' ? [definition] : []));
  return new Map(modules.map((definition) => [definition.code, compileModule(texts[definition.code], definition, forms)]));
}

/** What looks like a leak of old versions is V8's compilation cache. @param {() => void} compileAnew */
export function withoutCompilationCache(compileAnew) {
  const v8 = process.getBuiltinModule('node:v8');
  v8.setFlagsFromString('--no-compilation-cache');
  try {
    compileAnew();
  } finally {
    v8.setFlagsFromString('--compilation-cache');
  }
}
