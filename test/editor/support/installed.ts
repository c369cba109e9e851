/**
 * What every editor starts with, prepared once: the extension as the editor itself installed it, and fewer extensions
 * of its own.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostHome, installVsix } from '../../../scripts/vscode-host/server.mjs';
import { builtinsDir, installedDir, vsixFile } from './places';
import { makeEnv, makeProfile } from './profile';
import type { Profile } from './profile';

const listName = 'extensions.json';

/** Installs the packed extension the way a person does. Takes seconds, so it is done once a run and not once a file. */
export async function installOnce(): Promise<void> {
  rmSync(installedDir, { recursive: true, force: true });
  const profile = { ...makeProfile(), extensions: installedDir };
  try {
    mkdirSync(installedDir, { recursive: true });
    if (!(await installVsix(profile, vsixFile, makeEnv(profile)))) throw new Error('The extension was not installed');
  } finally {
    profile.remove();
  }
}

/** Gives a profile its own copy. One that has it keeps it, with whatever a test has changed in it. */
export function giveInstalled({ extensions }: Profile): void {
  const list = join(extensions, listName);
  if (existsSync(list)) return;
  cpSync(installedDir, extensions, { recursive: true });
  // The editor's list of what is installed has whole paths.
  writeFileSync(list, readFileSync(list, 'utf8').replaceAll(installedDir, extensions));
}

/**
 * Extensions of VS Code that start with every window (git, GitHub, debuggers, task runners) or that no test needs. They
 * take two thirds of the time until ours is active.
 */
const leftOut = new RegExp(
  `^(${[
    'git|git-base|github|.*-authentication|merge-conflict',
    'debug-.*|ms-vscode\\..*|npm|grunt|gulp|jake|emmet',
    '.*-language-features|.*-editing|.*-forwarding|terminal-suggest',
    'references-view|search-result|simple-browser|media-preview',
    'ipynb|notebook-renderers|markdown-math|mermaid-.*|node_modules',
  ].join('|')})$`,
);

/** Links to the rest: languages and themes. */
export function prepareBuiltins(): void {
  const whole = join(hostHome, 'node_modules/code-server/lib/vscode/extensions');
  rmSync(builtinsDir, { recursive: true, force: true });
  mkdirSync(builtinsDir, { recursive: true });
  for (const entry of readdirSync(whole, { withFileTypes: true }))
    if (entry.isDirectory() && !leftOut.test(entry.name))
      symlinkSync(join(whole, entry.name), join(builtinsDir, entry.name));
}
