/** From one session to learnings: candidates of all rules, put once a fact, with what contradicts them and what they confirm. */
import { evidenceMessages } from '../../../protocol/learning';
import type { SessionId } from '../../../protocol/model';
import type { Redacted } from '../../observe/redact';
import type { SqlDriver } from '../../store/driver';
import type { SealedEvidence } from '../../store/learning-evidence';
import { putEvidence, weightsOf } from '../../store/learning-evidence';
import { factById, factsAbout, putProposal, setConfidence, setState } from '../../store/proposals';
import type { FactRow, SealedProposal } from '../../store/proposals';
import { factKeyOf, learningIdOf, topicKeyOf } from './candidate';
import type { Candidate } from './candidate';
import { confidenceOf } from './confidence';
import { checksIn } from './rules/checks';
import { deadEndsIn } from './rules/dead-ends';
import { failingCommandsIn } from './rules/failing';
import { fixesIn } from './rules/fixes';
import { filesTogether } from './rules/together';
import { whatWasTold } from './rules/told';
import { sessionHead } from '../../store/session-lines';
import { sealCandidates, sealUndoings } from './seal-candidates';
import type { SealedCandidate } from './seal-candidates';
import { readSessionFacts } from './session-facts';
import type { SessionFacts } from './session-facts';
import { undoingsHere, undoingsLater } from './later-undoings';

export interface LearnPorts {
  driver: SqlDriver;
  seal: (texts: readonly string[]) => Promise<Redacted[]>;
  now: () => number;
}

export interface LearnReport {
  proposed: number;
  /** Learnings whose confidence, state or evidence changed. */
  changed: number;
}

/** Doing it again with a session that did not grow changes nothing. */
export async function learnFromSession(ports: LearnPorts, id: SessionId): Promise<LearnReport> {
  const { driver } = ports;
  const facts = readSessionFacts(driver, id);
  if (!facts || facts.lines.length === 0) return { proposed: 0, changed: 0 };
  const candidates = onceEach(await candidatesIn(facts, driver), facts);
  const sealed = await sealCandidates(ports, candidates, facts);
  const undoings = await sealUndoings(ports, [...undoingsHere(driver, facts), ...undoingsLater(driver, facts, candidates)]);
  const report = { proposed: 0, changed: 0 };
  // While it was sealed, the session may have been forgotten: then nothing of it may come back.
  if (sessionHead(driver, id)?.no !== facts.head.no) return report;
  driver.transaction(() => {
    const kept = keepCandidates(ports, sealed, facts);
    report.proposed += kept.proposed;
    report.changed += kept.changed;
    for (const { learning, evidence } of undoings) {
      if (putEvidence(driver, learning, evidence)) report.changed++;
      settle(driver, learning);
    }
  });
  return report;
}

/** Writes what was sealed, and what it confirms and contradicts. Belongs into a transaction. */
export function keepCandidates({ driver, now }: LearnPorts, sealed: readonly SealedCandidate[], facts: SessionFacts): LearnReport {
  const report = { proposed: 0, changed: 0 };
  for (const { candidate, proposal, evidence } of sealed) {
    const { outcome, id: learning, isNews } = putProposal(driver, proposal, [...evidence, ...again(driver, proposal, candidate)]);
    if (outcome === 'added') report.proposed++;
    else if (isNews) report.changed++;
    settle(driver, learning);
    report.changed += contradict(driver, candidate, proposal, facts.head.projectRoot, now());
  }
  report.changed += withdraw(driver, facts, sealed.map(({ candidate }) => candidate), now());
  return report;
}

/** Others are answered between two rules: a long session takes some of them a tenth of a second. */
async function candidatesIn(facts: SessionFacts, driver: SqlDriver): Promise<Candidate[]> {
  const rules = [whatWasTold, fixesIn, deadEndsIn, failingCommandsIn, checksIn, () => filesTogether(driver, facts)];
  const found: Candidate[] = [];
  for (const rule of rules) {
    await new Promise((resolve) => setImmediate(resolve));
    found.push(...rule(facts));
  }
  return found;
}

/** The same fact twice in a session is one, with the evidence of both. */
function onceEach(candidates: readonly Candidate[], { head }: SessionFacts): Candidate[] {
  const byFact = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const key = factKeyOf(candidate, head.projectRoot);
    const known = byFact.get(key);
    if (!known) byFact.set(key, candidate);
    else byFact.set(key, { ...known, evidence: [...known.evidence, ...candidate.evidence], edits: [...known.edits, ...candidate.edits], at: Math.max(known.at, candidate.at) });
  }
  return [...byFact.values()];
}

/** Confidence from all evidence there is now. True when it moved. */
export function settle(driver: SqlDriver, id: string): boolean {
  const fact = factById(driver, id);
  // One that a person wrote by hand has no rule, and is as sure as that person.
  return fact?.factKey != null && setConfidence(driver, id, confidenceOf(ruleOf(fact), fact.state, weightsOf(driver, id)));
}

export const ruleOf = ({ factKey }: Pick<FactRow, 'factKey'>): string => factKey?.split(':')[0] ?? '';

/** A session that says what another one said before. */
function again(driver: SqlDriver, { factKey, sessionId, at }: SealedProposal, { rule }: Candidate): SealedEvidence[] {
  const known = factsAbout(driver, factKey)[0];
  const others = known ? weightsOf(driver, known.id).some((piece) => piece.sessionId !== sessionId && piece.kind !== 'reconfirmation') : false;
  if (!others) return [];
  return [{ key: `again:${sessionId}`, kind: 'reconfirmation', speaks: 1, message: rule === 'together' ? evidenceMessages.togetherAgain : evidenceMessages.again, args: [], sessionId, lines: [], at }];
}

/** What was said last about the same thing holds; the other stays, with a trail to what took its place. A person's own word is not overruled by a rule. */
function contradict(driver: SqlDriver, candidate: Candidate, proposal: SealedProposal, projectRoot: string, now: number): number {
  if (candidate.rule !== 'told' && candidate.rule !== 'fix') return 0;
  const others = factsAbout(driver, topicKeyOf(candidate, projectRoot)).filter(({ factKey, state }) => factKey !== proposal.factKey && (state === 'proposed' || state === 'accepted'));
  const own = factById(driver, learningIdOf(proposal.factKey)) ?? factsAbout(driver, proposal.factKey)[0];
  if (!own || own.state === 'rejected' || own.state === 'superseded') return 0;
  let changed = 0;
  for (const other of others) {
    // Two fixes of one error in two places are both right, unless one of them did not last.
    if (candidate.rule === 'fix' && (other.confidence >= 0.4 || own.confidence < 0.6)) continue;
    const [older, newer] = other.createdAt <= own.createdAt ? [other, own] : [own, other];
    setState(driver, older.id, 'superseded', { at: now, by: 'rules', action: 'superseded', supersededBy: newer.id });
    changed++;
  }
  return changed;
}

/** A fix whose edits turned out to be a dead end is no fix. */
function withdraw(driver: SqlDriver, { head }: SessionFacts, candidates: readonly Candidate[], now: number): number {
  const taken = new Set(candidates.filter(({ deadEnd }) => deadEnd).flatMap(({ evidence }) => evidence.filter(({ message }) => message === 'done').flatMap(({ lines }) => lines.map(({ uid }) => uid))));
  if (taken.size === 0) return 0;
  const doomed = candidates.filter(({ rule, edits }) => (rule === 'fix' || rule === 'model') && edits.length > 0 && edits.every((uid) => taken.has(uid)));
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
