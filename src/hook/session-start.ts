/** A session begins: it is given the brief of its folder, once. */
import { markOwn } from '../protocol/own-text';
import { readBrief } from './brief';
import { lookForBrief } from './conversation';
import { maxLetters } from './give';
import type { Giving } from './give';
import { readGiven, tidyGiven, writeGiven } from './given';
import type { HookInput } from './input';

/** The conversation goes on with what it was told before. */
const goesOn: ReadonlySet<string> = new Set(['resume', 'compact', 'fork']);

export async function sessionStart(dataDir: string, input: HookInput, now: number): Promise<Giving | undefined> {
  const { sessionId, folder, source, transcript } = input;
  if (goesOn.has(source) && (await lookForBrief(transcript)) !== 'no') return undefined;
  const text = markOwn((await readBrief(dataDir, folder)) ?? '', maxLetters);
  if (text === '') return undefined;
  return {
    event: 'SessionStart',
    text,
    afterwards: async () => {
      await writeGiven(dataDir, sessionId, { ...(await readGiven(dataDir, sessionId)), startedAt: now });
      await tidyGiven(dataDir, now);
    },
  };
}
