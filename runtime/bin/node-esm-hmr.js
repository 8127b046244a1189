#!/usr/bin/env node
/**
 * The command: becomes the binary for this platform, so that no second Node stays. Where Node cannot do that, or where a
 * descriptor has to be handed on that Node would close, it starts the binary and is its shadow.
 */
import { spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, fstatSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const { platform, arch } = process;

/** @returns {string} the binary's path */
function findBinary() {
  const names = platform === 'linux' ? [`${arch}-gnu`, `${arch}-musl`] : platform === 'win32' ? [`${arch}-msvc.exe`] : [arch];
  const paths = names.map((name) => fileURLToPath(new URL(`../native/node-esm-hmr.${platform}-${name}`, import.meta.url)));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) {
    console.error(`node-esm-hmr has no binary for ${platform}-${arch}: none of ${paths.join(', ')} exists. In a checkout of the project, build it with \`cargo xtask build\`.`);
    process.exit(2);
  }
  return found;
}

/** Some package managers drop it. @param {string} path */
function ensureExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    chmodSync(path, 0o755);
  }
}

/** The descriptor of `--events-fd N`. @param {string[]} args */
function handedDown(args) {
  const at = args.findIndex((arg) => /^--events-fd(=|$)/.test(arg));
  const value = Number(args[at]?.split('=')[1] ?? args[at + 1]);
  try {
    return at >= 0 && value > 2 && fstatSync(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} binary @param {string[]} args @param {NodeJS.ProcessEnv} env @param {number} [descriptor] */
function shadow(binary, args, env, descriptor) {
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = ['inherit', 'inherit', 'inherit'];
  if (descriptor !== undefined) {
    while (stdio.length < descriptor) stdio.push('ignore');
    stdio.push(descriptor);
  }
  // The binary ends when this process is killed.
  const child = spawn(binary, args, { stdio, env: { ...env, NODE_ESM_HMR_LAUNCHER: `${process.pid}` } });
  child.on('error', (error) => {
    console.error(`node-esm-hmr: ${binary} could not be started: ${error.message}`);
    process.exit(2);
  });
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']);
  // What the terminal sends, the binary gets twice, which it knows if the terminal's comes first.
  const ofKeys = ['SIGINT', 'SIGQUIT'];
  for (const signal of signals) process.on(signal, () => void (ofKeys.includes(signal) ? setTimeout(() => child.kill(signal), 50) : child.kill(signal)));
  // Package managers end the shell between them and this process alone.
  const parent = process.ppid;
  const endWithParent = () => process.ppid !== parent && child.kill('SIGTERM');
  if (process.env.npm_config_user_agent) setInterval(endWithParent, 500).unref();
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of signals) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

const binary = findBinary();
ensureExecutable(binary);
const args = process.argv.slice(2);
const env = { ...process.env, NODE_ESM_HMR_NODE: process.env.NODE_ESM_HMR_NODE ?? process.execPath };
const descriptor = handedDown(args);
const { execve } = /** @type {any} */ (process);
if (typeof execve === 'function' && descriptor === undefined) execve.call(process, binary, ['node-esm-hmr', ...args], env);
else shadow(binary, args, env, descriptor);
