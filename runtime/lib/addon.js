/**
 * Loads the Rust engine: the addon built for this platform, which lies in the package's `native`
 * folder. Nothing is downloaded and nothing is built at install time.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The names of a platform's addon, likeliest first. */
function addonNames() {
  const { platform, arch } = process;
  const base = `node-esm-hmr.${platform}-${arch}`;
  if (platform === 'win32') return [`${base}-msvc.node`];
  // Which of the two C libraries Linux has shows when loading: asking Node for a report is slow.
  return platform === 'linux' ? [`${base}-gnu.node`, `${base}-musl.node`] : [`${base}.node`];
}

/**
 * @returns {import('./native.d.ts').Addon} the engine
 * @throws {Error} naming platform and folder if there is no addon for this platform, or what Node has to be allowed
 */
export function loadAddon() {
  const require = createRequire(import.meta.url);
  const folder = fileURLToPath(new URL('../native/', import.meta.url));
  const names = addonNames();
  const errors = [];
  for (const name of names) {
    try {
      return require(folder + name);
    } catch (error) {
      errors.push(/** @type {Error} */ (error).message);
    }
  }
  if (errors.some((message) => message.includes('loading addons is disabled'))) {
    throw new Error(
      'node-esm-hmr needs its engine, a native addon, and this Node may not load one: start it without `--no-addons`, ' +
        'and with `--allow-addons` (and `--allow-worker`) where there is `--permission`.',
    );
  }
  throw new Error(
    `node-esm-hmr has no engine for ${process.platform}-${process.arch}: none of ${names.join(', ')} ` +
      `could be loaded from ${folder}. In a checkout of the project, build it with \`cargo xtask build\`.\n` +
      errors.join('\n'),
  );
}
