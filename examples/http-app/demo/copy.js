// A copy of the app in a temporary folder, for the demo to edit.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const source = dirname(import.meta.dirname);
const parts = ['package.json', 'server.js', 'routes', 'views'];
const packages = ['express', 'node-esm-hmr'];

/** Copies the app; its packages are linked. */
export function copyApp() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hmr-demo-')));
  for (const part of parts) cpSync(join(source, part), join(folder, part), { recursive: true });
  const require = createRequire(join(source, 'package.json'));
  mkdirSync(join(folder, 'node_modules'));
  for (const name of packages) {
    const target = dirname(require.resolve(`${name}/package.json`));
    symlinkSync(target, join(folder, 'node_modules', name), 'junction');
  }
  return new Copy(folder);
}

class Copy {
  constructor(folder) {
    this.folder = folder;
  }

  write(path, text) {
    writeFileSync(join(this.folder, path), text);
  }

  /** Saves a file with one part of its text replaced, which must be there. */
  edit(path, from, to) {
    const text = readFileSync(join(this.folder, path), 'utf8');
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${path} has no ${from} to replace`);
    this.write(path, changed);
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
