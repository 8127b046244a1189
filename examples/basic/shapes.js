import { square } from './units.js';

export const unit = square('m');

export function area(side) {
  return side ** 2;
}
