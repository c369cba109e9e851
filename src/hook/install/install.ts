/** Puts our hooks into the settings of Claude Code, and takes them out again. Both may be done any number of times. */
import path from 'node:path';
import { addHooks, ownEntries, removeHooks } from '../settings/hook-entries';
import { changeSettings, readSettings } from '../settings/settings-file';
import type { Text } from '../settings/settings-file';
import { backupFile, hookGroups, placeLauncher, removeLauncher, writeWhole } from './launcher';
import type { LauncherPlace } from './launcher';
import { isInUse, readNote, writeNote } from './note';

export interface HooksPlace extends LauncherPlace {
  /** The settings of Claude Code. */
  settingsFile: string;
  extensionsFolder?: string;
}

/** The person's own settings: those of a project would run our hooks at everybody who works in it. */
export const settingsFileOf = (configDir: string): string => path.join(configDir, 'settings.json');

/**
 * The launcher first: entries that lead nowhere would be run by a session that starts now.
 * @throws MemoryError `invalid_input` for settings that are broken; nothing of theirs is changed then
 */
export async function installHooks(place: HooksPlace, now: number): Promise<{ hasChanged: boolean }> {
  const { dataDir, settingsFile } = place;
  const groups = hookGroups(place);
  // Broken settings are refused before anything is written anywhere.
  addHooks((await readSettings(settingsFile)) ?? '', groups);
  await placeLauncher(place);
  let after: Text;
  const before = await changeSettings(settingsFile, async (text) => {
    const note = await readNote(dataDir);
    const known = note.installations.find((each) => each.settingsFile === settingsFile);
    const added = addHooks(text ?? '', groups, known?.before);
    const isThere = ownEntries(text ?? '').length > 0;
    if (!isThere && text !== undefined) await writeWhole(backupFile(dataDir, settingsFile), text, 0o600);
    const others = note.installations.filter((each) => each.settingsFile !== settingsFile);
    await writeNote(dataDir, {
      ...note,
      ...(place.extensionsFolder !== undefined && { extensionsFolder: place.extensionsFolder }),
      installations: [
        ...others,
        known && isThere
          ? { ...known, before: added.before }
          : { settingsFile, at: now, hadFile: text !== undefined, before: added.before },
      ],
    });
    return (after = added.text);
  });
  return { hasChanged: after !== before };
}

/**
 * The entries first: without the launcher they would be run for nothing.
 * @throws MemoryError `invalid_input` for settings that are broken; they are left as they are
 */
export async function uninstallHooks({
  dataDir,
  settingsFile,
}: Pick<HooksPlace, 'dataDir' | 'settingsFile'>): Promise<{ hasChanged: boolean }> {
  const note = await readNote(dataDir);
  const known = note.installations.find((each) => each.settingsFile === settingsFile);
  let after: Text;
  const before = await changeSettings(settingsFile, (text) => {
    if (text === undefined) return (after = undefined);
    const bare = removeHooks(text, known?.before);
    return (after = bare === '' && known?.hadFile === false ? undefined : bare);
  });
  const left = note.installations.filter((each) => each.settingsFile !== settingsFile);
  await writeNote(dataDir, { ...note, installations: left });
  if (!isInUse({ ...note, installations: left })) await removeLauncher({ dataDir });
  return { hasChanged: after !== before };
}

/** At each start of the extension: an update brings another program, and another program that runs it. */
export async function refreshLauncher(place: LauncherPlace & { extensionsFolder?: string }): Promise<boolean> {
  const note = await readNote(place.dataDir);
  if (!isInUse(note)) return false;
  if (place.extensionsFolder !== undefined && note.extensionsFolder !== place.extensionsFolder)
    await writeNote(place.dataDir, { ...note, extensionsFolder: place.extensionsFolder });
  return placeLauncher(place);
}
