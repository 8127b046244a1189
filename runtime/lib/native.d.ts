/** The addon's exports, as crates/hmr-node defines them; plans as crates/hmr-engine serialises them. */

export interface Addon {
  CodeCache: new (options: string) => CodeCache;
  Session: new (options: string) => Session;
  /** `poll`: milliseconds between two looks, in place of the system's events. */
  Watcher: new (onEvent: (event: string) => void, poll?: number) => Watcher;
  /** Frees the memory of one of the addon's buffers. */
  showSources(): void;
  release(buffer: ArrayBufferLike): void;
  releaseMemory(): void;
  /** As `Session.contents()` writes it. */
  contentHash(path: string): string | null;
  codeFrame(path: string, line: number, column: number): string | null;
}

export interface CacheOptions {
  folder: string;
  v8: string;
}

/** Compiled forms of texts: of each a key of sixteen bytes, and where its form begins and ends in `data`. */
export interface Compiled {
  keys: Uint8Array;
  data: Uint8Array;
  places: Uint32Array;
  /** Length of files that had to be parsed. */
  parsed: number;
}

export interface CodeCache {
  find(url: string, text: string): Compiled | null;
}

export interface Session {
  loadedByNode(urls: string[]): void;
  resolve(specifier: string, parent: string): { url?: string; tried: string[] };
  seenByNode(imports: [url: string, importer: string][]): void;
  hotModule(url: string): number | null;
  original(id: number, executed: string, part: string): string | null;
  renderEval(id: number, code: string, live: boolean[], others: string): string | null;
  columns(id: number, executed: string): [line: number, column: number, toLine: number, toColumn: number, advances: number][];
  leftToNode(specifier: string, parent: string, attributes: [string, string][]): boolean;
  prepare(request: string): Answer;
  /** JSON of `Links`. */
  links(id: number): string;
  openEarly(transaction: number): Answer | null;
  leave(keys: Uint8Array, forms: Uint8Array[], soon: boolean): void;
  awaits(id: number): { own: boolean; packages: string[] };
  dependencies(id: number): number[];
  hasImport(url: string, specifier: string): boolean;
  evaluating(transaction: number, failed: number): number[];
  loaded(transaction: number): void;
  commit(transaction: number, evaluated: number[]): number[];
  rollBack(transaction: number, evaluated: number[], keep: boolean): void;
  ran(id: number): void;
  namespace(id: number): string;
  /** Another number whenever `files()` may be different. */
  revision(): number;
  files(entry?: number): string[];
  contains(entry: number | undefined | null, path: string): boolean;
  /** JSON of `nothing`, `saved` or `changed`. */
  news(path: string): string;
  /** Files that were read, with the hash of what was read last. */
  contents(): [path: string, hash: string][];
  setWholeApp(): void;
  setAccepts(id: number, accepts: string): void;
  explain(path: string): string;
  running(): number[];
  /** JSON of what is wrong. */
  supposeRunning(url: string): string;
  seenModules(): string;
  remedies(path: string): string;
  progress(transaction: number, evaluated: number[]): void;
  /** `start` in milliseconds since 1970. */
  foreignLoaded(path: string, start: number): void;
  foreignChanged(path: string, written: boolean): boolean;
  isExternal(path: string): boolean;
  moduleAt(path: string): number | null;
  placeOfImport(id: number): string | null;
  /** JSON of line, column and the line's text, or of null. */
  placeOfAwait(id: number): string;
  placeOfRequest(importer: number, request: number, name: string): string | null;
  distrust(url: string): void;
  close(entry: number): number[];
}

export interface Watcher {
  /** Returns when watches are in place; with `soon` at once. */
  set(id: number, spec: string, read: number, soon?: boolean): void;
  remove(id: number): void;
  close(): void;
}

export interface SeenModule {
  file: string;
  imports: { module: string; hot: boolean; dynamic: boolean }[];
  acceptsItself: boolean;
  accepts: string[];
  acceptsExports: string[];
  declines: boolean;
}

/** An accept that would make a change hot. */
export interface Remedy {
  module: string;
  accepted: string;
  evaluated: number;
}

export interface Answer {
  /** JSON of a plan. */
  plan: string;
  texts: string[];
  imported?: number;
  compiled?: Compiled;
}

export interface Request {
  paths?: string[];
  removed?: string[];
  /** What the watcher saw of `paths`. */
  saves?: Record<string, string>;
  patient?: boolean;
  entries?: number[];
  forced?: number[];
  invalidated?: number[];
  import?: ImportRequest;
}

export interface ImportRequest {
  specifier: string;
  parent: string;
  importer?: number;
  attributes?: [string, string][];
  entry?: boolean;
  root?: boolean;
}

