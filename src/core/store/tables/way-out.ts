/**
 * The door that every way out of the memory asks, for each row, title and learning: whether its class may go this way. It
 * hides nothing from the person's own pages and search.
 */
import { defaultPolicy, exportLimit, hasSecret, heldTitle, rankOf, secretClass } from '../../../protocol/classes';
import type { ClassPolicy, DataClass, WayOut } from '../../../protocol/classes';
import type { SessionId } from '../../../protocol/model';
import { onlyOpen } from '../../../protocol/open-claims';
import type { SessionSummary } from '../../../protocol/summary';
import type { SqlDriver } from '../sqlite/driver';
import { Classes } from './class-of';
import { highestSet } from './classes';
import { getConfiguration } from './configuration';
import type { SessionHead, SessionLine } from './session-lines';

/** Where the policy of the last head is kept, for a keeper that no window has spoken to. */
export const policyKey = 'keeper.classes';

export function policyOf(driver: SqlDriver): ClassPolicy {
  const kept = getConfiguration<Partial<ClassPolicy>>(driver, policyKey);
  return { upTo: { ...defaultPolicy.upTo, ...kept?.upTo } };
}

export interface Door {
  /** The highest class that goes. */
  upTo: DataClass;
  /** Nothing in the memory is higher: nothing needs to be asked one by one. */
  isOpen: boolean;
  may(key: string): boolean;
  /** Also when nothing of this uid is there. */
  mayUid(uid: string): boolean;
  /** What has no class of its own: by its text alone, as what is made of rows. */
  mayText(text: string): boolean;
  mayTurn(session: SessionId, turn: number): boolean;
  /** Whether a session goes at all: as a person set it, or its project. */
  maySession(session: SessionId, project: number): boolean;
  mayTitle(session: SessionId): boolean;
  mayLine(head: Pick<SessionHead, 'id' | 'projectId'>, line: SessionLine): boolean;
  titleOf(session: SessionId, title: string): string;
  /** With empty sentences where one rests on what may not go, so that the others keep their places. */
  summaryOf<S extends SessionSummary | undefined>(summary: S): S;
}

/** @param asked beyond the policy, of an export */
export function wayOut(driver: SqlDriver, way: WayOut, asked?: DataClass): Door {
  const policy = policyOf(driver);
  return doorUpTo(driver, way === 'export' ? exportLimit(policy, asked) : policy.upTo[way]);
}

function doorUpTo(driver: SqlDriver, upTo: DataClass): Door {
  const limit = rankOf(upTo);
  // Without a person's word nothing is higher than what had a secret in it.
  if (limit === rankOf('top_secret') || (limit >= rankOf(secretClass) && highestSet(driver) <= limit))
    return openDoor(upTo);
  const classes = new Classes(driver);
  const may = (key: string) => classes.ofKey(key) <= limit;
  const mayTitle = (session: SessionId) => classes.ofTitle(session) <= limit;
  return {
    upTo,
    isOpen: false,
    may,
    mayTitle,
    mayUid: (uid) => (classes.ofUid(uid) ?? 0) <= limit,
    mayText: (text) => !hasSecret(text) || rankOf(secretClass) <= limit,
    mayTurn: (session, turn) => classes.ofTurn(session, turn) <= limit,
    maySession: (session, project) => (classes.placed(session, [project]) ?? 0) <= limit,
    mayLine: ({ id: session, projectId }, line) =>
      line.isCopy
        ? may(line.key)
        : classes.ofFacts({
            uid: line.uid,
            session,
            projects: [projectId],
            isPrompt: line.kind === 'said' && line.role === 'user',
            hasSecret: lineTexts(line).some(hasSecret),
          }) <= limit,
    titleOf: (session, title) => (classes.ofTitle(session, title) <= limit || title === '' ? title : heldTitle),
    summaryOf: (summary) => (summary === undefined ? summary : onlyOpen(summary, may, mayTitle)),
  };
}

/** For what does not leave. */
export const openDoor = (upTo: DataClass): Door => ({
  upTo,
  isOpen: true,
  may: () => true,
  mayUid: () => true,
  mayText: () => true,
  mayTurn: () => true,
  maySession: () => true,
  mayTitle: () => true,
  mayLine: () => true,
  titleOf: (_, title) => title,
  summaryOf: (summary) => summary,
});

const lineTexts = (line: SessionLine): string[] =>
  line.kind === 'said'
    ? [line.text]
    : [
        line.headline,
        line.input,
        line.output,
        ...line.files,
        ...line.diffs.flatMap(({ before, after }) => [before, after]),
      ];
