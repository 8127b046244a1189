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
  /** Called instead of restarting the program, when a change needs that. */
  onFullReload?: (restart: RestartEvent) => unknown;
}

/** An update has been applied. Files are absolute paths. */
export interface UpdateEvent {
  type: 'update';
  /** Files that changed. */
  files: string[];
  /** Who accepted the change: `module` accepts `accepted`, which may be itself. */
  boundaries: { module: string; accepted: string }[];
  /** Files whose modules were evaluated, in order. */
  evaluated: string[];
  /** From the report of the watcher until the new code was live. */
  milliseconds: number;
  /** Parts of it, in milliseconds. */
  phases?: { load: number; link: number; dispose: number; evaluate: number };
}

/** A change needs a restart of the program. */
export interface RestartEvent {
  type: 'restart';
  /** Files that changed. */
  files: string[];
  /** From the changed file up to the one above which no module accepts. */
  chain: string[];
  /** In words. */
  reason: string;
}

/** A part of the program has been loaded hot. */
export interface ReadyEvent {
  type: 'ready';
  files: string[];
}

/** A change could not be applied: the old code goes on. */
export interface ErrorEvent {
  error: unknown;
  file?: string;
  line?: number;
  column?: number;
  /** The code around it. */
  frame?: string;
}

/** What `import.meta.hot.send()` sent. */
export interface MessageEvent {
  event: string;
  data: unknown;
}

export interface HmrEvents {
  ready: [ReadyEvent];
  update: [UpdateEvent];
  error: [ErrorEvent];
  restart: [RestartEvent];
  message: [MessageEvent];
}

/** What happens to the hot modules of this thread. An `error` event that nobody listens to is no exception. */
export const events: import('node:events').EventEmitter<HmrEvents>;

/** What a change of a file would lead to. Files are absolute paths. */
export interface Explanation {
  /** `hot`: it would be applied; `restart`: no module accepts it; `none`: no running module consists of it. */
  outcome: 'hot' | 'restart' | 'none';
  /** Who would accept it, and the way there from the file. */
  boundaries: { module: string; accepted: string; via: string[] }[];
  /** Files whose modules would be evaluated, in order. */
  evaluated: string[];
  /** With `restart`: from the file up to the one above which no module accepts. */
  chain: string[];
}

/** What would happen if this file changed. @param file path, relative to the working directory, or a `file:` URL */
export function explain(file: string | URL): Explanation;

/** Files whose modules would be evaluated if this file changed. @param file as for `explain` */
export function affected(file: string | URL): string[];

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
