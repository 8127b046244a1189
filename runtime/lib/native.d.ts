/** The addon's exports, as crates/hmr-node defines them; plans as crates/hmr-engine serialises them. */

export interface Addon {
  Session: new (options: string) => Session;
  Watcher: new (onEvent: (event: string) => void) => Watcher;
  codeFrame(path: string, line: number, column: number): string | null;
}

export interface Session {
  loadedByNode(urls: string[]): void;
  resolve(specifier: string, parent: string): { url?: string; tried: string[] };
  seenByNode(imports: [url: string, importer: string][]): void;
  hotModule(url: string): number | null;
  leftToNode(specifier: string, parent: string, attributes: [string, string][]): boolean;
  prepare(request: string): { plan: string; texts: string[]; imported?: number };
  evaluating(transaction: number, failed: number): number[];
  loaded(transaction: number): void;
  commit(transaction: number, evaluated: number[]): number[];
  rollBack(transaction: number, evaluated: number[], keep: boolean): void;
  ran(id: number): void;
  namespace(id: number): string;
  files(entry: number): string[];
  contains(entry: number, path: string): boolean;
  foreignChanged(path: string, written: boolean): boolean;
  isExternal(path: string): boolean;
  placeOfImport(id: number): string | null;
  placeOfRequest(importer: number, request: number, name: string): string | null;
  distrust(url: string): void;
  close(entry: number): number[];
}

export interface Watcher {
  set(id: number, spec: string, read: number): void;
  remove(id: number): void;
  close(): void;
}

export interface Request {
  paths?: string[];
  removed?: string[];
  patient?: boolean;
  entries?: number[];
  forced?: number[];
  import?: ImportRequest;
}

export interface ImportRequest {
  specifier: string;
  parent: string;
  importer?: number;
  attributes?: [string, string][];
  entry?: boolean;
}

export interface Plan {
  transaction: number;
  failures: Failure[];
  waits: boolean;
  depth: { breadthFirst: number; depthFirst: number; read: number };
  importsDynamically: boolean;
  namespaces: number[];
  modules: Definition[];
  checks: Check[];
  doubt: boolean;
  steps: Step[];
  rebind: { id: number; bindings: Target[] }[];
  stale: number[];
  retried: number[];
  changed: string[];
  leftBehind: string[];
  awaited: string[];
  times: { load: number; link: number };
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
  | ExternalDefinition
);

export interface ModuleDefinition {
  kind: 'module';
  code: number;
  meta: boolean;
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
  place?: Failure;
}

export interface NamespaceShape {
  names: [string, Target][];
  stars: { id: number; url: string; names?: [string, string][] }[];
  contested: string[];
  excluded: string[];
  live: boolean;
}

/** An event of the watcher. */
export type WatchEvent = { changes: WatchChange[] } | { notice: string };

export interface WatchChange {
  /** As the watch path names it. */
  path: string;
  /** With links resolved, as modules are named. */
  real: string;
  kind: ChangeKind;
  watches: number[];
}

export type ChangeKind = 'created' | 'modified' | 'removed' | 'attributes';

export interface WatchSpec {
  files: string[];
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
