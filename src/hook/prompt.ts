/** A person has sent a prompt and waits: the keeper says what it needs to know, at once or not at all. */
import { randomUUID } from 'node:crypto';
import type { GivenRecord, Packed } from '../protocol/given';
import { markOwn, maxPromptLetters } from '../protocol/own-text';
import type { GiveApi } from '../protocol/questions/give';
import { firstLetters } from '../protocol/text';
import { maxLetters } from './give';
import type { Giving } from './give';
import { readGiven, writeGiven } from './given';
import type { HookInput } from './input';

const maxNoted = 400;

export type Ask = <T>(ask: (keeper: GiveApi) => Promise<T>) => Promise<T | undefined>;

export async function promptContext(
  dataDir: string,
  { sessionId, folder, prompt }: HookInput,
  ask: Ask,
): Promise<Giving | undefined> {
  if (prompt.trim() === '' || folder === '' || sessionId === '') return undefined;
  const request = { prompt: firstLetters(prompt, maxPromptLetters), folder, sessionId };
  const [packed, given] = await Promise.all([
    ask((keeper) => keeper.promptContext(request)),
    readGiven(dataDir, sessionId),
  ]);
  if (!isPacked(packed)) return undefined;
  const keys = packed.items.map(({ id }) => id);
  const known = new Set(given.keys);
  const text = keys.every((key) => known.has(key)) ? '' : markOwn(packed.text, maxLetters);
  if (text === '') return undefined;
  return {
    event: 'UserPromptSubmit',
    text,
    afterwards: async () => {
      const note = {
        requestId: randomUUID(),
        tokens: packed.tokens,
        items: packed.items.slice(0, maxNoted).map(noteOf),
      };
      // Left for the keeper first: on a busy machine the time may be over before it has answered.
      await writeGiven(dataDir, sessionId, {
        ...given,
        keys: [...new Set([...given.keys, ...keys])],
        prompts: [...given.prompts, { ...note, at: Date.now() }],
      });
      await ask((keeper) => keeper.noteGiven({ ...note, sessionId, source: 'prompt' }));
    },
  };
}

const noteOf = ({ id, sessionId }: Packed['items'][number]): GivenRecord['items'][number] =>
  typeof sessionId === 'string' ? { id, sessionId } : { id };

/** A keeper of another build may answer anything. */
function isPacked(value: Packed | undefined): value is Packed {
  const { items, text, tokens } = (value ?? {}) as Partial<Record<keyof Packed, unknown>>;
  return (
    Array.isArray(items) &&
    items.length > 0 &&
    items.every((item: { id?: unknown } | null) => typeof item?.id === 'string') &&
    typeof text === 'string' &&
    typeof tokens === 'number'
  );
}
