/** Errors as plain Node would throw them, made from the engine's failures. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isPathSpecifier, moduleManifest } from './files.js';
import { judgeText } from './node-worker.js';

/**
 * Code frame, place and help of an error that the engine has found.
 * @type {WeakMap<object, import('./native.d.ts').Failure>}
 */
const failures = new WeakMap();

/** @param {unknown} error @returns {import('./native.d.ts').Failure | undefined} */
export function failureOf(error) {
  return typeof error === 'object' && error !== null ? failures.get(error) : undefined;
}

/**
 * Remembers the place in the user's code that an error of Node's is about.
 * @param {unknown} error
 * @param {string | null} failure JSON of a failure
 */
export function locate(error, failure) {
  if (typeof error === 'object' && error !== null && failure) failures.set(error, JSON.parse(failure));
}

/**
 * Node's words for a name that an external module does not export.
 * @param {import('./native.d.ts').Failure} place of the import
 * @param {string} name
 * @param {boolean} isCommonJs
 */
export function missingExport({ frame, specifier }, name, isCommonJs) {
  if (!isCommonJs) return `The requested module '${specifier}' does not provide an export named '${name}'`;
  const statement = frame.split('\n').find((line) => line.startsWith('>')) ?? '';
  const names = /{.*}/.exec(statement)?.[0].replace(/\s+as\s+/g, ': ');
  return (
    `Named export '${name}' not found. The requested module '${specifier}' is a CommonJS module, which ` +
    'may not support all module.exports as named exports.\n' +
    'CommonJS modules can always be imported via the default export, for example using:\n\n' +
    `import pkg from '${specifier}';\n${names ? `const ${names} = pkg;\n` : ''}`
  );
}

/**
 * Node's error for a text that is no JSON, with its place.
 * @param {string} text
 * @param {string} url
 * @param {unknown} cause what JSON.parse threw
 */
export function jsonError(text, url, cause) {
  const { message } = /** @type {Error} */ (cause);
  const file = fileURLToPath(url);
  const error = new SyntaxError(`${file}: ${message}`);
  const at = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const lines = text.slice(0, at).split('\n');
  const [line, column] = [lines.length, lines[lines.length - 1].length + 1];
  failures.set(error, { kind: 'syntax', file, line, column, message, help: null, frame: '' });
  return error;
}

/**
 * The words of a syntax error are V8's, what is shown of the code is the engine's.
 * @param {import('./native.d.ts').Failure} failure
 * @returns {Promise<Error>}
 */
export async function failureError(failure) {
  const { text, ...shown } = failure;
  if (text === undefined) return ownError(failure);
  const refusal = await judgeText(text, pathToFileURL(failure.file).href);
  if (!refusal) return ownError(shown);
  return refusalError(refusal, { ...shown, help: failure.help ?? failure.message });
}

/** Texts that V8 does not compile although the engine has parsed them, by what V8 threw. */
/** @type {WeakMap<object, {url: string, prefix: number}>} */
const refused = new WeakMap();

/**
 * @param {unknown} error of compiling the executable text
 * @param {{url: string, prefix: number}} definition
 */
export function compilingFailed(error, definition) {
  if (error instanceof SyntaxError) refused.set(error, definition);
  return error;
}

/**
 * The error of the file itself where V8 has refused its executable text.
 * @param {unknown} error
 * @returns {Promise<unknown> | undefined}
 */
export function errorOfFile(error) {
  const definition = error instanceof SyntaxError ? refused.get(error) : undefined;
  return definition && errorOfDefinition(definition, /** @type {Error} */ (error));
}

/**
 * @param {{url: string, prefix: number}} definition
 * @param {Error} error of its executable text
 */
async function errorOfDefinition({ url, prefix }, error) {
  const file = fileURLToPath(url);
  const refusal = await judgeText(await readText(file), url);
  if (!refusal) return error;
  // vm.Script writes place, line and carets in front.
  const [place, , carets] = `${error.stack}`.split('\n');
  const line = Number(/:(\d+)$/.exec(place)?.[1] ?? 0);
  const column = carets.search(/\S|$/) + 1 - (line === 1 ? prefix : 0);
  const { message } = refusal;
  return refusalError(refusal, { kind: 'syntax', file, line, column, message, help: null, frame: '' });
}

