/** The circumstances of a run: what the figures depend on, and nothing that names the machine. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem, type } from 'node:os';
import path from 'node:path';
import { contenders, packageFolder, repository } from './contenders.js';

export function facts() {
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    v8: process.versions.v8,
    system: type(),
    processor: cpus()[0]?.model ?? 'unknown',
    processors: availableParallelism(),
    ram: `${Math.round(totalmem() / 1024 ** 3)} GB`,
    versions: versions(),
  };
}

/** Load averages over 1, 5 and 15 minutes. */
export const load = () => loadavg().map((value) => Math.round(value * 100) / 100);

/** @returns {Record<string, string>} */
function versions() {
  const names = [...new Set(Object.values(contenders).flatMap(({ needs }) => needs ?? [])), 'express', 'fastify', 'svelte', 'lodash-es'];
  const folders = [['node-esm-hmr', path.join(repository, 'runtime')], ...names.map((name) => [name, packageFolder(name)])];
  return Object.fromEntries(folders.filter(([, folder]) => folder).map(([name, folder]) => [name, version(folder ?? '')]));
}

/** @param {string} folder */
const version = (folder) => JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).version;
