/** Errors as Node makes them: with a code, which their stack shows. */

/**
 * @param {string} code
 * @param {string} message
 * @param {ErrorConstructor} [Kind]
 */
export function nodeError(code, message, Kind = Error) {
  const error = Object.assign(new Kind(message), { code });
  error.stack = `${error.stack}`.replace(Kind.name, `${Kind.name} [${code}]`);
  return error;
}
