// Projects whose `a.js` is to run as hot code exactly as under plain Node.

import assert from 'node:assert/strict';

/** Programs that run `a.js` in the one way and the other. */
export const mains = {
  'plain.js': "try { await import('./a.js'); } catch (error) { console.log('failed', error.name, error.message); }",
  'hot.js': `import hmr from 'node-esm-hmr';
    const handle = await hmr('./a.js', undefined, () => {});
    await handle.close();`,
};

/**
 * Runs both programs of a project: something is printed, and it is the same.
 * @param {import('./project.js').Project} project
 */
export async function expectAsPlain(project) {
  const [plain, hot] = await Promise.all(
    ['plain.js', 'hot.js'].map(async (main) => {
      const app = project.start([main]);
      await app.end();
      return app.output('stdout') + app.output('stderr');
    }),
  );
  assert.notEqual(plain, '');
  assert.equal(hot, plain);
}
