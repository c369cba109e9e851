/**
 * How sure a found learning is: log-odds of its evidence, added up. Nothing is learnt by counting words of a model:
 * every term is something that happened, in a transcript, in git, or by a person's hand.
 */
import type { LearningState } from '../../../protocol/learning';
import type { EvidenceWeight } from '../../store/tables/learning-evidence';

/**
 * From here on a learning holds. A check that turned green is not enough: that it was kept must show in git, by a
 * person's word or in a later session.
 */
export const sureFrom = 0.8;

/**
 * What a rule finds is right so often before anything else is known, as log-odds: judged by reading what it found
 * (docs/evaluation.md).
 */
const priors: Readonly<Record<string, number>> = {
  told: 1.5,
  fix: -0.4,
  check: 0.2,
  failing: 0.3,
  deadend: 0.4,
  together: 0.9,
  model: -0.6,
};

const verified = 1.6;
const flaky = -2.5;
const reactions = { accepted: 1, corrected: -2, undone: -3 } as const;
const reverted = -3;
const missing = -1;
const acceptedByPerson = 2.5;
/** Of the second, third … session that says so. */
const reconfirmations = [0.8, 0.5, 0.3, 0.2, 0.1];

/** 0 to 1. `rule`: the first word of the fact's key. */
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

/** Half of the lines still there says nothing; next to none says that the change was not kept. */
function weighSurvival(share: number): number {
  return (share - 0.5) * 3 - (share < 0.2 ? 1 : 0);
}

/**
 * Each further session that says so counts, each less than the one before; in whatever order they were read. Git and
 * undoings are no sessions of that kind.
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
