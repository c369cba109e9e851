// Runs other programs in process groups of their own, so that no child outlives this process. Nested npm calls use the
// same npm.
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
export const cacheDir = join(root, '.cache');
export const isWindows = process.platform === 'win32';
export const isCi = Boolean(process.env.CI) && process.env.CI !== 'false';

const running = new Set();

/** Environment for child processes: always with HOME, without npm's own variables, which would change a nested npm. */
export function childEnv(extra = {}) {
  const env = { ...process.env, ...extra };
  for (const name of [
    'npm_config_ignore_scripts',
    'npm_config_loglevel',
    'npm_config_omit',
    'npm_config_local_prefix',
  ]) {
    if (extra[name] === undefined) delete env[name];
  }
  if (!env.HOME && !isWindows) {
    env.HOME = join(cacheDir, 'home');
    mkdirSync(env.HOME, { recursive: true });
  }
  return env;
}

/**
 * Runs a program to its end with our stdio; returns its exit code.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, signal?: AbortSignal, isQuiet?: boolean, isShell?: boolean }}
 * [options]
 */
export function run(command, args, { cwd = root, env = {}, signal, isQuiet = false, isShell = false } = {}) {
  return new Promise((resolve) => {
    // With a shell, Node joins the words as they are, so a path with a space would become two.
    const [program, ...words] = isShell ? [command, ...args].map((word) => `"${word}"`) : [command, ...args];
    const child = spawn(program, words, {
      cwd,
      env: childEnv(env),
      stdio: ['ignore', isQuiet ? 'ignore' : 'inherit', 'inherit'],
      detached: !isWindows,
      shell: isShell,
    });
    running.add(child);
    const end = () => endGroup(child, 'SIGKILL');
    signal?.addEventListener('abort', end, { once: true });
    const finish = (code) => {
      signal?.removeEventListener('abort', end);
      running.delete(child);
      // A killed program may leave children.
      if (code !== 0) endGroup(child, 'SIGKILL');
      resolve(code);
    };
    child.once('error', (error) => {
      console.error(`${command}: ${error.message}`);
      finish(127);
    });
    child.once('exit', (code, by) => finish(by ? 128 : (code ?? 1)));
  });
}

/** Runs the npm that started this script, or the one on PATH. */
export function runNpm(args, options = {}) {
  const quiet = ['--loglevel=error', '--no-audit', '--no-fund', ...args];
  const cli = process.env.npm_execpath;
  if (cli && /npm-cli\.c?js$/.test(cli)) return run(options.node ?? process.execPath, [cli, ...quiet], options);
  return run(isWindows ? 'npm.cmd' : 'npm', quiet, { ...options, isShell: isWindows });
}

/** Runs a script of node_modules without a shell. */
export function runTool(script, args, options) {
  return run(process.execPath, [join(root, 'node_modules', script), ...args], options);
}

/** The path of a program on PATH, or undefined. */
export function findProgram(...names) {
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    for (const name of names.flatMap((each) => (isWindows ? [`${each}.cmd`, `${each}.exe`] : [each]))) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        if (statSync(file).isFile()) return file;
      } catch {
        // Not in this folder of PATH: try the next.
      }
    }
  }
  return undefined;
}

function endGroup(child, signal) {
  try {
    if (isWindows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The process has ended already.
  }
}

/** Ctrl+C or a closed terminal ends all child processes. */
export function endChildrenWithUs() {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    process.once(signal, () => {
      for (const child of running) endGroup(child, 'SIGKILL');
      process.exit(code);
    });
  }
}
