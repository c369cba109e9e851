/**
 * `dist/uninstall.cjs`: run by the editor when the extension is gone. Takes out the hooks that this editor put in, because
 * their program goes with the extension.
 */
import path from 'node:path';
import { readPointers } from '../keeper/pointer';
import { uninstallHooks } from './install/install';
import { readNote } from './install/note';
import { hooksStatus } from './install/status';

declare const __dirname: string;

async function main(extensionsFolder: string): Promise<void> {
  for (const { dataDir } of await readPointers()) {
    const note = await readNote(dataDir);
    // Another editor, or a program, has put them in.
    if (note.extensionsFolder !== extensionsFolder) continue;
    for (const { settingsFile } of note.installations) {
      const { state } = await hooksStatus({ dataDir, settingsFile, platform: process.platform });
      // Those that are there start the launcher of another data folder.
      if (state !== 'older') await uninstallHooks({ dataDir, settingsFile }).catch(() => {});
    }
  }
}

main(path.resolve(__dirname, '..', '..')).catch(() => {});
