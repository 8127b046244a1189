// Of several things that are wrong with a graph, the one that Node meets first: 16.2.1.10 GraphLoadingState leaves the order to
// the host.

import { conform } from './conform.js';

/** @param {Record<string, string[] | 'broken' | 'undeclared' | 'unlinkable'>} modules what each imports, or what is wrong with it */
function graph(modules) {
  const text = (/** @type {string} */ name, /** @type {string[] | string} */ is) => {
    if (is === 'broken') return `const ${name};`;
    if (is === 'undeclared') return `export { ${name} };`;
    if (is === 'unlinkable') return `import { ${name} } from './empty.mjs';`;
    return /** @type {string[]} */ (is).map((other) => `import ${JSON.stringify(other.startsWith('#') ? other : `./${other}.mjs`)};`).join('\n');
  };
  const files = Object.entries(modules).map(([name, is]) => [`${name}.mjs`, text(name, is)]);
  return { ...Object.fromEntries(files), 'empty.mjs': '', 'package.json': '{"name":"several","type":"module"}' };
}

/** Node 20 reads two files at the same time here, and tells what is wrong with the one that is there first. */
const racing = {
  'missing one deeper': graph({ main: ['a', 'b'], a: ['z'], z: 'broken', b: ['c'], c: ['miss'] }),
  'missing one deeper, first': graph({ main: ['b', 'a'], b: ['c'], c: ['miss'], a: ['z'], z: 'broken' }),
};

conform('several errors', {
  'two texts that are no modules': {
    'side by side': graph({ main: ['z', 'y'], z: 'broken', y: 'undeclared' }),
    'one below the other’s sibling': graph({ main: ['a', 'z'], a: ['b'], b: 'broken', z: 'undeclared' }),
    'on one level, in the order of those who ask': graph({ main: ['b', 'a'], b: ['z'], a: ['y'], z: 'broken', y: 'undeclared' }),
    'the deeper one first': graph({ main: ['b', 'a'], b: ['c'], c: ['d'], d: 'broken', a: ['e'], e: ['f'], f: ['g'], g: 'undeclared' }),
    'the deeper one last': graph({ main: ['a', 'b'], a: ['e'], e: ['f'], f: ['g'], g: 'undeclared', b: ['c'], c: ['d'], d: 'broken' }),
  },
  'a text that is no module, and something missing': {
    'the text first': graph({ main: ['z', 'miss'], z: 'broken' }),
    'the text last': graph({ main: ['miss', 'z'], z: 'broken' }),
    'missing below': graph({ main: ['a', 'z'], a: ['miss'], z: 'broken' }),
    'missing below, first': graph({ main: ['z', 'a'], a: ['miss'], z: 'broken' }),
    'both below, of one module': graph({ main: ['a'], a: ['z', 'miss'], z: 'broken' }),
    'both below, of one module, the text last': graph({ main: ['a'], a: ['miss', 'z'], z: 'broken' }),
    'both below, of two modules': graph({ main: ['a', 'b'], a: ['z'], z: 'broken', b: ['miss'] }),
    'both below, of two modules, the text last': graph({ main: ['b', 'a'], b: ['miss'], a: ['z'], z: 'broken' }),
    'the text one deeper': graph({ main: ['a', 'b'], a: ['miss'], b: ['z'], z: 'broken' }),
    'the text two deeper': graph({ main: ['a', 'b'], a: ['y'], y: ['z'], z: 'broken', b: ['miss'] }),
    ...(process.version.startsWith('v20.') ? {} : racing),
    'an unknown name': graph({ main: ['a', '#no'], a: 'broken' }),
    'an unknown name first': graph({ main: ['#no', 'a'], a: 'broken' }),
    'an unknown name below': graph({ main: ['b', 'a'], b: ['z'], z: 'broken', a: ['#no'] }),
    'an unknown name below, first': graph({ main: ['a', 'b'], a: ['#no'], b: ['z'], z: 'broken' }),
  },
  'what does not link, and another fault': {
    'a text that is no module': graph({ main: ['l', 'z'], l: 'unlinkable', z: 'broken' }),
    'something missing': graph({ main: ['l', 'miss'], l: 'unlinkable' }),
    'something missing below': graph({ main: ['l', 'a'], l: 'unlinkable', a: ['miss'] }),
    'two that do not link': graph({ main: ['l', 'k'], l: 'unlinkable', k: 'unlinkable' }),
    'two that do not link, one below': graph({ main: ['a', 'k'], a: ['l'], l: 'unlinkable', k: 'unlinkable' }),
  },
});
