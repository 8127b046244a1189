/** Errors as plain Node would throw them, made from the engine's failures. */
import fs from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { isPathSpecifier } from './files.js';
import { judgeText, judgeTextNow } from './node-worker.js';
import { nodeVersion } from './running-node.js';

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
 * Node's error about a name that an external module does not export.
 * @param {import('./native.d.ts').Check} check
 * @param {import('./native.d.ts').Failure} place of the import
 * @param {boolean} [isConflict] several modules export it
 */
export function missingExport({ asked, commonJs, commonJsOfRoot }, place, isConflict) {
  const conflict = `The requested module '${place.specifier}' contains conflicting star exports for name '${asked}'`;
  const message = isConflict ? conflict : missingExportMessage(place, asked, looksAtImporter ? commonJs : commonJsOfRoot);
  return ownError({ ...place, kind: 'link', message });
}

/** Which module Node looks at before it says that the other one is CommonJS. */
const looksAtImporter = nodeVersion < 24;

/** @param {import('./native.d.ts').Failure} place @param {string} name @param {boolean} isCommonJs */
function missingExportMessage({ frame, specifier }, name, isCommonJs) {
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
  // As Node does: what is printed if nobody catches it is the place in the JSON.
  const error = /** @type {Error} */ (cause);
  const { message } = error;
  const file = fileURLToPath(url);
  error.message = `${file}: ${message}`;
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
  const { text, file } = failure;
  return judgedError(failure, text === undefined ? undefined : await judgeText(text, pathToFileURL(file).href));
}

/** The same, at once. @param {import('./native.d.ts').Failure} failure @returns {Error} */
export function failureErrorNow(failure) {
  const { text, file } = failure;
  return judgedError(failure, text === undefined ? undefined : judgeTextNow(text, pathToFileURL(file).href));
}

/** @param {import('./native.d.ts').Failure} failure @param {import('./node-worker.js').Verdict} verdict */
function judgedError({ text, ...failure }, verdict) {
  return verdict ? refusalError(verdict, { ...failure, help: failure.help ?? failure.message }) : ownError(failure);
}

/** Texts that V8 does not compile although the engine has parsed them, by what V8 threw. */
/** @type {WeakMap<object, string>} */
const refused = new WeakMap();

/**
 * @param {unknown} error of compiling the executable text
 * @param {string} url of the file
 */
export function compilingFailed(error, url) {
  if (error instanceof SyntaxError) refused.set(error, url);
  return error;
}

/**
 * The error of the file itself where V8 has refused its executable text.
 * @param {unknown} error
 * @returns {Promise<unknown> | undefined}
 */
export function errorOfFile(error) {
  const url = error instanceof SyntaxError ? refused.get(error) : undefined;
  return url === undefined ? undefined : errorAt(url, /** @type {Error} */ (error));
}

/**
 * @param {string} url
 * @param {Error} error of its executable text
 */
async function errorAt(url, error) {
  const file = fileURLToPath(url);
  const refusal = await judgeText(await readText(file), url);
  if (!refusal) return error;
  // vm.Script writes place, line and carets in front.
  const [place, , carets] = `${error.stack}`.split('\n');
  const line = Number(/:(\d+)$/.exec(place)?.[1] ?? 0);
  const column = carets.search(/\S|$/) + 1;
  const { message } = refusal;
  return refusalError(refusal, { kind: 'syntax', file, line, column, message, help: null, frame: '' });
}

/** As Node decodes a module: without byte order mark. @param {string} file */
async function readText(file) {
  return new TextDecoder().decode(await fs.promises.readFile(file).catch(() => undefined));
}

/**
 * @param {import('./node-worker.js').Refusal} refusal
 * @param {import('./native.d.ts').Failure} failure
 */
function refusalError({ message, stack }, failure) {
  const error = placedError(message, stack);
  failures.set(error, failure);
  return error;
}

/**
 * An error whose stack begins with its place, as V8's and Node's own ones about texts and links do. If it is never
 * caught, Node prints this place, and not the one where it was thrown, since that is a mark of what failed to compile.
 * @param {string} message
 * @param {string} stack
 */
function placedError(message, stack) {
  const error = compileError();
  error.message = message;
  error.stack = stack;
  return error;
}

/** @returns {Error} a SyntaxError */
function compileError() {
  try {
    new vm.Script('(');
  } catch (error) {
    if (error instanceof SyntaxError) return error;
  }
  return new SyntaxError();
}

/** @param {import('./native.d.ts').Failure} failure @returns {Error} */
function ownError(failure) {
  const error = failure.kind === 'missing' ? missingFile(failure) : linkError(failure);
  failures.set(error, failure);
  return error;
}

/**
 * As Node writes an error of linking: place, line, carets, then the message.
 * @param {import('./native.d.ts').Failure} failure
 */
function linkError({ file, line, frame, message }) {
  if (line === 0) return new SyntaxError(message);
  const place = `${pathToFileURL(file)}:${line}\n${sourceLines(frame)}`;
  return placedError(message, `${place}\nSyntaxError: ${message}${linkFrames}`);
}

/** The frames of an error of linking, as the running Node tells them. */
let linkFrames = '';

/** @param {unknown} error of Node's about a module that does not link */
export function learnLinkFrames(error) {
  if (!(error instanceof SyntaxError)) return;
  const frames = `${error.stack}`.split('\n').filter((line) => /^ {4}at .*node:/.test(line));
  linkFrames = frames.map((line) => `\n${line}`).join('');
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
