/**
 * Summaries by a model: builds the question, and checks the answer against the session. Used for the Messages API and
 * for a model of the editor.
 */
import { MemoryError } from '../../../protocol/errors';
import type { SessionId } from '../../../protocol/model';
import type { SummaryAnswer, SummaryApi } from '../../../protocol/questions/summaries';
import type { SessionSummary, SummarySource } from '../../../protocol/summary';
import type { Clock } from '../../lib/clock';
import { localDay } from '../../lib/local-day';
import { knownPrice } from '../../lib/prices';
import { estimateTokens } from '../../lib/tokens';
import { inTurns } from '../../lib/turns';
import type { Redactor } from '../../observe/redact';
import type { SqlDriver } from '../../store/sqlite/driver';
import { noteFreeCall } from '../../store/tables/calls';
import { hasFlags, keepBetterShown, seenByModel } from '../../store/tables/model-summaries';
import { isSessionRestricted } from '../../store/tables/restrictions';
import { sessionHead, sessionLines } from '../../store/tables/session-lines';
import type { SessionHead, SessionLine } from '../../store/tables/session-lines';
import { publishedSummary, putSummary, summaryById, summaryOfRequest } from '../../store/tables/summaries';
import { wayOut } from '../../store/tables/way-out';
import { proposeFromModel } from '../learn/model-learnings';
import { readSessionFacts } from '../learn/session-facts';
import { sealSummary } from '../summary/seal-summary';
import { summarySteps } from '../summary/summarize';
import { checkSummary, readModelSummary } from './check-quotes';
import type { CheckedSummary } from './check-quotes';
import type { ModelAnswer, ModelQuestion } from './language-model';
import type { ModelDesk } from './model-settings';
import { schemaInWords, summarySchema, summarySystem } from './prompts/summary';
import { composeSession } from './session-text';

export interface SummaryPorts {
  driver: SqlDriver;
  clock: Clock;
  redactor: Pick<Redactor, 'redact'>;
  desk: ModelDesk;
  /** Called when a session has a new summary. */
  onSummary(sessionId: SessionId): void;
}

/** Includes thinking; a usual answer takes a third of it. */
const maxAnswerTokens = 6000;
/** A session of more stored tokens than this goes to the strong model: about one in thirty. */
const longSession = 200_000;

/** Host name in the ledger for models of the editor; what service they use is not known. */
const editorHost = 'vscode.lm';

export interface PreparedSummary {
  head: SessionHead;
  question: ModelQuestion;
  redactions: number;
}

/** Who wrote the answer. `requestId` identifies it, so that a repeated call stores it once. */
export interface Origin {
  source: SummarySource;
  model: string;
  requestId: string;
  costUsd: number;
  /** Last row of the session that the question contains. */
  lastSequence: number;
}

export class SummaryAsker {
  constructor(readonly ports: SummaryPorts) {}

  /**
   * The question about a session; undefined when there is nothing to ask or no model of its tier. `isImportant` prefers
   * the strong model. All text in it was redacted a second time.
   */
  async prepare(sessionId: SessionId, isImportant: boolean): Promise<PreparedSummary | undefined> {
    this.#refuseRestricted(sessionId);
    const found = this.#measure(sessionId, isImportant);
    if (!found) return undefined;
    const { texts, redactions } = await this.ports.redactor.redact([found.question.text]);
    return { head: found.head, question: { ...found.question, text: texts[0] ?? '' }, redactions: redactions[0] ?? 0 };
  }

  /** The question for estimates only: it is not redacted and must not be sent. */
  async measure(sessionId: SessionId, isImportant: boolean): Promise<Readonly<ModelQuestion> | undefined> {
    return this.#measure(sessionId, isImportant)?.question;
  }

