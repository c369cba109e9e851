/** Questions put to a memory, and what becomes of them: answered right, wrong, or not; and the first hit of a search beside it. */
import { answerFrom } from '../../../src/core/answers/ask/ask';
import { defaultTuning } from '../../../src/core/answers/ask/choose';
import type { AskTuning } from '../../../src/core/answers/ask/choose';
import { FullText } from '../../../src/core/index/full-text';
import { foldForComparison } from '../../../src/core/lib/text';
import type { SqlDriver } from '../../../src/core/store/sqlite/driver';
import type { AnswerSentence } from '../../../src/protocol/ask';
import type { MemoryApi } from '../../../src/protocol/memory-api';
import { isInSession } from '../../../src/protocol/search-hit';

export interface AskCase {
  kind: string;
  question: string;
  /** Ids of the projects that are asked; undefined for all. */
  scopeIds?: readonly number[];
  /** Sessions of which one must be cited first; any where a piece of the answer is known. None: memory has no answer. */
  gold?: readonly string[];
  /** A piece of the right sentence. */
  value?: string;
  /** Sessions that a right one amends. */
  superseded?: readonly string[];
  isAnswerable: boolean;
}

export interface AskOutcome {
  each: AskCase;
  sentences: AnswerSentence[];
  isRight: boolean;
  /** The first hit of a search has it. */
  isHitRight: boolean;
  /** Where both are said: the amendment stands before what it amends. */
  isAmendedFirst: boolean | undefined;
  /** Citations that lead nowhere, or to a row without the quote. */
  broken: number;
  ms: number;
}

export interface AskedMemory {
  memory: MemoryApi;
  driver: SqlDriver;
  now: number;
}

export async function askAll(
  { memory, driver, now }: AskedMemory,
  cases: readonly AskCase[],
  tuning: AskTuning = defaultTuning,
): Promise<AskOutcome[]> {
  const index = new FullText(driver);
  const outcomes: AskOutcome[] = [];
  for (const each of cases) {
    const started = performance.now();
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as they are asked
    const { sentences } = await answerFrom(
      { driver, index, clock: { now: () => now } },
      each.question,
      each.scopeIds,
      tuning,
    );
    const ms = performance.now() - started;
    const scope = each.scopeIds && { projectIds: [...each.scopeIds] };
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as they are asked
    const { hits } = await memory.search({ text: each.question, limit: 1, roads: 'words', ...(scope && { scope }) });
    const [first] = sentences;
    const [hit] = hits;
    const order = sentences.map(({ sessionId }) => sessionId ?? '');
    const placeOf = (ids: readonly string[]) => order.findIndex((id) => ids.includes(id));
    const old = placeOf(each.superseded ?? []);
    outcomes.push({
      each,
      sentences,
      ms,
      isRight: first !== undefined && isRight(each, first.text, first.sessionId),
      isHitRight: hit !== undefined && isRight(each, hit.snippet, isInSession(hit) ? hit.sessionId : undefined),
      isAmendedFirst: old < 0 ? undefined : placeOf(each.gold ?? []) >= 0 && placeOf(each.gold ?? []) < old,
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as they are asked
      broken: await countBroken(memory, sentences),
    });
  }
  return outcomes;
}

function isRight({ gold, value, isAnswerable }: AskCase, text: string, sessionId: string | undefined): boolean {
  if (!isAnswerable) return false;
  if (gold && !gold.includes(sessionId ?? '')) return false;
  return value === undefined || foldForComparison(text).includes(foldForComparison(value));
}

/** A citation resolves when its row is there, in that session and turn, and has the quote letter by letter. */
async function countBroken(memory: MemoryApi, sentences: readonly AnswerSentence[]): Promise<number> {
  const all = await Promise.all(
    sentences.map(async ({ key, quote, voice, text }) => {
      if (voice === 'learning') return false;
      const item = await memory.getItem(key).catch(() => undefined);
      const said = item === undefined ? '' : JSON.stringify(item);
      return !said.includes(JSON.stringify(quote).slice(1, -1)) || text === '';
    }),
  );
  return all.filter(Boolean).length;
}

export interface AskCounts {
  asked: number;
  answered: number;
  right: number;
  hitRight: number;
}

export const countAsked = (outcomes: readonly AskOutcome[]): AskCounts => ({
  asked: outcomes.length,
  answered: outcomes.filter(({ sentences }) => sentences.length > 0).length,
  right: outcomes.filter(({ isRight: is }) => is).length,
  hitRight: outcomes.filter(({ isHitRight }) => isHitRight).length,
});
