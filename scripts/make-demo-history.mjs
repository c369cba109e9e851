// Writes the demo history into a Claude config folder of its own: `node scripts/make-demo-history.mjs [FOLDER]`
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeDemoSessions } from './demo-history/sessions.mjs';
import { cacheDir } from './run.mjs';

const demoConfigDir = join(cacheDir, 'demo-config');

/** Returns the config folder. Existing files are kept, so that a second start finds the same sessions. */
export function makeDemoHistory(configDir = demoConfigDir) {
  const now = Date.now();
  const sessions = makeDemoSessions(now);
  if (!sessions.every((session) => existsSync(session.fileIn(configDir)))) {
    for (const session of sessions) session.save(configDir);
  }
  return configDir;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2);
  console.log(makeDemoHistory(folder ? resolve(folder) : undefined));
}