  #measure(sessionId: SessionId, isImportant: boolean): { head: SessionHead; question: ModelQuestion } | undefined {
    const { driver } = this.ports;
    const found = this.#compose(sessionId);
    if (!found || seenByModel(driver, sessionId) >= found.head.lastSequence) return undefined;
    const model = this.#choose(
      isImportant || found.rawTokens > longSession || hasFlags(driver, sessionId),
      isImportant,
    );
    if (model === '') return undefined;
    const question = {
      model,
      system: summarySystem,
      text: found.text,
      schema: summarySchema,
      maxTokens: maxAnswerTokens,
      hasEffort: knownPrice(model)?.hasEffort ?? false,
    };
    return { head: found.head, question };
  }

  /**
   * Checks every quote of an answer and returns a function that stores what can be proved. @throws MemoryError
   * `invalid_input` when the answer does not match the schema
   */
  async check(sessionId: SessionId, answer: Pick<ModelAnswer, 'text'>, origin: Origin): Promise<() => void> {
    const { driver, clock } = this.ports;
    const said = readModelSummary(answer.text);
    const found = this.#compose(sessionId, origin.lastSequence);
    // The session was forgotten meanwhile: the cost is booked, the answer is dropped.
    if (!found) return () => {};
    const checked = checkSummary(said, found.lines);
    // Files, errors and commands are facts of the session, so they are computed and not asked for.
    const local = await inTurns(summarySteps(found.head, found.all));
    const { files, errors, commands } = local.body;
    const { title, droppedClaims, learnings, ...claims } = checked;
    const quality = qualityOf(checked);
    const seal = async (texts: readonly string[]) => (await this.ports.redactor.redact(texts)).texts;
    const summary = await sealSummary(
      {
        ...local,
        ...origin,
        title: title === '' ? local.title : title,
        body: { ...claims, files, errors, commands },
        droppedClaims,
        quality,
        tokens: estimateTokens(JSON.stringify(claims)),
      },
      seal,
    );
    const facts = learnings.length > 0 ? readSessionFacts(driver, sessionId) : undefined;
    const propose = facts && (await proposeFromModel({ driver, seal, now: () => clock.now() }, learnings, facts));
    return () => {
      if (!sessionHead(driver, sessionId)) return;
      const before = publishedSummary(driver, sessionId);
      keepBetterShown(driver, before, putSummary(driver, summary, clock.now()), quality);
      propose?.();
      this.ports.onSummary(sessionId);
    };
  }

  /** Whoever asks, nothing of it is sent. */
  #refuseRestricted(sessionId: SessionId): void {
    const { driver, clock } = this.ports;
    if (isSessionRestricted(driver, sessionId, clock.now()))
      throw new MemoryError('busy', 'Processing of this session is restricted.', { reason: 'restricted' });
  }

  /** The part of the API for models of the editor, which are called by a window. */
  get api(): Pick<SummaryApi, 'summaryQuestion' | 'noteSummaryAsked' | 'keepSummary'> {
    return {
      summaryQuestion: async (sessionId) => {
        this.#refuseRestricted(sessionId);
        const found = this.#compose(sessionId);
        if (!found)
          throw new MemoryError('not_found', 'There is nothing in this session that may be sent to a model.', {
            reason: 'class',
          });
        const { texts } = await this.ports.redactor.redact([found.text]);
        return {
          sessionId,
          system: `${summarySystem}\n\n${schemaInWords}`,
          text: texts[0] ?? '',
          maxTokens: maxAnswerTokens,
          lastSequence: found.head.lastSequence,
        };
      },
      noteSummaryAsked: async (asked) => this.#noteLeft(asked),
      keepSummary: (answer) => this.#keep(answer),
    };
  }

  async #keep({ text, ...asked }: SummaryAnswer): Promise<SessionSummary> {
    const { driver } = this.ports;
    const { requestId, sessionId, model, lastSequence } = asked;
    const known = summaryOfRequest(driver, requestId);
    if (known) return known;
    this.#noteLeft(asked);
    const store = await this.check(
      sessionId,
      { text },
      { source: 'editor', model: model.slice(0, 200), requestId, costUsd: 0, lastSequence },
    );
    driver.transaction(store);
    const kept = summaryOfRequest(driver, requestId);
    if (!kept) throw new MemoryError('not_found', 'This session is no longer in memory.');
    return summaryById(driver, kept.id);
  }

  /** Notes a call without costs, because text of the session left this machine. */
  #noteLeft({ requestId: id, sessionId, model, lastSequence }: Omit<SummaryAnswer, 'text'>): void {
    const { driver, clock } = this.ports;
    const head = sessionHead(driver, sessionId);
    if (!head) throw new MemoryError('not_found', 'This session is no longer in memory.');
    const bytes =
      Buffer.byteLength(this.#compose(head.id, lastSequence)?.text ?? '') + summarySystem.length + schemaInWords.length;
    noteFreeCall(
      driver,
      {
        id,
        purpose: 'summary',
        model: model.slice(0, 200),
        host: editorHost,
        sessionId: head.id,
        projectRoot: head.projectRoot,
        lastSequence,
        day: localDay(clock.now()),
        bytes,
      },
      clock.now(),
    );
  }

  #compose(
    sessionId: SessionId,
    lastSequence = Number.MAX_SAFE_INTEGER,
  ): { head: SessionHead; all: SessionLine[]; text: string; lines: SessionLine[]; rawTokens: number } | undefined {
    const head = sessionHead(this.ports.driver, sessionId);
    if (!head) return undefined;
    const all = sessionLines(this.ports.driver, head.no).filter(({ sequence }) => sequence <= lastSequence);
    const door = wayOut(this.ports.driver, 'model');
    if (!door.maySession(head.id, head.projectId)) return undefined;
    const mayGo = (line: SessionLine) => door.mayLine(head, line);
    if (!all.some((line) => line.kind === 'said' && line.role === 'user' && mayGo(line))) return undefined;
    const { text, lines, rawBytes } = composeSession(head, all, undefined, mayGo);
    return { head, all, text, lines, rawTokens: Math.ceil(rawBytes / 3.5) };
  }

  /**
   * Without a fast model, routine sessions are not sent. Important ones go to the fast model when there is no strong
   * one.
   */
  #choose(isStrong: boolean, isAsked: boolean): string {
    const { fastModel, strongModel } = this.ports.desk.models;
    if (isStrong) return strongModel || fastModel;
    return fastModel || (isAsked ? strongModel : '');
  }
}

/**
 * Share of the required parts that are present and proved: request, result, insights. Lower when most sentences were
 * dropped.
 */
function qualityOf({ title, asked, done, decisions, openEnds, keyPoints, droppedClaims }: CheckedSummary): number {
  const kept = asked.length + done.length + decisions.length + openEnds.length + keyPoints.length;
  if (kept === 0) return 0;
  const isThere =
    0.1 * Number(title !== '') +
    0.3 * Number(asked.length > 0) +
    0.35 * Number(done.length + openEnds.length > 0) +
    0.25 * Number(keyPoints.length + decisions.length > 0);
  const share = kept / (kept + droppedClaims);
  return Math.round(isThere * (share < 0.5 ? share : 1) * 100) / 100;
}
