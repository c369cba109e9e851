/** Answers over sessions: what is left in a project, and what was done in a time. All of it rests on summaries by rules or models. */
import type {
  ClosedEnd,
  Digest,
  LeftDeadEnd,
  LeftLine,
  OpenEnd,
  SessionDone,
  WhatIsLeft,
} from '../../../protocol/left';
import type { DigestQuery, LeftApi, LeftQuery } from '../../../protocol/questions/left';
import type { Scope } from '../../../protocol/questions/schemas';
import type { RowKey } from '../../../protocol/row-key';
import { neverSaid } from '../../give/choices';
import type { NameKey } from '../../lib/keyed-name';
import { breathe, inTurns } from '../../lib/turns';
import type { SqlDriver } from '../../store/sqlite/driver';
import { listLearnings } from '../../store/tables/learnings';
import { keysByUid, sessionFindings, tickedLists } from '../../store/tables/session-findings';
import type { SessionFindings } from '../../store/tables/session-findings';
import { decisionsOf } from './decisions';
import type { FoundDecision } from './decisions';
import { recurringErrors } from './errors';
import type { FoundError } from './errors';
import { lineOf, openEndsOf } from './open-ends';
import type { FoundEnd, FoundLine } from './open-ends';
import { topicOf } from './topic';

export interface LeftPorts {
  driver: SqlDriver;
  names: NameKey;
  /** Ids of the projects in a scope; undefined for all. */
  inScope: (scope: Scope | undefined) => Promise<number[] | undefined>;
}

/** Sessions that are looked at, and entries of a list. */
const maxSessions = 600;
const maxEntries = 200;
const maxErrors = 30;

export function leftAnswers(ports: LeftPorts): LeftApi {
  return {
    whatIsLeft: (query, signal) => whatIsLeft(ports, query, signal),
    digest: (query, signal) => digestOf(ports, query, signal),
  };
}

interface OfProject {
  name: string;
  findings: SessionFindings[];
  ends: FoundEnd[];
  decisions: FoundDecision[];
  errors: FoundError[];
}

/** Sessions are compared within their project. */
async function readProjects(
  { driver, names }: LeftPorts,
  findings: readonly SessionFindings[],
  signal: AbortSignal | undefined,
): Promise<OfProject[]> {
  const ids = [...new Set(findings.map(({ projectId }) => projectId))];
  const projects: OfProject[] = [];
  const saidAt = neverSaid(driver, names);
  const turn = async () => {
    await breathe();
    signal?.throwIfAborted();
  };
  for (const id of ids) {
    const own = findings.filter(({ projectId }) => projectId === id);
    /* oxlint-disable no-await-in-loop -- other work runs between two sessions */
    await turn();
    const ticked = tickedLists(
      driver,
      own.map(({ no }) => no),
    );
    projects.push({
      name: own[0]!.project,
      findings: own,
      ends: (await inTurns(openEndsOf(own, ticked), turn)).map((end) => closedByHand(end, saidAt)),
      decisions: await inTurns(decisionsOf(driver, own), turn),
      errors: recurringErrors(own),
    });
    /* oxlint-enable no-await-in-loop */
  }
  return projects;
}

/** A session that names it again later has opened it again. */
function closedByHand(end: FoundEnd, saidAt: (text: string) => number | undefined): FoundEnd {
  const at = end.by ? undefined : saidAt(end.text);
  return at === undefined || at < end.quote.at ? end : { ...end, by: { how: 'person', at } };
}

async function whatIsLeft(ports: LeftPorts, query: LeftQuery, signal: AbortSignal | undefined): Promise<WhatIsLeft> {
  const { driver, inScope } = ports;
  const ids = await inScope(query.scope);
  signal?.throwIfAborted();
  const { findings, pending } = sessionFindings(driver, ids, maxSessions);
  const projects = await readProjects(ports, findings, signal);
  const newest = (one: FoundLine, other: FoundLine) => other.quote.at - one.quote.at;
  const all = <T extends FoundLine>(of: (project: OfProject) => readonly T[], most = maxEntries): T[] =>
    projects.flatMap(of).sort(newest).slice(0, most);
  const open = all((project) => project.ends.filter(({ by }) => !by));
  const closed = all((project) => project.ends.filter(({ by }) => by)).sort((a, b) => closedAt(b) - closedAt(a));
  const decisions = all(({ decisions: own }) => own);
  const errors = all(({ errors: own }) => own, maxErrors);
  const since =
    query.since === undefined ? [] : findings.filter(({ updatedAt }) => updatedAt > query.since!).toReversed();
  const told = tellerOf(driver, [
    ...open,
    ...closed,
    ...decisions,
    ...errors,
    ...closed.flatMap(evidenceOf),
    ...decisions.flatMap(({ superseded }) => superseded),
    ...errors.flatMap(({ fix }) => fix ?? []),
    ...since.flatMap(doneIn),
  ]);
  const topics = new Map<string, { topic: string; openEnds: number; decisions: number }>();
  const count = (line: FoundLine, what: 'openEnds' | 'decisions') => {
    const topic = topicOf(line.session);
    const known = topics.get(topic) ?? { topic, openEnds: 0, decisions: 0 };
    topics.set(topic, { ...known, [what]: known[what] + 1 });
  };
  for (const line of open) count(line, 'openEnds');
  for (const line of decisions) count(line, 'decisions');
  return {
    openEnds: open.map((end) => openEnd(end, told)),
    closed: closed.map((end) => closedEnd(end, told)),
    decisions: decisions.map((line) => ({
      ...told(line),
      topic: topicOf(line.session),
      superseded: line.superseded.map(told),
    })),
    deadEnds: deadEndsOf(driver, ids),
    errors: errors.map(({ sessions, times, fix, ...line }) => ({
      line: told(line),
      sessions,
      times,
      ...(fix && { fix: told(fix) }),
    })),
    since: since.map((session) => doneOf(session, told)),
    topics: [...topics.values()].sort((a, b) => b.openEnds - a.openEnds || b.decisions - a.decisions),
    sessions: findings.length,
    pending,
  };
}

