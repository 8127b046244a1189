import { salutation } from './words.js';

export function greet(name) {
  return `${salutation}, ${name}!`;
}
