import { appendFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePatched } from '../../process/patched-bundle';
import type { Patch } from '../../process/patched-bundle';
import type { Profile } from './profile';

/** A file of the installed extension. */
export function installedFile(profile: Profile, file: string): string {
  const [name = ''] = readdirSync(profile.extensions).filter((each) => each.startsWith('claude-mem-vscode.'));
  const found = join(profile.extensions, name, file);
  if (!existsSync(found)) throw new Error(`No ${file} in the installed extension`);
  return found;
}

/** The keeper of the installed extension with patches: in force after a reload. */
export async function patchKeeper(profile: Profile, patches: readonly Patch[]): Promise<void> {
  await bundlePatched('src/keeper/keeper.worker.ts', installedFile(profile, 'dist/keeper.cjs'), patches);
}

/** Code that runs in the thread of the model before its own. */
export function prependToModelThread(profile: Profile, code: string): void {
  const file = installedFile(profile, 'dist/embed.cjs');
  const own = readFileSync(file);
  writeFileSync(file, code);
  appendFileSync(file, own);
}
