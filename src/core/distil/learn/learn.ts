/**
 * Reads the learnings of one session: candidates of all rules, stored once per fact, and what they confirm or
 * contradict.
 */
import { evidenceMessages } from '../../../protocol/learning';
import type { SessionId } from '../../../protocol/model';
import type { Turn } from '../../lib/turns';
import type { Seal } from '../../observe/redact';
import type { SqlDriver } from '../../store/sqlite/driver';
import type { SealedEvidence } from '../../store/tables/learning-evidence';
import { lastToldAt, putEvidence, readTrail, toldLine, weightsOf } from '../../store/tables/learning-evidence';
import { getLearning } from '../../store/tables/learnings';
import { factById, factsAbout, putProposal, setConfidence, setState } from '../../store/tables/proposals';
import type { FactRow, SealedProposal } from '../../store/tables/proposals';
import { sessionHead } from '../../store/tables/session-lines';
import { factKeyOf, topicKeyOf } from './candidate';
import type { Candidate } from './candidate';
import { confidenceOf } from './confidence';
import { undoingsHere, undoingsLater } from './later-undoings';
import { checksIn } from './rules/checks';
import { deadEndsIn } from './rules/dead-ends';
import { failingCommandsIn } from './rules/failing';
import { fixesIn } from './rules/fixes';
import { lintFixesIn } from './rules/lint-findings';
import { quirksIn } from './rules/quirks';
import { filesTogether } from './rules/together';
import { whatWasTold } from './rules/told';
import { sealCandidates, sealUndoings } from './seal-candidates';
import type { SealedCandidate } from './seal-candidates';
import { readSessionFacts } from './session-facts';
import type { SessionFacts } from './session-facts';

export interface LearnPorts {
  driver: SqlDriver;
  seal: Seal;
  now: () => number;
}

/** The background work. */
export interface SessionLearnPorts extends LearnPorts {
  /** Before each step. */
  turn: Turn;
}

/** Facts written per transaction, so that other requests wait only briefly. */
const slice = 25;

export interface LearnReport {
  proposed: number;
  /** Number of learnings whose confidence, state or evidence changed. */
  changed: number;
}

/** Repeating it for a session that did not grow changes nothing. */
export async function learnFromSession(ports: SessionLearnPorts, id: SessionId): Promise<LearnReport> {
  const { driver } = ports;
  const facts = readSessionFacts(driver, id);
  if (!facts || facts.lines.length === 0) return { proposed: 0, changed: 0 };
  const candidates = onceEach(await candidatesIn(facts, ports), facts);
  const sealed = await sealCandidates(ports, candidates, facts);
  const undoings = await sealUndoings(ports, [
    ...undoingsHere(driver, facts),
    ...undoingsLater(driver, facts, candidates),
  ]);
  const report = { proposed: 0, changed: 0 };
  const isThere = () => sessionHead(driver, id)?.no === facts.head.no;
  for (let from = 0; from < sealed.length; from += slice) {
    await ports.turn();
    // The session may have been forgotten while its texts were redacted; nothing of it may be stored then.
    if (!isThere()) return report;
    const kept = driver.transaction(() => keepCandidates(ports, sealed.slice(from, from + slice), facts));
    report.proposed += kept.proposed;
    report.changed += kept.changed;
  }
  if (!isThere()) return report;
  driver.transaction(() => {
    for (const { learning, evidence } of undoings) {
      if (putEvidence(driver, learning, evidence)) report.changed++;
      updateConfidence(driver, learning);
    }
    report.changed += withdraw(
      driver,
      facts,
      sealed.map(({ candidate }) => candidate),
      ports.now(),
    );
  });
  return report;
}

/** Stores redacted candidates and what they confirm or contradict. Must run in a transaction. */
export function keepCandidates(
  { driver, now }: LearnPorts,
  sealed: readonly SealedCandidate[],
  facts: SessionFacts,
): LearnReport {
  const report = { proposed: 0, changed: 0 };
  for (const { candidate, proposal, evidence } of sealed) {
    const {
      outcome,
      id: learning,
      isNews,
    } = putProposal(driver, proposal, [...evidence, ...again(driver, proposal, candidate)]);
    if (outcome === 'added') report.proposed++;
    else if (isNews) report.changed++;
    updateConfidence(driver, learning);
    report.changed += contradict(driver, candidate, facts.head.projectRoot, now());
  }
  return report;
}

/** Other requests are answered between two rules: for a long session some take a tenth of a second. */
async function candidatesIn(facts: SessionFacts, { driver, turn }: SessionLearnPorts): Promise<Candidate[]> {
  const rules = [
    whatWasTold,
    fixesIn,
    lintFixesIn,
    deadEndsIn,
    failingCommandsIn,
    checksIn,
    quirksIn,
    () => filesTogether(driver, facts),
  ];
  const found: Candidate[] = [];
  for (const rule of rules) {
    await turn();
    found.push(...rule(facts));
  }
  return found;
}

/** Candidates of the same fact are merged, with the evidence of both. */
function onceEach(candidates: readonly Candidate[], { head }: SessionFacts): Candidate[] {
  const byFact = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const key = factKeyOf(candidate, head.projectRoot);
    const known = byFact.get(key);
    if (!known) byFact.set(key, candidate);
    else
      byFact.set(key, {
        ...known,
        evidence: [...known.evidence, ...candidate.evidence],
        edits: [...known.edits, ...candidate.edits],
        at: Math.max(known.at, candidate.at),
      });
  }
  return [...byFact.values()];
}