async function digestOf(ports: LeftPorts, query: DigestQuery, signal: AbortSignal | undefined): Promise<Digest> {
  const { driver, inScope } = ports;
  const { from, to } = query;
  const ids = await inScope(query.scope);
  signal?.throwIfAborted();
  const { findings, pending } = sessionFindings(driver, ids, maxSessions);
  const isIn = (at: number) => at >= from && at < to;
  const isThen = ({ quote }: FoundLine) => isIn(quote.at);
  const projects = (await readProjects(ports, findings, signal)).map(({ name, findings: own, ends, decisions }) => ({
    name,
    sessions: own.filter(({ createdAt, updatedAt }) => createdAt < to && updatedAt >= from).toReversed(),
    decisions: decisions.filter(isThen),
    open: ends.filter((end) => !end.by && isThen(end)),
    closed: ends.filter((end) => end.by && isIn(closedAt(end))),
  }));
  const busy = projects.filter(({ sessions }) => sessions.length > 0);
  const done = (session: SessionFindings) => doneIn(session).filter(isThen);
  const told = tellerOf(
    driver,
    busy.flatMap(({ sessions, decisions, open, closed }) => [
      ...sessions.flatMap(done),
      ...decisions,
      ...open,
      ...closed,
      ...closed.flatMap(evidenceOf),
    ]),
  );
  return {
    from,
    to,
    projects: busy.map(({ name, sessions, decisions, open, closed }) => ({
      name,
      sessions: sessions.map((session) => ({ ...doneOf(session, told), done: done(session).map(told) })),
      decisions: decisions.map(told),
      openEnds: open.map(told),
      closed: closed.map((end) => closedEnd(end, told)),
    })),
    pending,
  };
}

type Tell = (line: FoundLine) => LeftLine;

/** Lines as a head shows them, with the keys of rows that still exist: asked for together. */
function tellerOf(driver: SqlDriver, lines: readonly FoundLine[]): Tell {
  const keys: ReadonlyMap<string, RowKey> = keysByUid(
    driver,
    lines.map(({ quote }) => quote.uid),
  );
  return ({ session, text, quote }) => {
    const key = keys.get(quote.uid);
    return { text, sessionId: session.id, title: session.title, turn: quote.turn, at: quote.at, ...(key && { key }) };
  };
}

const openEnd = (end: FoundEnd, told: Tell): OpenEnd => ({
  ...told(end),
  pieceId: end.pieceId,
  topic: topicOf(end.session),
  times: end.times,
});
const closedEnd = (end: FoundEnd, told: Tell): ClosedEnd => {
  const by = end.by!;
  return { ...openEnd(end, told), by: by.how === 'person' ? by : { ...told(by), how: by.how } };
};
const closedAt = ({ by }: FoundEnd): number => (by === undefined ? 0 : by.how === 'person' ? by.at : by.quote.at);
const evidenceOf = ({ by }: FoundEnd): FoundLine[] => (by === undefined || by.how === 'person' ? [] : [by]);

const doneIn = (session: SessionFindings): FoundLine[] => session.body.done.flatMap((claim) => lineOf(session, claim));
const doneOf = (session: SessionFindings, told: Tell): SessionDone => ({
  sessionId: session.id,
  title: session.title,
  project: session.project,
  at: session.updatedAt,
  done: doneIn(session).map(told),
  files: session.body.files.length,
});

function deadEndsOf(driver: SqlDriver, ids: readonly number[] | undefined): LeftDeadEnd[] {
  return (['accepted', 'proposed'] as const)
    .flatMap((state) => listLearnings(driver, { state, limit: 200 }, ids).items)
    .filter(({ deadEnd }) => deadEnd !== undefined)
    .map(({ id, title, state, updatedAt }) => ({ id, title, isAccepted: state === 'accepted', at: updatedAt }));
}
