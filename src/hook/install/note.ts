/** `hooks/installed.json`: into which settings our hooks were put, and what was there before. */
import { readFile, rm } from 'node:fs/promises';
import type { Before } from '../settings/hook-entries';
import { noteFile, writeWhole } from './launcher';

interface Installation {
  settingsFile: string;
  at: number;
  /** False when there was no file: then it goes when it is only ours. */
  hadFile: boolean;
  before: Before;
}

export interface Note {
  version: 1;
  /** The folder in which the editor keeps extensions: another editor's uninstall leaves these hooks alone. */
  extensionsFolder?: string;
  /** Claude Code was given a plugin that starts the launcher. */
  hasPlugin?: boolean;
  installations: Installation[];
}

export async function readNote(dataDir: string): Promise<Note> {
  const empty: Note = { version: 1, installations: [] };
  try {
    const note = JSON.parse(await readFile(noteFile(dataDir), 'utf8')) as Partial<Note> | null;
    if (!Array.isArray(note?.installations)) return empty;
    return {
      ...empty,
      ...(typeof note.extensionsFolder === 'string' && { extensionsFolder: note.extensionsFolder }),
      ...(note.hasPlugin === true && { hasPlugin: true }),
      installations: note.installations.filter(isInstallation),
    };
  } catch {
    return empty;
  }
}

function isInstallation(value: unknown): value is Installation {
  const { settingsFile, hadFile, before } = (value ?? {}) as Partial<Record<keyof Installation, unknown>>;
  const { hasRoot, hasHooks, events } = (before ?? {}) as Partial<Record<keyof Before, unknown>>;
  return (
    typeof settingsFile === 'string' &&
    typeof hadFile === 'boolean' &&
    typeof hasRoot === 'boolean' &&
    typeof hasHooks === 'boolean' &&
    Array.isArray(events)
  );
}

/** False when nothing of Claude Code's starts the launcher. */
export const isInUse = ({ installations, hasPlugin }: Note): boolean => installations.length > 0 || hasPlugin === true;

/** Without an installation there is no note. */
export async function writeNote(dataDir: string, note: Note): Promise<void> {
  if (!isInUse(note)) await rm(noteFile(dataDir), { force: true });
  else await writeWhole(noteFile(dataDir), JSON.stringify(note, null, 2), 0o600);
}
