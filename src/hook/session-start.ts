/**
 * A session begins: it is given the brief of its folder, once. What it got is left for the keeper to note, because it may
 * begin without one.
 */
import { randomUUID } from 'node:crypto';
import { markOwn } from '../protocol/own-text';
import { readBrief } from './brief';
import { lookForBrief } from './conversation';
import { maxLetters } from './give';
import type { Giving } from './give';
import { readGiven, tidyGiven, writeGiven } from './given';
import type { HookNote } from './given';
import type { HookInput } from './input';

/** The conversation goes on with what it was told before. */
const goesOn: ReadonlySet<string> = new Set(['resume', 'compact', 'fork']);

export async function sessionStart(dataDir: string, input: HookInput, now: number): Promise<Giving | undefined> {
  const { sessionId, folder, source, transcript } = input;
  if (goesOn.has(source) && (await lookForBrief(transcript)) !== 'no') return undefined;
  const brief = await readBrief(dataDir, folder, sessionId);
  const text = markOwn(brief?.text ?? '', maxLetters);
  if (text === '') return undefined;
  return {
    event: 'SessionStart',
    text,
    afterwards: async () => {
      const given = await readGiven(dataDir, sessionId);
      const note = noteOf(await brief?.readParts(), now);
      await writeGiven(dataDir, sessionId, { ...given, startedAt: now, briefs: [...given.briefs, ...note] });
      await tidyGiven(dataDir, now);
    },
  };
}

function noteOf(parts: unknown, at: number): HookNote[] {
  const { tokens, items } = (parts ?? {}) as { tokens?: unknown; items?: unknown };
  return typeof tokens === 'number' && Array.isArray(items) ? [{ requestId: randomUUID(), at, tokens, items }] : [];
}
