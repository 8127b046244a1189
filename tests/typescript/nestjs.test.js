// A NestJS app with dependency injection, decorator metadata and the tsconfig.json of Nest's starter runs from its
// TypeScript sources, and a save serves the new code on the same port.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { createProject, repository } from '../harness/index.js';
import { register } from './project.js';

const example = join(repository, 'examples/nestjs');
const packages = ['@nestjs/common', '@nestjs/core', '@nestjs/platform-express', 'reflect-metadata', 'rxjs'];

/** The files of the example, as they are. */
function exampleFiles() {
  const names = readdirSync(join(example, 'src'), { recursive: true }).map(String).filter((name) => name.endsWith('.ts'));
  const files = ['package.json', 'tsconfig.json', ...names.map((name) => `src/${name.replaceAll('\\', '/')}`)];
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(example, file), 'utf8')]));
}

async function freePort() {
  const server = createServer().listen(0);
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('the example answers, and goes on answering on its port after saves', async (t) => {
  const project = createProject(t, exampleFiles(), { packages });
  const port = await freePort();
  const app = project.start([...register, 'src/main.ts'], { env: { PORT: `${port}` } });
  const get = async (/** @type {string} */ path) => (await fetch(`http://localhost:${port}/cats${path}`, { headers: { connection: 'close' } })).text();
  await app.line(/^listening on /);
  assert.equal(await get(''), '[{"name":"Tom","mood":"sleepy"}]');
  assert.equal(await get('/Tom'), 'Tom is sleepy');
  for (let edit = 1; edit <= 10; edit += 1) {
    await project.edit('src/cats/cats.service.ts', /name: '\w+'/, `name: 'Cat${edit}'`);
    await app.line(/^cats are gone$/);
    await app.line(/^listening on /);
    assert.equal(await get(`/Cat${edit}`), `Cat${edit} is sleepy`);
  }
  await project.write('src/cats/cat.ts', "export interface Cat { name: string; mood: Mood }\nexport enum Mood { Sleepy = 'awake' }\n");
  await app.line(/^listening on /);
  assert.equal(await get('/Cat10'), 'Cat10 is awake');
  // A save that cannot run leaves what runs.
  await project.edit('src/cats/cats.controller.ts', 'this.cats.findAll().find', 'this.cats.(');
  await app.line(/cats\.controller\.ts:\d+:\d+/);
  assert.equal(await get('/Cat10'), 'Cat10 is awake');
});

test('without import.meta.hot a save asks for a restart, with the chain', async (t) => {
  const files = exampleFiles();
  files['src/main.ts'] = files['src/main.ts'].replace(/if \(import\.meta\.hot\)[^]*/, '');
  const project = createProject(t, files, { packages });
  const app = project.start([...register, 'src/main.ts'], { env: { PORT: '0' } });
  await app.line(/^listening on /);
  await project.edit('src/cats/cats.service.ts', "name: 'Tom'", "name: 'Kit'");
  await app.line(/restart.*cats\.service\.ts → .*main\.ts/);
});

test('types in metadata that are interfaces, or in a cycle, are Object', async (t) => {
  const project = createProject(t, {
    'tsconfig.json': '{"compilerOptions":{"experimentalDecorators":true,"emitDecoratorMetadata":true,"module":"commonjs"}}',
    'package.json': '{}',
    'main.ts': `import 'reflect-metadata';
import { Options } from './options';
import { Other } from './other';
import Default from './default';
const d: any = () => {};
@d export class Service { constructor(o: Options, b: Other, c: Default, n: number) {} @d f(o: Options): Promise<void> { return null!; } }
console.log(Reflect.getMetadata('design:paramtypes', Service).map((t: Function) => t.name).join());
console.log(Reflect.getMetadata('design:returntype', Service.prototype, 'f').name);
export function seen() { return Service; }
`,
    'options.ts': 'export interface Options { a: 1 }',
    'other.ts': `import { Service, seen } from './main';
const d: any = () => {};
@d export class Other { constructor(s: Service) {} }
console.log(Reflect.getMetadata('design:paramtypes', Other).map((t: Function) => t.name).join(), typeof seen);`,
    'default.ts': 'export default class Default {}',
  }, { packages: ['reflect-metadata'] });
  const app = project.start([...register, 'main.ts']);
  await app.line(/^Object function$/);
  await app.line(/^Object,Other,Default,Number$/);
  await app.line(/^Promise$/);
  assert.equal((await app.end()).code, 0);
});
