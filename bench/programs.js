/**
 * Programs that only compute, each of a few modules: what they do most is what could be slower in hot code.
 *
 * Each has a `run(size)` that returns a checksum. The module that an update evaluates anew is `leaf.js` of each.
 */

/** @type {Record<string, Record<string, string>>} modules by program */
export const programs = {
  numbers: {
    'leaf.js': `export const limit = 60;`,
    'main.js': `import { limit } from './leaf.js';
function depth(x, y) {
  let [a, b, step] = [0, 0, 0];
  for (; step < limit && a * a + b * b < 4; step += 1) [a, b] = [a * a - b * b + x, 2 * a * b + y];
  return step;
}
export function run(size) {
  let sum = 0;
  for (let index = 0; index < size * 200; index += 1) sum += depth((index % 200) / 80 - 2, (index % 150) / 75 - 1);
  return sum;
}`,
  },
  calls: {
    'leaf.js': `export const mix = (a, b) => (Math.imul(a ^ b, 0x9e3779b1) >>> 3) | 0;
export function clamp(value, low, high) { return value < low ? low : value > high ? high : value; }`,
    'middle.js': `import { mix, clamp } from './leaf.js';
export const scale = 3;
export const turn = (value, round) => clamp(mix(value, round) % 1000, 0, 900) * scale;`,
    'main.js': `import { turn, scale } from './middle.js';
import { mix } from './leaf.js';
export function run(size) {
  let value = 1;
  for (let round = 0; round < size * 4000; round += 1) value = mix(turn(value, round), round) + scale;
  return value;
}`,
  },
  bindings: {
    'leaf.js': `export let count = 0;
export let step = 1;
export function advance() { count += step; step = (step % 7) + 1; }
export function reset() { count = 0; step = 1; }`,
    'main.js': `import { count, step, advance, reset } from './leaf.js';
export function run(size) {
  reset();
  let sum = 0;
  for (let round = 0; round < size * 5000; round += 1) {
    if (round % 100 === 0) advance();
    sum = (sum + count * step + round) | 0;
  }
  return sum;
}`,
  },
  classes: {
    'leaf.js': `export class Shape {
  #name;
  constructor(name) { this.#name = name; }
  get name() { return this.#name; }
  area() { return 0; }
  static total(shapes) { let sum = 0; for (const shape of shapes) sum += shape.area() + shape.name.length; return sum; }
}`,
    'middle.js': `import { Shape } from './leaf.js';
export class Square extends Shape { constructor(side) { super('square'); this.side = side; } area() { return this.side * this.side; } }
export class Circle extends Shape { constructor(radius) { super('circle'); this.radius = radius; } area() { return 3 * this.radius * this.radius; } }`,
    'main.js': `import { Shape } from './leaf.js';
import { Circle, Square } from './middle.js';
export function run(size) {
  let sum = 0;
  for (let round = 0; round < size; round += 1) {
    const shapes = [];
    for (let index = 0; index < 100; index += 1) shapes.push(index % 2 ? new Square(index) : new Circle(index));
    sum = (sum + Shape.total(shapes) + shapes.filter((shape) => shape instanceof Square).length) | 0;
  }
  return sum;
}`,
  },
  namespaces: {
    'leaf.js': `export const weight = 7;
export const add = (a, b) => (a + b) | 0;
export function shift(value, by) { return (value << by) ^ (value >>> 3); }`,
    'main.js': `import * as math from './leaf.js';
export function run(size) {
  let value = 1;
  for (let round = 0; round < size * 3000; round += 1) value = math.add(math.shift(value, round & 7), math.weight);
  return value;
}`,
  },
  texts: {
    'leaf.js': `export const fields = ['id', 'name', 'tags'];
export const clean = (text) => text.trim().toLowerCase().replace(/[^a-z0-9]+/g, '-');`,
    'main.js': `import { clean, fields } from './leaf.js';
export function run(size) {
  let sum = 0;
  for (let round = 0; round < size * 3; round += 1) {
    const record = { id: round, name: \` Name No. \${round}! \`, tags: ['a', 'b', String(round)] };
    const copy = JSON.parse(JSON.stringify(record));
    sum += fields.map((field) => clean(String(copy[field]))).join('/').length;
  }
  return sum;
}`,
  },
};

/** How long one `run` should take, roughly the same for all. @type {Record<string, number>} */
export const sizes = { numbers: 1500, calls: 1500, bindings: 6000, classes: 10_000, namespaces: 4000, texts: 10_000 };
