/**
 * Types of `import.meta.hot`, in Vite's shape: `/// <reference types="node-esm-hmr/import-meta" />`, or
 * `"types": ["node-esm-hmr/import-meta"]` in tsconfig.json. Not together with `vite/client`, which declares the same.
 */

/** A module namespace object. */
export type ModuleNamespace = Record<string, any> & { [Symbol.toStringTag]: 'Module' };

/** What an update consists of. Paths begin with `/` at the working directory, as in Vite. */
export interface UpdatePayload {
  type: 'update';
  updates: {
    type: 'js-update';
    /** The module that accepts. */
    path: string;
    /** What it accepts: itself or a dependency. */
    acceptedPath: string;
    /** Milliseconds since 1970. */
    timestamp: number;
  }[];
}

export interface FullReloadPayload {
  type: 'full-reload';
  /** The changed module. */
  path?: string;
  /** The changed file. */
  triggeredBy?: string;
}

export interface PrunePayload {
  type: 'prune';
  paths: string[];
}

export interface InvalidatePayload {
  path: string;
  message: string | undefined;
  firstInvalidatedBy: string;
}

export interface ErrorPayload {
  type: 'error';
  err: {
    message: string;
    stack: string;
    /** The file it is about. */
    id?: string;
    /** The code around it. */
    frame?: string;
    loc?: { file?: string; line: number; column: number };
    plugin?: string;
  };
}

/** Events of the runtime, with what listeners get. */
export interface HotEvents {
  'vite:beforeUpdate': UpdatePayload;
  'vite:afterUpdate': UpdatePayload;
  /** A listener that throws or returns `false` takes over: the program is not restarted. */
  'vite:beforeFullReload': FullReloadPayload;
  'vite:beforePrune': PrunePayload;
  'vite:invalidate': InvalidatePayload;
  'vite:error': ErrorPayload;
}

type Payload<Event extends string> = Event extends keyof HotEvents ? HotEvents[Event] : any;

/** `import.meta.hot`. What the running version of a module has said decides about its next change. */
export interface HotContext {
  /** Kept from version to version of the module, and after it has left the program. */
  readonly data: any;
  /** Changes of this module need not concern its importers. They see new exports at once. */
  accept(): void;
  /** @param callback gets the new version's namespace */
  accept(callback: (module: ModuleNamespace | undefined) => void): void;
  /**
   * Changes of a dependency need not concern this module, which sees its new exports at once.
   * @param dependency specifier as in `import`
   * @param callback gets the dependency's namespace
   */
  accept(dependency: string, callback?: (module: ModuleNamespace | undefined) => void): void;
  /** @param callback gets the namespaces of those that were updated, in the places of their specifiers */
  accept(dependencies: readonly string[], callback?: (modules: (ModuleNamespace | undefined)[]) => void): void;
  /** Changes need not concern importers that import only these names. */
  acceptExports(names: string | readonly string[], callback?: (module: ModuleNamespace | undefined) => void): void;
  /**
   * Called once, when this version is replaced, when the module leaves the program, and when the program ends. A promise
   * is awaited before the new version is evaluated. Importers are disposed before what they import.
   */
  dispose(callback: (data: any) => void): void;
  /** Called when the module has left the program, after its disposers. */
  prune(callback: (data: any) => void): void;
  /** The module cannot accept what it has become: its importers are treated as changed. */
  invalidate(message?: string): void;
  /** A change that reaches this module always restarts the program. */
  decline(): void;
  /** Listeners go with the version that added them. */
  on<Event extends string>(event: Event, callback: (payload: Payload<Event>) => void): void;
  off<Event extends string>(event: Event, callback: (payload: Payload<Event>) => void): void;
  /** Tells listeners of all modules in this thread, and `events` of the package. */
  send(event: string, data?: any): void;
  /**
   * Files that are no modules, but that this one reads: when one changes, the module is evaluated anew.
   * @param paths files, folders or globs, relative to the module's folder
   */
  watch(paths: string | readonly string[]): void;
}

declare global {
  interface ImportMeta {
    /** `undefined` where the module is not hot, and under `NODE_ENV=production`. */
    readonly hot?: HotContext;
  }
}
