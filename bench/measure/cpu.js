/**
 * Programs that only compute, hot against plain: how long one run takes, at its best, in processes that take turns; for hot
 * code also after updates of a module of each.
 */
import { rmSync } from 'node:fs';
import { tell, write, writeProject } from '../app.js';
import { appFolder, contenders, packages, pathOf } from '../contenders.js';
import { Program } from '../program.js';
import { programs, sizes } from '../programs.js';
import { interleaved } from '../rounds.js';
import { geometricMean, ratio, round } from '../statistics.js';

const LIMIT = 120_000;
const UPDATES = 20;
const names = Object.keys(programs);

/**
 * @param {import('../options.js').Options} options
 * @param {{ rounds: number, runs: number, part: number }} counts `part`: of the sizes, for a quick look
 */
export async function measureCpu(options, counts) {
  const folder = appFolder('cpu');
  writePrograms(folder, counts);
  try {
    const turns = ['plain', 'hot', 'updated'];
    const times = await interleaved(counts.rounds, turns, (turn) => run(options, folder, turn));
    const programsOf = (/** @type {string} */ turn) =>
      Object.fromEntries(names.map((name) => [name, ratio(times[turn].map((all) => all?.[name]), times.plain.map((all) => all?.[name]))]));
    return { hot: whole(programsOf('hot')), [`after ${UPDATES} updates`]: whole(programsOf('updated')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {Record<string, ReturnType<typeof ratio>>} byProgram */
function whole(byProgram) {
  const medians = Object.values(byProgram).map(({ median }) => median);
  return { mean: round(geometricMean(medians)), worst: Math.max(...medians), programs: byProgram };
}

/** @param {import('../options.js').Options} options @param {string} folder @param {string} turn @returns {Promise<Record<string, number>>} */
async function run({ node }, folder, turn) {
  for (const name of names) writeLeaf(folder, name, 0);
  const { command } = contenders[turn === 'plain' ? 'plain' : 'hot'];
  const program = new Program({ command: command('main.js', node), folder, env: pathOf(node) });
  try {
    await program.message(({ started }) => started !== undefined, LIMIT);
    for (let version = 1; turn === 'updated' && version <= UPDATES; version += 1) {
      for (const name of names) writeLeaf(folder, name, version);
      await program.message(({ versions }) => versions?.every((/** @type {number} */ one) => one === version), LIMIT);
    }
    program.say('measure');
    const { times } = await program.message(({ times }) => times !== undefined, LIMIT);
    return times;
  } finally {
    await program.stop();
  }
}

/** @param {string} folder @param {string} name @param {number} version */
function writeLeaf(folder, name, version) {
  write(folder, `${name}/leaf.js`, `${programs[name]['leaf.js']}\nexport const version = ${version};\n`);
}

/** @param {string} folder @param {{ runs: number, part: number }} counts */
function writePrograms(folder, { runs, part }) {
  writeProject(folder, packages());
  for (const name of names) {
    for (const [file, text] of Object.entries(programs[name])) write(folder, `${name}/${file}`, text);
    writeLeaf(folder, name, 0);
  }
  const imports = names.map((name) => `import { run as ${name} } from './${name}/main.js';\nimport { version as of_${name} } from './${name}/leaf.js';`);
  write(folder, 'programs.js', `${imports.join('\n')}
export const programs = { ${names.join(', ')} };
${tell(`versions: [${names.map((name) => `of_${name}`).join(', ')}]`)}
if (import.meta.hot?.accept) import.meta.hot.accept();
`);
  const scaled = Object.entries(sizes).map(([name, size]) => [name, Math.max(1, Math.round(size * part))]);
  write(folder, 'main.js', mainText(Object.fromEntries(scaled), runs));
}

/** @param {Record<string, number>} scaled @param {number} runs */
const mainText = (scaled, runs) => `import { programs } from './programs.js';
const sizes = ${JSON.stringify(scaled)};
const results = {};
function best(name) {
  let shortest = Infinity;
  for (let run = 0; run < ${runs}; run += 1) {
    const begun = performance.now();
    const result = programs[name](sizes[name]);
    shortest = Math.min(shortest, performance.now() - begun);
    if (results[name] !== undefined && results[name] !== result) throw new Error(\`\${name} computes \${result} after \${results[name]}\`);
    results[name] = result;
  }
  return shortest;
}
process.stdin.on('data', () => {
  const times = Object.fromEntries(Object.keys(sizes).map((name) => [name, best(name)]));
  ${tell('times, results')}
});
${tell('started: true')}
`;
