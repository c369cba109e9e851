/** What a browser keeps of scripts it has loaded, passed on from editor to editor: VS Code's own are 19 MB each time. */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { browserCacheDir } from './places';
import type { Profile } from './profile';

const folders = ['Cache', 'Code Cache'] as const;
const inProfile = ({ browser }: Profile, name: string) => join(browser, 'Default', name);

/** Before the browser starts. Nothing but the cache is passed on: no storage, no state of the workbench. */
export function bringCaches(profile: Profile): void {
  for (const name of folders) {
    const kept = join(browserCacheDir, name);
    if (existsSync(kept)) cpSync(kept, inProfile(profile, name), { recursive: true });
  }
}

/** After the browser has ended, which is when its files are whole. */
export function keepCaches(profile: Profile): void {
  rmSync(browserCacheDir, { recursive: true, force: true });
  for (const name of folders) {
    const made = inProfile(profile, name);
    if (existsSync(made)) cpSync(made, join(browserCacheDir, name), { recursive: true });
  }
}
