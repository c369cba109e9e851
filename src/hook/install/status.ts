/** How our hooks stand in the settings of Claude Code. */
import { MemoryError } from '../../protocol/errors';
import { areHooksDisabled, ownEntries } from '../settings/hook-entries';
import type { OwnEntry } from '../settings/hook-entries';
import { readSettings } from '../settings/settings-file';
import type { HooksPlace } from './install';
import { hasLauncher, hookGroups } from './launcher';
import { readNote } from './note';

/**
 * `half`: some entries, or none where they were put. `launcher_gone`: they start nothing. `older`: they start another
 * launcher, such as that of another editor. `unreadable`: the settings are broken, for Claude Code too.
 */
type HooksState = 'installed' | 'absent' | 'half' | 'launcher_gone' | 'older' | 'disabled' | 'unreadable';

export interface HooksStatus {
  state: HooksState;
  settingsFile: string;
  events: string[];
  /** Where broken settings are broken. */
  line?: number;
  column?: number;
}

export async function hooksStatus(
  place: Pick<HooksPlace, 'dataDir' | 'platform' | 'settingsFile'>,
): Promise<HooksStatus> {
  const { settingsFile } = place;
  try {
    const text = (await readSettings(settingsFile)) ?? '';
    const own = ownEntries(text);
    const events = [...new Set(own.map(({ event }) => event))];
    return { state: await stateOf(place, text, own), settingsFile, events };
  } catch (error) {
    if (!MemoryError.is(error, 'invalid_input')) throw error;
    const { line, column } = error.data ?? {};
    const isPlaced = typeof line === 'number' && typeof column === 'number';
    return { state: 'unreadable', settingsFile, events: [], ...(isPlaced && { line, column }) };
  }
}

async function stateOf(
  place: Pick<HooksPlace, 'dataDir' | 'platform' | 'settingsFile'>,
  text: string,
  own: readonly OwnEntry[],
): Promise<HooksState> {
  if (own.length === 0) {
    const { installations } = await readNote(place.dataDir);
    return installations.some((each) => each.settingsFile === place.settingsFile) ? 'half' : 'absent';
  }
  const wanted = Object.entries(hookGroups(place)).map(([event, { hooks }]) => ({ event, command: hooks[0]?.command }));
  const isOurs = ({ command }: { command: string }) => wanted.some((each) => each.command === command);
  if (!own.every(isOurs)) return 'older';
  if (!(await hasLauncher(place))) return 'launcher_gone';
  if (!wanted.every(({ event, command }) => own.some((each) => each.event === event && each.command === command)))
    return 'half';
  return areHooksDisabled(text) ? 'disabled' : 'installed';
}
