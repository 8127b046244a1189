// The smallest use of the package: two modules of your own, re-evaluated as you save them.
//
// Start it with `node index.js`, then edit greeting.js, shapes.js or units.js and save.

import hmr from 'node-esm-hmr';

// A default export. Without a watch path, the files watched are the module and what it imports.
await hmr('./greeting.js', undefined, ({ default: greet }) => {
  console.log(greet('world'));
});

// Named exports, and a folder to watch: shapes.js imports units.js, which lies in it too.
await hmr('./shapes.js', import.meta.dirname, ({ area, unit }) => {
  console.log(`a square of side 3 has ${area(3)} ${unit}`);
});