/** Recomputes the confidence from all evidence. True when it changed. */
export function updateConfidence(driver: SqlDriver, id: string): boolean {
  const fact = factById(driver, id);
  // A learning that a person wrote has no rule, and its confidence stays as the person set it.
  return (
    fact?.factKey != null && setConfidence(driver, id, confidenceOf(ruleOf(fact), fact.state, weightsOf(driver, id)))
  );
}

const ruleOf = ({ factKey }: Pick<FactRow, 'factKey'>): string => factKey?.split(':')[0] ?? '';

/** Evidence that this session confirms a fact of another one. */
function again(driver: SqlDriver, { factKey, sessionId, at }: SealedProposal, { rule }: Candidate): SealedEvidence[] {
  const [known] = factsAbout(driver, factKey);
  const [first] = known ? getLearning(driver, known.id).sourceSessions : [];
  if (first === undefined || first === sessionId) return [];
  return [
    {
      key: `again:${sessionId}`,
      kind: 'reconfirmation',
      speaks: 1,
      message: rule === 'together' ? evidenceMessages.togetherAgain : evidenceMessages.again,
      args: [],
      sessionId,
      lines: [],
      at,
    },
  ];
}

/** Handles proposals about the same topic that contradict this one. Rules never supersede what a person accepted. */
function contradict(driver: SqlDriver, candidate: Candidate, projectRoot: string, now: number): number {
  if (candidate.rule !== 'told' && candidate.rule !== 'fix') return 0;
  const about = factsAbout(driver, topicKeyOf(candidate, projectRoot)).filter(({ state }) => state !== 'rejected');
  if (about.length < 2) return 0;
  return candidate.rule === 'told' ? followLastWord(driver, about, now) : dropUndoneFixes(driver, about, now);
}

/**
 * The person's newest statement about a topic is valid, in whatever order sessions are read. Older ones are superseded
 * by it.
 */
function followLastWord(driver: SqlDriver, about: readonly FactRow[], now: number): number {
  const told = about
    .map((fact) => ({ fact, at: lastToldAt(driver, fact.id) }))
    .sort((a, b) => b.at - a.at || a.fact.id.localeCompare(b.fact.id));
  const holding = told[0]!.fact;
  let changed = 0;
  if (holding.state === 'superseded' && isPutAsideByRules(driver, holding.id)) {
    setState(driver, holding.id, 'proposed', { at: now, by: 'rules', action: 'reopened' });
    changed++;
  }
  for (const { fact } of told.slice(1)) {
    if (fact.state === 'proposed') {
      setState(driver, fact.id, 'superseded', { at: now, by: 'rules', action: 'superseded', supersededBy: holding.id });
      changed++;
    } else if (fact.state === 'accepted') {
      // A rule must not change an accepted learning, but the contradiction lowers its confidence and is shown as
      // evidence.
      const said = toldLine(driver, holding.id);
      if (
        said &&
        putEvidence(driver, fact.id, [
          {
            ...said,
            key: `against:${holding.id}`,
            kind: 'reaction',
            speaks: -1,
            value: 1,
            message: evidenceMessages.otherwise,
            args: [],
          },
        ]) &&
        updateConfidence(driver, fact.id)
      )
        changed++;
    }
  }
  return changed;
}

const isPutAsideByRules = (driver: SqlDriver, id: string): boolean =>
  readTrail(driver, id).findLast(({ action }) => action === 'superseded' || action === 'merged')?.by === 'rules';

/** Two fixes of one error can both be right; one is superseded only when its change was undone. */
function dropUndoneFixes(driver: SqlDriver, about: readonly FactRow[], now: number): number {
  const [best] = about.filter(({ state }) => state !== 'superseded').toSorted((a, b) => b.confidence - a.confidence);
  if (!best || best.confidence < 0.6) return 0;
  const undone = about.filter(({ state, confidence }) => state === 'proposed' && confidence < 0.4);
  for (const { id } of undone)
    setState(driver, id, 'superseded', { at: now, by: 'rules', action: 'superseded', supersededBy: best.id });
  return undone.length;
}

/** Withdraws fixes whose edits turned out to be a dead end. */
function withdraw(driver: SqlDriver, { head }: SessionFacts, candidates: readonly Candidate[], now: number): number {
  const taken = new Set(
    candidates
      .filter(({ deadEnd }) => deadEnd)
      .flatMap(({ evidence }) =>
        evidence.filter(({ message }) => message === 'done').flatMap(({ lines }) => lines.map(({ uid }) => uid)),
      ),
  );
  if (taken.size === 0) return 0;
  const doomed = candidates.filter(
    ({ rule, edits }) =>
      (rule === 'fix' || rule === 'model') && edits.length > 0 && edits.every((uid) => taken.has(uid)),
  );
  const dead = candidates.find(({ deadEnd }) => deadEnd);
  let changed = 0;
  for (const candidate of doomed) {
    const fact = factsAbout(driver, factKeyOf(candidate, head.projectRoot))[0];
    const by = dead && factsAbout(driver, factKeyOf(dead, head.projectRoot))[0];
    if (fact?.state !== 'proposed' || !by) continue;
    setState(driver, fact.id, 'superseded', { at: now, by: 'rules', action: 'superseded', supersededBy: by.id });
    changed++;
  }
  return changed;
}
