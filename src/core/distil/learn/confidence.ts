/**
 * Confidence of a found learning: the sum of the log-odds of its evidence. Every term is an event in a transcript, in
 * git or by a person; what a model claims does not count.
 */
import type { LearningState } from '../../../protocol/learning';
import type { EvidenceWeight } from '../../store/tables/learning-evidence';

/**
 * From this confidence a learning counts as reliable. A check that turned green does not reach it: the change must also
 * have lasted, shown by git, a person or a later session.
 */
export const sureFrom = 0.8;

/**
 * Log-odds that a finding of each rule is right, before any evidence: estimated by reading findings
 * (docs/evaluation.md).
 */
const priors: Readonly<Record<string, number>> = {
  told: 1.5,
  fix: -0.4,
  check: 0.2,
  failing: 0.3,
  deadend: 0.4,
  together: 0.9,
  quirk: 0.5,
  model: -0.6,
  claude: -0.6,
};

const verified = 1.6;
const flaky = -2.5;
const reactions = { accepted: 1, corrected: -2, undone: -3 } as const;
const reverted = -3;
const missing = -1;
const acceptedByPerson = 2.5;
/** Log-odds for the second, third … session that confirms it. */
const reconfirmations = [0.8, 0.5, 0.3, 0.2, 0.1];

/** From 0 to 1. `rule`: the first part of the fact's key. */
export function confidenceOf(rule: string, state: LearningState, evidence: readonly EvidenceWeight[]): number {
  const sum =
    (priors[rule] ?? -0.4) +
    evidence.reduce((total, piece) => total + weigh(piece), 0) +
    confirmations(evidence) +
    (state === 'accepted' ? acceptedByPerson : 0);
  return Math.round((1 / (1 + Math.exp(-sum))) * 1000) / 1000;
}

function weigh({ kind, speaks, value }: EvidenceWeight): number {
  switch (kind) {
    case 'verification':
      return speaks > 0 ? verified : speaks < 0 ? flaky : 0;
    case 'reaction':
      return speaks > 0 ? reactions.accepted : speaks < 0 ? (value === 0 ? reactions.undone : reactions.corrected) : 0;
    case 'survival':
      return weighSurvival(value ?? 0.5);
    case 'revert':
      return speaks < 0 ? reverted : 0;
    case 'presence':
      return speaks < 0 ? missing : 0;
    default:
      return 0;
  }
}

/** When half of the lines are left, nothing follows. When almost none are, the change was not kept. */
function weighSurvival(share: number): number {
  return (share - 0.5) * 3 - (share < 0.2 ? 1 : 0);
}

/**
 * Each further session that confirms the fact counts less than the one before, in whatever order they were read.
 * Evidence from git and undone edits does not count as a session.
 */
function confirmations(evidence: readonly EvidenceWeight[]): number {
  const sessions = new Set(
    evidence
      .filter(({ kind, speaks, sessionId }) => sessionId !== '' && speaks >= 0 && confirming.has(kind))
      .map(({ sessionId }) => sessionId),
  );
  return reconfirmations.slice(0, Math.max(0, sessions.size - 1)).reduce((sum, each) => sum + each, 0);
}

const confirming: ReadonlySet<EvidenceWeight['kind']> = new Set(['line', 'verification', 'reconfirmation']);
