/**
 * Judges prompts: what memory gave or would have given for each, as it was at that time, against what the session then
 * did. One prompt at a step, the newest sessions first.
 */
import type { Verdict } from '../../protocol/shadow';
import { errorLine } from '../distil/reading/error-line';
import type { FullText } from '../index/full-text';
import type { NameKey } from '../lib/keyed-name';
import type { SqlDriver } from '../store/sqlite/driver';
import { filesBySessions, lastTurnOf, sessionsThatMet } from '../store/tables/afterwards';
import { givenForPrompt, givenTo } from '../store/tables/given';
import { joinedWith } from '../store/tables/projects';
import { ownSessions } from '../store/tables/sessions';
import {
  markJudged,
  putShadow,
  shadowedBefore,
  turnsLooked,
  unjudgedPrompt,
  unjudgedSession,
} from '../store/tables/shadows';
import type { ShadowItem, UnjudgedPrompt, UnjudgedSession } from '../store/tables/shadows';
import { publishedSummary } from '../store/tables/summaries';
import { promptTokens } from './budgets';
import type { Piece } from './candidates';
import { neverTest } from './choices';
import { packFor } from './need';
import { nothing } from './pack';
import { piecesById } from './pieces-by-id';
import { asksNothing } from './prompt';
import { sourceOf } from './sources';
import { RememberedCounts } from './term-counts';
import { afterwardsOf, carriedBy, useOf } from './use';
import type { Afterwards } from './use';

export interface ShadowPorts {
  driver: SqlDriver;
  index: FullText;
  names: NameKey;
  now: () => number;
}

/** A session that was written to since then may go on with the same turn. */
export const restMs = 60_000;
/** A file that more than this share of the project's sessions touches says nothing about what one of them is about. */
const commonShare = 0.3;
/** Fewer sessions than this share a file by chance hardly ever. */
const minCommon = 2;
const maxMet = 5;

/** What is remembered between the steps of a task. */
export interface ShadowRun {
  /** Which files are common, by project. */
  common: Map<number, (file: string) => boolean>;
  counts: RememberedCounts;
  /** A prompt whose pieces are found, and that is to be judged next. */
  next?: { session: UnjudgedSession; prompt: UnjudgedPrompt; scopeIds: readonly number[]; given: GivenThen };
}

export const beginShadow = ({ index }: ShadowPorts): ShadowRun => ({
  common: new Map(),
  counts: new RememberedCounts(index),
});

/** Words looked up in one step: a few milliseconds. */
const wordsAtOnce = 60;

/** Does a part of the work on one prompt. False when nothing is left to do. */
export function shadowStep(ports: ShadowPorts, run: ShadowRun): boolean {
  const { driver, now } = ports;
  if (run.next) {
    judge(ports, run, run.next);
    delete run.next;
    return true;
  }
  const session = unjudgedSession(driver, now() - restMs);
  if (!session) return false;
  const prompt = unjudgedPrompt(driver, session.no);
  if (!prompt) markJudged(driver, session);
  else if (run.counts.learn(prompt.text, wordsAtOnce)) {
    const scopeIds = joinedWith(driver, session.projectId).map(({ id }) => id);
    run.next = { session, prompt, scopeIds, given: givenFor(ports, run, session, prompt, scopeIds) };
  }
  return true;
}

function judge(
  ports: ShadowPorts,
  run: ShadowRun,
  { session, prompt, scopeIds, given }: NonNullable<ShadowRun['next']>,
) {
  const { driver } = ports;
  const judgedTo = Math.min(prompt.turn + turnsLooked - 1, lastTurnOf(driver, session.no));
  const isCommon = run.common.get(session.projectId) ?? commonIn(driver, scopeIds);
  run.common.set(session.projectId, isCommon);
  const after = afterwardsOf(
    driver,
    { session: session.no, turn: prompt.turn, to: judgedTo, prompt: prompt.text },
    isCommon,
  );
  const items = given.pieces.map((piece): ShadowItem => {
    const use = useOf(carriedBy(driver, run.counts, piece), after);
    return { ...itemOf(piece), ...(use && { use }) };
  });
  const missed =
    items.length === 0 && !asksNothing(prompt.text) ? missedFor(driver, session, prompt, scopeIds, after) : [];
  putShadow(driver, {
    uid: prompt.uid,
    session: session.no,
    turn: prompt.turn,
    at: prompt.at,
    judgedTo,
    verdict: verdictOf(items, missed),
    isGiven: given.isGiven,
    tokens: given.tokens,
    items: missed.length > 0 ? missed : items,
  });
}

const verdictOf = (items: readonly ShadowItem[], missed: readonly ShadowItem[]): Verdict => {
  if (missed.length > 0) return 'missed';
  if (items.length === 0) return 'silent';
  return items.some(({ use }) => use) ? 'helped' : 'unused';
};

type GivenPiece = Piece & { isAmending?: true };

const itemOf = (piece: GivenPiece): ShadowItem => ({
  id: piece.id,
  ...(piece.sessionId !== undefined && { sessionId: piece.sessionId }),
  source: sourceOf(piece),
});

interface GivenThen {
  isGiven: boolean;
  tokens: number;
  pieces: readonly GivenPiece[];
}

/** What the hook gave, or else what it would have given. */
function givenFor(
  ports: ShadowPorts,
  { counts }: ShadowRun,
  session: UnjudgedSession,
  { turn, at, text }: UnjudgedPrompt,
  scopeIds: readonly number[],
): GivenThen {
  const { driver, names } = ports;
  const given = givenForPrompt(driver, session.id, at);
  if (given) {
    const pieces = piecesById(driver, given.ids);
    return { isGiven: true, tokens: given.tokens, pieces: [...pieces.values()] };
  }
  const isNever = neverTest(driver, names);
  const packed = asksNothing(text)
    ? nothing
    : packFor(
        { ...ports, counts },
        {
          text,
          scopeIds,
          budget: promptTokens,
          now: at,
          before: at,
          sessionId: session.id,
          known: new Set([...shadowedBefore(driver, session.no, turn), ...givenTo(driver, session.id, at)]),
          ...(isNever && { isNever }),
        },
      );
  return { isGiven: false, tokens: packed.tokens, pieces: packed.items };
}

function commonIn(driver: SqlDriver, scopeIds: readonly number[]): (file: string) => boolean {
  const { sessions, touched } = filesBySessions(driver, scopeIds);
  const most = Math.max(minCommon, commonShare * sessions);
  return (file) => (touched.get(file) ?? 0) > most;
}

/** Errors that the session met, and an earlier one had met and fixed: its summary says how. */
function missedFor(
  driver: SqlDriver,
  session: UnjudgedSession,
  { at }: UnjudgedPrompt,
  scopeIds: readonly number[],
  { failed, errors }: Afterwards,
): ShadowItem[] {
  if (failed.size === 0) return [];
  const earlier = sessionsThatMet(driver, [...failed], {
    projectIds: scopeIds,
    before: at,
    except: ownSessions(driver, session.id),
    most: maxMet,
  });
  return earlier.flatMap((id) =>
    (publishedSummary(driver, id)?.errors ?? []).flatMap(({ text, fix }, number): ShadowItem[] => {
      const line = errorLine(text);
      const uid = line === undefined ? undefined : errors().get(line);
      const isKnown = fix !== undefined && fix.evidence.every((each) => each.at < at);
      if (uid === undefined || !isKnown) return [];
      return [{ id: `${id}/fix/${number}`, sessionId: id, source: 'summary', use: { kind: 'error', uid } }];
    }),
  );
}
