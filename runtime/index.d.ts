/** What `ignored` takes, with chokidar's meaning. */
export type Ignored = string | RegExp | ((path: string) => boolean);

export interface HmrOptions {
  /**
   * Paths that are not watched: a glob or path (with all that is below it), a regular expression
   * over the absolute path, a function that is given the absolute path, or an array of these.
   */
  ignored?: Ignored | Ignored[];
  /** Clear the terminal before each update. Default `false`. */
  clearScreen?: boolean;
  /** Ends watching when aborted, as `close()` does. */
  signal?: AbortSignal;
  /**
   * Receives errors of the module and of the callback, which are printed otherwise. Whatever it
   * does, the next good save recovers.
   */
  onError?: (error: unknown) => void;
  /** What is printed to stderr. Default `'info'`: a line per update. */
  logLevel?: 'silent' | 'error' | 'warn' | 'info';
  /** URL or absolute path of the module that `modulePath` is relative to. Default: the calling file. */
  parent?: string | URL;
  /** Whether watching keeps the process alive. Default `true`. */
  persistent?: boolean;
}

export interface HmrHandle<Module extends object = any> {
  /** The current module namespace object. */
  readonly module: Module;
  /**
   * Evaluates the module anew, as a change of it would, and calls back.
   * Resolves to the current module namespace object; errors are reported as those of an update.
   */
  reload(): Promise<Module>;
  /** Ends watching, so that the process may exit. The callback is not called again. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Imports a module, calls back with it, and calls back again after every change in the watch path:
 * changed modules and those between them and the module are evaluated anew, all others keep their
 * instance.
 *
 * @param modulePath as for `import`, relative to the calling file
 * @param watchPath file, folder (recursive), glob, or an array of these, relative to the working
 *   directory; left out: the files the module consists of
 * @param callback gets the module namespace object; calls never overlap, a promise is awaited
 * @returns after the first callback has finished
 * @throws {TypeError} at once, for arguments of a wrong type
 */
export default function hmr<Module extends object = any>(
  modulePath: string | URL,
  watchPath: string | readonly string[] | null | undefined,
  callback: (module: Module) => unknown,
  options?: HmrOptions,
): Promise<HmrHandle<Module>>;
