// Resolves every specifier as a hot module does and as Node does, and prints what differs as JSON.
// Run with --experimental-import-meta-resolve, so that Node can be asked about other parents.
// Arguments: the fixture as JSON, a node_modules folder.

import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { engine } from '../../runtime/lib/engine.js';
import { fixtureCases, installedCases } from './specifiers.js';

const [fixture, modules] = process.argv.slice(2);
const { session, modules: hot } = engine();
const cases = [...fixtureCases(JSON.parse(fixture)), ...installedCases(modules)];
process.noDeprecation = true;

const differing = [];
let resolvedByEngine = 0;
for (const { specifier, parent } of cases) {
  const node = answer(() => import.meta.resolve(specifier, parent));
  const own = answer(() => hot.resolve(specifier, parent));
  if (JSON.stringify(node) !== JSON.stringify(own)) differing.push({ specifier, parent, node, own });
  const { url } = session.resolve(specifier, parent);
  if (!url) continue;
  resolvedByEngine += 1;
  // What the engine resolves it loads, or has Node load: Node must not have an error for it.
  const isFile = !url.startsWith('file:') || statSync(fileURLToPath(url), { throwIfNoEntry: false })?.isFile();
  if (!isFile || (url.startsWith('file:') && url !== node.url)) differing.push({ specifier, parent, node, engine: url });
}
process.stdout.write(JSON.stringify({ cases: cases.length, resolvedByEngine, differing }));

function answer(resolve) {
  try {
    return { url: resolve() };
  } catch (error) {
    const { name, code, message } = error;
    return { name, code, message, keys: Object.keys(error) };
  }
}