export interface Plan {
  transaction: number;
  failures: Failure[];
  waits: boolean;
  /** Files that were left out: to be tried again. */
  unsettled: string[];
  depth: Levels & { byNode: Levels | null };
  importsDynamically: boolean;
  namespaces: number[];
  modules: Definition[];
  checks: Check[];
  doubt: boolean;
  steps: Step[];
  rebind: { id: number; bindings: Target[] }[];
  boundaries: Boundary[];
  restart: string[];
  stale: number[];
  retried: number[];
  moved: {
    url: string;
    segments: [line: number, column: number, lines: number, columns: number][];
    map?: string;
    /** The URL of the source map that the file names. */
    ownMap?: string;
  }[];
  changed: string[];
  leftBehind: string[];
  awaited: string[];
  times: { load: number; link: number };
}

/** How many levels of imports lie below a module: by shortest paths, by a depth-first search, and of files that were just read. */
export interface Levels {
  breadthFirst: number;
  depthFirst: number;
  read: number;
}

/** A module that accepts a change, and what it accepts, with the way from the changed module. */
export interface Boundary {
  module: number;
  accepted: number;
  url: string;
  via: string[];
}

export interface Step {
  id: number;
  again: boolean;
  isAsync: boolean;
  dependencies: number[];
}

export interface Failure {
  kind: 'syntax' | 'link' | 'missing';
  file: string;
  line: number;
  column: number;
  message: string;
  help: string | null;
  frame: string;
  /** What the import asks for, where the failure is about an import. */
  specifier?: string;
  /** The text that is no module. */
  text?: string;
}

/** A getter of a hot module, an export by name, a namespace, or a name that star exports of
 * external modules may provide. */
export type Target =
  | [number, number]
  | [number, string]
  | [number]
  | { stars: [number, string][] };

export type Definition = { id: number; url: string } & (
  | ModuleDefinition
  | { kind: 'json'; code: number }
  | { kind: 'native' }
  | { kind: 'script' }
  | ExternalDefinition
);

export interface ModuleDefinition {
  kind: 'module';
  code: number;
  /** Tells versions of the file apart, whose texts depend on the rest of the graph, too. */
  version: string;
  /** JSON of the source map of a text that was printed anew. */
  map?: string;
  /** Places in stacks may be other ones in the module. */
  otherPlaces?: boolean;
  /** If it gives code to a direct `eval`: which imports are read live. */
  evals: boolean[] | null;
  meta: boolean;
  mentionsHot: boolean;
  awaits: boolean;
  cycle: number | null;
  exports: string[];
  nameDefault: number | null;
  bindings: Target[];
  live: [number, string][];
  pushed: number[];
}

export interface ExternalDefinition {
  kind: 'external';
  specifier: string;
  parent: string | null;
  attributes: [string, string][];
  tried: string[];
  commonJs: boolean;
  /** Modules of a cycle may see it before it runs. */
  early?: boolean;
}

/** A name that an external module must have. */
export interface Check {
  importer: number;
  request: number;
  asked: string;
  external: number;
  url: string;
  attributes: [string, string][];
  name: string;
  commonJs: boolean;
  commonJsOfRoot: boolean;
  /** Modules with their URLs of which exactly one must have the name. */
  stars?: [number, string][];
  place?: Failure;
}

/** What links a hot module to others. */
export interface Links {
  /** In order. What is Node's has a specifier. */
  requests: { id: number; specifier: string | null; attributes: [string, string][] }[];
  /** Names that it takes from modules of Node. */
  imports: [from: number, name: string][];
  own: string[];
  /** A name, where it is taken from, and its name there; otherwise that module's namespace. */
  passedOn: [name: string, from: number, imported: string | null][];
  stars: number[];
}

export interface NamespaceShape {
  names: [string, Target][];
  stars: { id: number; url: string; names?: [string, string][]; as?: string }[];
  contested: string[];
  excluded: string[];
  live: boolean;
  early: boolean;
}

/** An event of the watcher. */
export type WatchEvent = { changes: WatchChange[] } | { notice: string };

export interface WatchChange {
  /** As the watch path names it. */
  path: string;
  /** With links resolved, as modules are named. */
  real: string;
  kind: ChangeKind;
  /** Which save it is, as the engine's readers tell them apart; nothing when the file is gone. */
  save: string | null;
  watches: number[];
}

export type ChangeKind = 'created' | 'modified' | 'removed' | 'vanished' | 'attributes';

export interface WatchSpec {
  files: string[];
  /** Files that count only as far as roots and globs take them. */
  members?: string[];
  roots: string[];
  globs: Glob[];
  cwd: string;
  ignored: Ignored[];
}

export interface Glob {
  pattern: string;
  base: string;
  source: string;
  flags: string;
}

export type Ignored = { path: string } | { glob: Glob } | { regex: { source: string; flags: string } };
