/** URLs of the modules of plans: packages import many files. @type {WeakMap<import('./native.d.ts').Plan, Set<string>>} */
const planned = new WeakMap();

/** Whether an open transaction has a module with this URL. @param {import('./modules.js').Modules} modules @param {string} url */
export function isBeingEvaluated({ open }, url) {
  for (const { plan } of open) {
    const urls = planned.get(plan) ?? new Set(plan.modules.map((definition) => definition.url));
    planned.set(plan, urls);
    if (urls.has(url)) return true;
  }
  return false;
}
