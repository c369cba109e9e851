// Sets up real Claude Code clients, old and new, from npm into .cache/clients, once. They are run by tests only, offline,
// and never shipped. Their install scripts stay off: what they run is in the packages.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, runNpm } from './run.mjs';

/** The oldest that knows hooks well, the last before each change of how they are given, and the newest known. */
export const clientVersions = ['1.0.128', '2.0.77', '2.1.112', '2.1.332'];

const folderOf = (version) => join(cacheDir, 'clients', version);

/**
 * The program of a client and its first arguments; undefined when it is not set up. Until 2.1.112 it is a script, then
 * a binary in a package for each platform.
 */
export function clientCommand(version) {
  const scope = join(folderOf(version), 'node_modules/@anthropic-ai');
  const script = join(scope, 'claude-code/cli.js');
  if (existsSync(script)) return [process.execPath, script];
  const name = process.platform === 'win32' ? 'claude.exe' : 'claude';
  const binary = join(scope, `claude-code-${process.platform}-${process.arch}`, name);
  return existsSync(binary) ? [binary] : undefined;
}

/** Complaints about clients that cannot be set up, each with its reason. */
export async function setUpClients() {
  const complaints = [];
  for (const version of clientVersions) {
    if (clientCommand(version)) continue;
    const cwd = folderOf(version);
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, 'package.json'), '{"private":true}\n');
    console.log(`Setting up Claude Code ${version} …`);
    const code = await runNpm(['install', '--ignore-scripts', `@anthropic-ai/claude-code@${version}`], { cwd });
    if (code !== 0) complaints.push(`Claude Code ${version} could not be installed: npm ended with ${code}`);
    else if (!clientCommand(version))
      complaints.push(`Claude Code ${version} has no program for ${process.platform} ${process.arch}`);
  }
  return complaints;
}

/**
 * What starts a program where there is no network but the loopback; empty where that is not possible. The clients are
 * told to call nobody, and this sees to it.
 */
export function offlinePrefix() {
  for (const flags of ['-n', '-rn']) {
    const words = ['unshare', flags, 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
    if (spawnSync(words[0], [...words.slice(1), 'true'], { stdio: 'ignore' }).status === 0) return words;
  }
  return [];
}
