/** Who called: the module that `hmr()`'s first argument is relative to. */
import { pathToFileURL } from 'node:url';

/**
 * @param {Function} callee the function whose caller is asked for
 * @returns {string} URL of the calling file; of the working directory if the caller is no file
 */
export function callerUrl(callee) {
  const file = Object.isFrozen(Error) ? fileInStack(callee) : callSiteAbove(callee)?.getFileName();
  if (file && /^(file|data|https?):/.test(file)) return file;
  if (file && !file.startsWith('node:') && /[\\/]/.test(file)) return pathToFileURL(file).href;
  return pathToFileURL(`${process.cwd()}/`).href;
}

/** `--frozen-intrinsics` leaves only the text of the stack. @param {Function} callee */
function fileInStack(callee) {
  /** @type {{stack?: string}} */
  const trace = {};
  Error.captureStackTrace(trace, callee);
  return /^ +at (?:.*\()?(.*?):\d+:\d+\)?$/m.exec(`${trace.stack}`)?.[1];
}

/** Where a function was called. @param {Function} callee @returns {NodeJS.CallSite | undefined} */
export function callSiteAbove(callee) {
  if (Object.isFrozen(Error)) return undefined;
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 1;
    Error.prepareStackTrace = (_, callSites) => callSites;
    /** @type {{stack?: any}} */
    const trace = {};
    Error.captureStackTrace(trace, callee);
    return trace.stack?.[0];
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}
