/**
 * Notes what hooks gave to sessions. A hook leaves a note of its own, which is read when the session is captured: a brief
 * is given without a keeper, and after a prompt the hook may have no time left to tell it.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import { giveFolder, givenFolder } from '../../protocol/data-folder';
import type { SessionId } from '../../protocol/model';
import { dayMs } from '../lib/clock';
import { readJson } from '../lib/durable';
import type { SqlDriver } from '../store/sqlite/driver';
import { noteGivenTo } from '../store/tables/given';
import type { GivenNote } from '../store/tables/given';
import { knownSessions, sessionsSince } from '../store/tables/sessions';

interface HookNote {
  requestId: string;
  /** Epoch milliseconds. */
  at: number;
  tokens: number;
  items: GivenNote['items'];
}

const recentMs = 2 * dayMs;
const maxBytes = 1 << 20;
const maxNotes = 20;
const maxItems = 400;
const fileName = /^[\w-]{1,100}$/;

/** Of these sessions, or of the latest ones. True when something was noted that was not known. */
export function noteGivenByHooks(
  { driver, dataDir, now }: { driver: SqlDriver; dataDir: string; now: () => number },
  sessions: ReadonlySet<SessionId> | undefined,
): boolean {
  const dir = path.join(dataDir, giveFolder, givenFolder);
  if (!nodeFs.existsSync(dir)) return false;
  const ids = sessions ? knownSessions(driver, [...sessions]) : sessionsSince(driver, now() - recentMs);
  let isNew = false;
  for (const sessionId of ids)
    for (const { at, requestId, source, tokens, items } of notesIn(dir, sessionId)) {
      const known = new Set(
        knownSessions(
          driver,
          items.flatMap((item) => item.sessionId ?? []),
        ),
      );
      const kept = items.filter((item) => item.sessionId === undefined || known.has(item.sessionId));
      isNew = noteGivenTo(driver, { requestId, sessionId, source, tokens, items: kept }, at) || isNew;
    }
  return isNew;
}

function notesIn(dir: string, id: SessionId): (HookNote & Pick<GivenNote, 'source'>)[] {
  if (!fileName.test(id)) return [];
  const file = path.join(dir, `${id}.json`);
  const found = nodeFs.statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile() || found.size > maxBytes) return [];
  const { briefs, prompts } = readJson<{ briefs?: unknown; prompts?: unknown }>(file) ?? {};
  const listOf = (notes: unknown) => (Array.isArray(notes) ? notes.slice(-maxNotes).filter(isNote) : []);
  return [
    ...listOf(briefs).map((note) => ({ ...note, source: 'session-start' as const })),
    ...listOf(prompts).map((note) => ({ ...note, source: 'prompt' as const })),
  ];
}

/** Other programs may have written it. */
function isNote(value: unknown): value is HookNote {
  const { requestId, at, tokens, items } = (value ?? {}) as Partial<Record<keyof HookNote, unknown>>;
  return (
    typeof requestId === 'string' &&
    /^[\w-]{8,64}$/.test(requestId) &&
    Number.isSafeInteger(at) &&
    Number.isSafeInteger(tokens) &&
    Array.isArray(items) &&
    items.length <= maxItems &&
    items.every(isItem)
  );
}

function isItem(value: unknown): boolean {
  const { id, sessionId } = (value ?? {}) as { id?: unknown; sessionId?: unknown };
  const isId = (each: unknown) => typeof each === 'string' && each.length <= 256;
  return isId(id) && (sessionId === undefined || isId(sessionId));
}
