/** A session begins: it is given the brief of its folder, once. */
import { markOwn } from '../protocol/own-text';
import { readBrief } from './brief';
import { maxLetters } from './give';
import type { Giving } from './give';
import { readGiven, tidyGiven, writeGiven } from './given';
import type { HookInput } from './input';

/** The session goes on with what it was told before. */
const goesOn: ReadonlySet<string> = new Set(['resume', 'compact', 'fork']);

export async function sessionStart(dataDir: string, input: HookInput, now: number): Promise<Giving | undefined> {
  const { sessionId, folder, source } = input;
  const given = await readGiven(dataDir, sessionId);
  if (goesOn.has(source) && given.startedAt > 0) return undefined;
  const text = markOwn((await readBrief(dataDir, folder)) ?? '', maxLetters);
  if (text === '') return undefined;
  return {
    event: 'SessionStart',
    text,
    afterwards: async () => {
      await writeGiven(dataDir, sessionId, { ...given, startedAt: now });
      await tidyGiven(dataDir, now);
    },
  };
}
