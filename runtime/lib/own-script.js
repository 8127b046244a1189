/**
 * The script that this module is part of, and what was known of it: see boot.js. Modules that are loaded one by one have none.
 * @type {{script: import('node:vm').Script, found: import('./native.d.ts').Compiled} | undefined}
 */
export const ownScript = undefined;
