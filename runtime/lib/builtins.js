/**
 * Exports of Node's builtin modules change when a program calls `syncBuiltinESMExports()`: what hot
 * modules have copied of them is copied again then.
 */
import module from 'node:module';

let isFollowing = false;

/**
 * From now on calls `relink` after each `syncBuiltinESMExports()`, by whomever.
 * @param {() => void} relink
 */
export function followBuiltins(relink) {
  if (isFollowing) return;
  isFollowing = true;
  const { syncBuiltinESMExports: sync } = module;
  module.syncBuiltinESMExports = function syncBuiltinESMExports() {
    sync();
    relink();
  };
  // Those who import it by its name get it, too.
  sync();
}
