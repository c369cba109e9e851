/** Answers questions about the memory with sentences of its rows, or says that it has none. */
import type { MemoryAnswer } from '../../../protocol/ask';
import type { AskApi } from '../../../protocol/questions/ask';
import type { Scope } from '../../../protocol/questions/schemas';
import { RememberedCounts } from '../../give/term-counts';
import type { FullText } from '../../index/full-text';
import type { Clock } from '../../lib/clock';
import { breathe } from '../../lib/turns';
import type { SqlDriver } from '../../store/sqlite/driver';
import { defaultTuning, hasSubject } from './choose';
import type { AskTuning } from './choose';
import { findAnswer } from './find';
import { readQuestion } from './question';

export interface AskPorts {
  driver: SqlDriver;
  index: FullText;
  clock: Clock;
  /** Monotonic milliseconds. */
  elapsed: () => number;
  /** Ids of the projects in a scope; undefined for all. */
  inScope: (scope: Scope | undefined) => Promise<number[] | undefined>;
}

/** @param scopeIds ids of the projects that may be looked at; undefined for all */
export function answerFrom(
  { driver, index, clock }: Pick<AskPorts, 'driver' | 'index' | 'clock'>,
  text: string,
  scopeIds: readonly number[] | undefined,
  tuning: AskTuning = defaultTuning,
): Omit<MemoryAnswer, 'tookMs'> {
  const counts = new RememberedCounts(index);
  const question = readQuestion(counts, text);
  const asked = { text, question, scopeIds, now: clock.now() };
  const { sentences, sessions } = findAnswer({ driver, index, counts }, asked, tuning);
  return {
    sentences,
    ...(sentences.length === 0 && { none: hasSubject(question) ? 'not_in_memory' : 'no_subject' }),
    unknownWords: question.unknownWords,
    sessions,
  };
}

export function askAnswers(ports: AskPorts): Pick<AskApi, 'ask'> {
  return {
    async ask({ text, scope }, signal) {
      const started = ports.elapsed();
      const scopeIds = await ports.inScope(scope);
      // Lets a cancellation by a newer question arrive before the work begins.
      await breathe();
      signal?.throwIfAborted();
      return { ...answerFrom(ports, text, scopeIds), tookMs: ports.elapsed() - started };
    },
  };
}
