// What happens to the files of the soak's program: saves in every way, and all that else happens to folders.

import { chmodSync, cpSync, existsSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { save, saveStyles } from '../harness/index.js';
import { folders, names, text } from './program.js';

/** @typedef {import('../harness/index.js').Project} Project */
/** @typedef {(sides: number) => number} Dice a whole number below `sides` */

export class Operations {
  #project;
  #dice;
  #number = 0;
  /** Folders in which something is under way. @type {Set<string>} */
  #busy = new Set();

  /** @param {Project} project @param {Dice} dice */
  constructor(project, dice) {
    this.#project = project;
    this.#dice = dice;
  }

  get count() {
    return this.#number;
  }

  /** One random operation. Those on one folder do not overlap, unless they are to. */
  async next() {
    const ways = [this.#save, this.#save, this.#save, this.#save, this.#remove, this.#moveFolder, this.#replaceFolder];
    ways.push(this.#touch, this.#breakIt, this.#twoWriters, this.#underLock, this.#besides);
    const folder = folders[this.#dice(folders.length)];
    if (this.#busy.has(folder)) return;
    this.#busy.add(folder);
    await ways[this.#dice(ways.length)].call(this, folder).finally(() => this.#busy.delete(folder));
  }

  /** Everything is there and whole again. */
  async mend() {
    for (const name of names) {
      const path = this.#project.path(name);
      if (!existsSync(path) || !/end = \d+;\n$/.test(readFileSync(path, 'utf8'))) await this.#write(name);
    }
  }

  /** The number in each file. */
  onDisk() {
    return names.map((name) => Number(/n = (\d+)/.exec(readFileSync(this.#project.path(name), 'utf8'))?.[1]));
  }

  /** @param {string} folder */
  #file(folder) {
    return `${folder}/m${this.#dice(4)}.js`;
  }

  #text() {
    this.#number += 1;
    return text(this.#number, [10, 1000, 70_000, 1_000_000][this.#dice(4)]);
  }

  /** @param {string} name */
  #write(name) {
    const roll = saveStyles[this.#dice(saveStyles.length)];
    const style = existsSync(this.#project.path(name)) ? roll : 'truncate';
    return save(this.#project.path(name), this.#text(), { style, gap: [0, 1, 5, 30][this.#dice(4)] });
  }

  /** @param {string} folder */
  async #save(folder) {
    await this.#write(this.#file(folder));
  }

  /** @param {string} folder */
  async #remove(folder) {
    const name = this.#file(folder);
    rmSync(this.#project.path(name), { force: true });
    await wait(this.#dice(250));
    if (this.#dice(2)) await this.#write(name);
  }

  /** Away and back, perhaps edited meanwhile. @param {string} folder */
  async #moveFolder(folder) {
    const away = this.#project.path(`away-${folder.replace('/', '-')}`);
    renameSync(this.#project.path(folder), away);
    if (this.#dice(2)) writeFileSync(`${away}/m0.js`, this.#text());
    await wait([0, 1, 50, 200][this.#dice(4)]);
    renameSync(away, this.#project.path(folder));
  }

  /** `rm -rf` and `mv` of another one. @param {string} folder */
  async #replaceFolder(folder) {
    const other = this.#project.path(`new-${folder.replace('/', '-')}`);
    cpSync(this.#project.path(folder), other, { recursive: true });
    writeFileSync(`${other}/m1.js`, this.#text());
    rmSync(this.#project.path(folder), { recursive: true });
    await wait([0, 0, 120][this.#dice(3)]);
    renameSync(other, this.#project.path(folder));
  }

  /** @param {string} folder */
  async #touch(folder) {
    const path = this.#project.path(this.#file(folder));
    if (!existsSync(path)) return;
    utimesSync(path, new Date(), new Date());
    chmodSync(path, 0o600);
    chmodSync(path, 0o644);
  }

  /** A save that is no module, and one that is. @param {string} folder */
  async #breakIt(folder) {
    const name = this.#file(folder);
    await save(this.#project.path(name), `${this.#text()}broken(`, { style: 'truncate' });
    await wait(this.#dice(60));
    await this.#write(name);
  }

  /** @param {string} folder */
  async #twoWriters(folder) {
    const name = this.#file(folder);
    this.#number += 1;
    // What they leave may be a mixture, of one number.
    const n = this.#number;
    const again = () => save(this.#project.path(name), text(n, this.#dice(9000)), { style: 'chunks', gap: this.#dice(40) });
    await Promise.all([again(), again()]);
    await this.#write(name);
  }

  /** What git does. @param {string} folder */
  async #underLock(folder) {
    const lock = this.#project.path('.git/index.lock');
    writeFileSync(lock, '');
    for (const number of [0, 1, 2, 3]) await save(this.#project.path(`${folder}/m${number}.js`), this.#text(), { style: 'recreate' });
    await wait(this.#dice(100));
    rmSync(lock, { force: true });
  }

  /** Files that are no modules. @param {string} folder */
  async #besides(folder) {
    const path = this.#project.path(`${folder}/.m.tmp`);
    writeFileSync(path, 'temporary');
    await wait(this.#dice(30));
    rmSync(path, { force: true });
    writeFileSync(this.#project.path(`${folder}/data.json`), `${this.#dice(3)}`);
  }
}
