/** Answers questions about the memory with sentences of its rows, or says that it has none. */
import type { MemoryAnswer } from '../../../protocol/ask';
import { MemoryError } from '../../../protocol/errors';
import type { AskApi } from '../../../protocol/questions/ask';
import type { Scope } from '../../../protocol/questions/schemas';
import type { AnsweredAtOnce, AtOnce } from '../../distil/task-schedule';
import { RememberedCounts } from '../../give/term-counts';
import type { FullText } from '../../index/full-text';
import type { Clock } from '../../lib/clock';
import { breathe } from '../../lib/turns';
import type { SqlDriver } from '../../store/sqlite/driver';
import { isThere } from '../../store/tables/ask-lines';
import { unrestricted } from '../../store/tables/restrictions';
import { wayOut } from '../../store/tables/way-out';
import { askSchema, askSystem, checkAnswer, composeQuestion, maxAnswerTokens } from './ask-model';
import { defaultTuning, hasSubject } from './choose';
import type { AskTuning } from './choose';
import { findAnswer, readSessions } from './find';
import { readQuestion } from './question';

export interface AskPorts {
  driver: SqlDriver;
  index: FullText;
  clock: Clock;
  /** Monotonic milliseconds. */
  elapsed: () => number;
  /** Ids of the projects in a scope; undefined for all. */
  inScope: (scope: Scope | undefined) => Promise<number[] | undefined>;
  /** @throws MemoryError `no_model`, `network`, `busy` */
  askModel: (asked: AtOnce, signal?: AbortSignal) => Promise<AnsweredAtOnce>;
  /** A person waits: work in the background rests. */
  noteQuestion: () => void;
}

/** Sessions of which a model gets rows. */
const sentSessions = 8;

/** @param scopeIds ids of the projects that may be looked at; undefined for all */
export async function answerFrom(
  { driver, index, clock }: Pick<AskPorts, 'driver' | 'index' | 'clock'>,
  text: string,
  scopeIds: readonly number[] | undefined,
  tuning: AskTuning = defaultTuning,
  signal?: AbortSignal,
): Promise<Omit<MemoryAnswer, 'tookMs'>> {
  const counts = new RememberedCounts(index);
  const question = readQuestion(counts, text);
  const asked = { text, question, scopeIds, now: clock.now() };
  const { sentences, sessions } = await findAnswer({ driver, index, counts }, asked, tuning, signal);
  return {
    sentences,
    ...(sentences.length === 0 && { none: hasSubject(question) ? 'not_in_memory' : 'no_subject' }),
    unknownWords: question.unknownWords,
    sessions,
  };
}

export function askAnswers(ports: AskPorts): AskApi {
  return {
    async ask({ text, scope }, signal) {
      ports.noteQuestion();
      const started = ports.elapsed();
      const scopeIds = await ports.inScope(scope);
      // Lets a cancellation by a newer question arrive before the work begins.
      await breathe();
      signal?.throwIfAborted();
      return { ...(await answerFrom(ports, text, scopeIds, defaultTuning, signal)), tookMs: ports.elapsed() - started };
    },
    async askModel({ text, scope, requestId }, signal) {
      const { driver, index, clock } = ports;
      // Whoever asks, nothing is sent of what is restricted.
      const scopeIds = unrestricted(driver, await ports.inScope(scope), clock.now());
      const counts = new RememberedCounts(index);
      const asked = { text, question: readQuestion(counts, text), scopeIds, now: clock.now() };
      const door = wayOut(driver, 'model');
      const sessions = readSessions({ driver, index, counts }, asked, sentSessions).flatMap((session) =>
        door.maySession(session.sessionId, session.project.id)
          ? [
              {
                ...session,
                title: door.titleOf(session.sessionId, session.title),
                lines: session.lines.filter(({ key }) => door.may(key)),
              },
            ]
          : [],
      );
      const { text: composed, rows } = composeQuestion(text, sessions);
      if (rows.length === 0)
        throw new MemoryError('not_found', 'No row that may be sent to a model has words of this question.');
      const answered = await ports.askModel(
        { requestId, system: askSystem, text: composed, schema: askSchema, maxTokens: maxAnswerTokens },
        signal,
      );
      const { model, host, usd } = answered;
      // What was forgotten meanwhile is no row any more.
      const left = rows.map((row) => (isThere(driver, row.line.key) ? row : undefined));
      return { ...checkAnswer(answered.text, left), model, host, usd };
    },
  };
}
