/** What programs and people are told of an update. */
import { fileURLToPath } from 'node:url';

/**
 * @param {import('./outcome.js').Outcome} outcome
 * @param {string[]} paths that may have changed
 * @param {number} milliseconds from the report of the watcher to the new code
 * @returns {import('../index.d.ts').UpdateEvent}
 */
export function tell({ plan, phases }, paths, milliseconds) {
  const files = plan.changed.length > 0 ? plan.changed : [...new Set(paths)];
  const urls = new Map(plan.modules.map(({ id, url }) => [id, url]));
  const evaluated = plan.steps.flatMap(({ id }) => urls.get(id) ?? []).filter((url) => url.startsWith('file:'));
  const boundaries = plan.boundaries.map(({ url, via }) => ({
    module: fileURLToPath(via[via.length - 1] ?? url),
    accepted: fileURLToPath(url),
  }));
  const evaluatedFiles = evaluated.map((url) => fileURLToPath(url));
  return { type: 'update', files, boundaries, evaluated: evaluatedFiles, milliseconds, phases };
}