/** As Node decodes a module: without byte order mark. @param {string} file */
async function readText(file) {
  return new TextDecoder().decode(await readFile(file).catch(() => undefined));
}

/**
 * @param {import('./node-worker.js').Refusal} refusal
 * @param {import('./native.d.ts').Failure} failure
 */
function refusalError({ message, stack }, failure) {
  const error = new SyntaxError(message);
  error.stack = stack;
  failures.set(error, failure);
  return error;
}

/** @param {import('./native.d.ts').Failure} failure @returns {Error} */
function ownError(failure) {
  const error = failure.kind === 'missing' ? missingFile(failure) : new SyntaxError(failure.message);
  if (failure.line > 0) error.stack = linkStack(failure, error);
  failures.set(error, failure);
  return error;
}

/**
 * As Node writes an error of linking: place, line, carets, then the message.
 * @param {import('./native.d.ts').Failure} failure
 * @param {Error} error
 */
export function linkStack({ file, line, frame }, error) {
  return `${pathToFileURL(file)}:${line}\n${sourceLines(frame)}\n${error.name}: ${error.message}`;
}

/** The line that a code frame is about, and its carets. @param {string} frame */
function sourceLines(frame) {
  const lines = frame.split('\n');
  const at = lines.findIndex((line) => line.startsWith('>'));
  const start = lines[at]?.indexOf('| ') + 2;
  return lines.slice(at, at + 2).map((line) => line.slice(start)).join('\n');
}

/** @param {import('./native.d.ts').Failure} failure */
function missingFile(failure) {
  const error = new Error(failure.message);
  return Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND', url: pathToFileURL(failure.file).href });
}

const commonJsNames = ['require', 'module', 'exports', '__filename', '__dirname'];

/**
 * Node's words for a variable of CommonJS that a module does not have. They are added where Node
 * adds them: in the import that leads to the module that throws.
 * @param {any} error
 * @param {string} url of what is imported
 * @param {boolean} awaits whether that has a top-level await
 */
export function explainCommonJs(error, url, awaits) {
  const name = error?.name === 'ReferenceError' && commonJsNames.find((each) => error.message === `${each} is not defined`);
  if (!name) return;
  const major = Number.parseInt(process.versions.node, 10);
  if (awaits && major >= 22) {
    error.message = ambiguous(major >= 24 ? name : undefined);
    error.code = 'ERR_AMBIGUOUS_MODULE_SYNTAX';
    return;
  }
  error.message += ' in ES module scope';
  if (name === 'require') error.message += ', you can use import instead';
  const manifest = /\.js(\?[^#]*)?(#.*)?$/.test(url) && moduleManifest(path.dirname(fileURLToPath(url)));
  if (!manifest) return;
  error.message +=
    "\nThis file is being treated as an ES module because it has a '.js' file extension and " +
    `'${manifest}' contains "type": "module". To treat it as a CommonJS script, rename it to use the ` +
    "'.cjs' file extension.";
}

/** @param {string} [name] what Node 22 does not tell apart */
function ambiguous(name) {
  const advices = {
    require: 'replace require() with import',
    module: 'use export instead of module.exports/exports',
    exports: 'use export instead of module.exports/exports',
    __filename: 'use import.meta.filename instead',
    __dirname: 'use import.meta.dirname instead',
  };
  const what = name ? `'${name}'` : 'require()';
  const advice = advices[/** @type {keyof typeof advices} */ (name ?? 'require')];
  return (
    `Cannot determine intended module format because both ${what} and top-level await are present. If the code is ` +
    'intended to be CommonJS, wrap await in an async function. If the code is intended to be an ES module, ' +
    `${advice}.`
  );
}

/**
 * Node's error for a module that is not there.
 * @param {string} specifier
 * @param {string} parent URL
 */
export function missingModule(specifier, parent) {
  const importer = parent.startsWith('file:') ? fileURLToPath(parent) : parent;
  const url = isPathSpecifier(specifier) ? new URL(specifier, parent) : undefined;
  const what = url ? `module '${fileURLToPath(url)}'` : `package '${specifier}'`;
  const error = new Error(`Cannot find ${what} imported from ${importer}`);
  return Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' }, url && { url: url.href });
}
