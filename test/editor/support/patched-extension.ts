import { appendFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePatched } from '../../process/patched-bundle';
import type { Patch } from '../../process/patched-bundle';
import type { Profile } from './profile';

/** Path of a file of the installed extension. */
function installedFile(profile: Profile, file: string): string {
  const [name = ''] = readdirSync(profile.extensions).filter((each) => each.startsWith('claude-mem-vscode.'));
  const found = join(profile.extensions, name, file);
  if (!existsSync(found)) throw new Error(`No ${file} in the installed extension`);
  return found;
}

/** Replaces the keeper of the installed extension by a patched one; used after a reload. */
export async function patchKeeper(profile: Profile, patches: readonly Patch[]): Promise<void> {
  await bundlePatched('src/keeper/keeper.worker.ts', installedFile(profile, 'dist/keeper.cjs'), patches);
}

/** Adds code that runs in the model's thread before its own code. */
export function prependToModelThread(profile: Profile, code: string): void {
  const file = installedFile(profile, 'dist/embed.cjs');
  const own = readFileSync(file);
  writeFileSync(file, code);
  appendFileSync(file, own);
}
