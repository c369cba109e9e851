// `npm start [-- FOLDER] [--port N] [--no-open]`: from a fresh clone to the extension in a real VS Code, on your own
// transcripts. Uses the `code` on PATH; without one, a VS Code for the browser is set up in .cache and served on the
// loopback interface.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeDemoHistory } from './make-demo-history.mjs';
import { ensureModules } from './modules.mjs';
import { packVsix, vsixFile } from './package.mjs';
import { cacheDir, childEnv, endChildrenWithUs, findProgram, isWindows, root, run } from './run.mjs';
import { findChromium } from './system-packages.mjs';
import { telling } from './telling.mjs';
import { installVsix, startServer } from './vscode-host/server.mjs';
import { isHostPossible, setUpHost } from './vscode-host/set-up.mjs';

/**
 * Settings for the first start: no gallery, no tips. Restricted Mode stays on without asking, because reading the
 * memory needs no trust.
 */
const firstSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'chat.disableAIFeatures': true,
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: 'string' }, 'no-open': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
});
if (options.help) {
  console.log('npm start [-- FOLDER] [--port N] [--no-open]');
  process.exit(0);
}
const folder = resolve(process.env.INIT_CWD ?? process.cwd(), positionals[0] ?? '.');
if (!existsSync(folder) || !statSync(folder).isDirectory()) stop(`No such folder: ${folder}`);

endChildrenWithUs();
if (!(await ensureModules())) stop('The dependencies could not be installed; see the messages above.');
if ((await run(process.execPath, ['esbuild.mjs'])) !== 0) stop('The build failed; see the messages above.');
const history = findHistory();
console.log(
  history.isDemo
    ? `\nNo Claude Code transcripts in ${history.searched}. Showing a demo history of invented projects; its titles begin with "Demo:".`
    : `\nReading Claude Code transcripts in ${history.configDir}`,
);
const code = findCode();
if (code) await openInCode(code);
else await openInBrowserHost();

function stop(message) {
  console.error(message);
  process.exit(1);
}

/** The person's own config folder when it has transcripts, else the demo. */
function findHistory() {
  const own = process.env.CLAUDE_CONFIG_DIR || join(homedir(), '.claude');
  const projects = join(own, 'projects');
  const hasTranscripts =
    existsSync(projects) &&
    readdirSync(projects, { withFileTypes: true }).some(
      (project) =>
        project.isDirectory() && readdirSync(join(projects, project.name)).some((name) => name.endsWith('.jsonl')),
    );
  return hasTranscripts
    ? { configDir: own, isDemo: false }
    : { configDir: makeDemoHistory(), isDemo: true, searched: own };
}

/** A desktop VS Code on PATH. The `code` of a remote or browser VS Code cannot load an extension from a folder. */
function findCode() {
  const file = findProgram('code');
  return file && !/code-server|remote-cli/.test(realpathSync(file)) ? file : undefined;
}

async function openInCode(program) {
  const args = [`--extensionDevelopmentPath=${root}`, folder];
  // A running VS Code would keep its own environment, so the demo gets a separate instance.
  if (history.isDemo) args.push('--user-data-dir', join(cacheDir, 'demo-user-data'));
  console.log(`Opening ${folder} in ${program}`);
  process.exitCode = await run(program, args, {
    env: history.isDemo ? { CLAUDE_CONFIG_DIR: history.configDir } : {},
    isShell: isWindows,
  });
}

async function openInBrowserHost() {
  if (!isHostPossible)
    stop(
      'No VS Code found. Install Visual Studio Code, put its `code` command on your PATH and run `npm start` again.',
    );
  if (!(await setUpHost())) process.exit(1);
  const packed = await telling('Packing the extension', () => packVsix({ isQuiet: true }));
  const complaints = packed.flatMap(([, list]) => list);
  for (const complaint of complaints) console.warn(complaint);
  if (!existsSync(vsixFile)) stop('The extension could not be packed; see the messages above.');
  // The demo has its own memory, so that it does not mix with a real one.
  const profile = makeProfile(join(cacheDir, history.isDemo ? 'demo-profile' : 'profile'));
  if (!(await telling('Installing it in VS Code', () => installVsix(profile, vsixFile))))
    stop('The extension could not be installed; see the messages above.');

  const password = randomBytes(12).toString('base64url');
  const starting = startServer(profile, {
    // In the environment, because every user of the machine can read command lines.
    env: childEnv({ PASSWORD: password, CLAUDE_CONFIG_DIR: history.configDir }),
    args: ['--auth', 'password'],
    port: await choosePort(profile.portFile),
    log: join(profile.dir, 'server.log'),
  });
  const server = await telling('Starting VS Code', () => starting);
  writeFileSync(profile.portFile, String(server.port));
  const address = `${server.url}/?folder=${encodeURIComponent(folder).replaceAll('%2F', '/')}`;
  console.log(
    `\nOpen: ${address}\nPassword: ${password}\n\nThe Memory view opens by itself the first time. Ctrl+C here ends the server.`,
  );
  openBrowser(address);
  const stopAll = () => void server.stop().finally(() => process.exit(0));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.removeAllListeners(signal);
    process.once(signal, stopAll);
  }
  // A signal to npm ends the shell between npm and this script without notice, but then our parent changes.
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || stopAll(), 1000);
  process.exit(await server.exited);
}

function makeProfile(dir) {
  // Must not be below the folder that is opened: the editor would take the extension for part of that workspace and
  // disable it in Restricted Mode.
  const profile = {
    dir,
    config: join(dir, 'config.yaml'),
    userData: join(dir, 'user-data'),
    extensions: mkdtempSync(join(tmpdir(), 'claude-mem-extensions-')),
    portFile: join(dir, 'port'),
  };
  mkdirSync(join(profile.userData, 'User'), { recursive: true, mode: 0o700 });
  process.on('exit', () => rmSync(profile.extensions, { recursive: true, force: true }));
  const settings = join(profile.userData, 'User/settings.json');
  if (!existsSync(settings)) writeFileSync(settings, JSON.stringify(firstSettings, null, 2));
  writeFileSync(profile.config, 'cert: false\n');
  return profile;
}

/** The requested port, or a random one that is stored: the browser keeps VS Code's state by address and port. */
async function choosePort(portFile) {
  if (options.port !== undefined) return Number(options.port);
  const last = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0;
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(0));
    probe.listen(last || 0, '127.0.0.1', () => probe.close(() => done(last)));
  });
}

/** Opens the person's browser on a desktop; elsewhere the printed address must be enough. */
function openBrowser(address) {
  const program = findProgram('xdg-open');
  const isDesktop = Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY) && process.stdout.isTTY;
  if (options['no-open'] || !program || !isDesktop || process.getuid?.() === 0) {
    if (!findChromium())
      console.log('No browser found here: open the address in a browser of this machine, or through a tunnel to it.');
    return;
  }
  spawn(program, [address], { stdio: 'ignore', detached: true }).unref();
}
