/**
 * Learnings in a model's summary. They become proposals like those of rules: with the lines they quote, the same
 * questions to git, and a prior below the reliable confidence. When a rule found the same fact, the model's words
 * replace the rule's.
 */
import type { DeadEnd } from '../../../protocol/learning';
import type { LearningCategory } from '../../../protocol/model';
import type { Redacted } from '../../observe/redact';
import type { SqlDriver } from '../../store/sqlite/driver';
import { editsBehind } from '../../store/tables/learning-evidence';
import { factsOfSession, rewordProposal } from '../../store/tables/proposals';
import { callsByUid } from '../../store/tables/session-lines';
import type { LineQuote } from '../../store/tables/summaries';
import { isEdit } from '../reading/outcomes';
import type { Candidate, EvidenceDraft } from './candidate';
import { declaredIn, reactionTo } from './candidate';
import { keepCandidates } from './learn';
import type { LearnPorts } from './learn';
import { done } from './rules/fixes';
import { sealCandidates } from './seal-candidates';
import type { SessionFacts } from './session-facts';
import { undoingsOf } from './undone';

/** A learning whose quotes all occur in the named lines. */
export interface CheckedLearning {
  category: LearningCategory;
  title: string;
  text: string;
  deadEnd?: DeadEnd;
  quotes: LineQuote[];
}

/** Redacts them; returns a function that stores them in the caller's transaction. */
export async function proposeFromModel(
  ports: LearnPorts,
  learnings: readonly CheckedLearning[],
  facts: SessionFacts,
): Promise<() => void> {
  const { driver } = ports;
  const plans = learnings.map((learning) => ({
    learning,
    candidate: candidateOf(learning, facts),
    sameAs: ruleFactOf(driver, learning, facts),
  }));
  const worded = plans.filter(({ sameAs }) => sameAs !== undefined);
  const words = await ports.seal(worded.flatMap(({ learning }) => [learning.title, learning.text]));
  const sealed = await sealCandidates(
    ports,
    plans.filter(({ sameAs }) => sameAs === undefined).map(({ candidate }) => candidate),
    facts,
    'model',
  );
  return () => {
    worded.forEach(({ sameAs }, index) =>
      rewordProposal(driver, sameAs ?? '', words[index * 2] as Redacted, words[index * 2 + 1] as Redacted, ports.now()),
    );
    keepCandidates(ports, sealed, facts);
  };
}

function candidateOf({ category, title, text, deadEnd, quotes }: CheckedLearning, facts: SessionFacts): Candidate {
  const cited = new Set(quotes.map(({ uid }) => uid));
  const lines = facts.lines.filter(({ uid }) => cited.has(uid));
  const edits = lines.filter((line) => isEdit(line));
  const about = [title, text].join(' ');
  const at = Math.max(0, ...lines.map((line) => line.at));
  const said: EvidenceDraft = {
    key: `model:${[...cited].join(':')}`,
    kind: 'line',
    speaks: 0,
    message: 'explained',
    args: [],
    lines: quotes.map(({ uid, quote }) => ({ uid, quote })),
    at,
  };
  const outcomes = [...new Set(lines.map(({ turn }) => turn))].flatMap((turn) => reactionTo(facts, turn, about));
  return {
    rule: 'model',
    topic: title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim(),
    fact: '',
    category,
    title,
    description: text,
    context: '',
    tags: [],
    ...(deadEnd && { deadEnd }),
    memoryKind: category === 'solution' || category === 'config' ? 'procedural' : 'semantic',
    importance: 0.6,
    cites: {
      files: [...new Set(edits.flatMap(({ diffs }) => diffs.map(({ file }) => file)))].slice(0, 8),
      symbols: declaredIn(edits),
    },
    edits: edits.map(({ uid }) => uid),
    at,
    // A dead end is undone by definition, so undone edits are no evidence against it.
    evidence: [
      said,
      ...(edits.length > 0 ? [done(edits)] : []),
      ...(deadEnd ? [] : [...outcomes, ...undoingsOf(facts, edits)]),
    ],
  };
}

/** A rule's proposal of the same category that rests on the same edits. */
function ruleFactOf(
  driver: SqlDriver,
  { deadEnd, quotes }: CheckedLearning,
  { head }: SessionFacts,
): string | undefined {
  const cited = new Set(quotes.map(({ uid }) => uid));
  const same = factsOfSession(driver, head.id).find(
    ({ id, state, origin, isDeadEnd }) =>
      state === 'proposed' &&
      origin === 'rules' &&
      isDeadEnd === (deadEnd !== undefined) &&
      callsByUid(driver, editsBehind(driver, id)).some(({ uid }) => cited.has(uid)),
  );
  // A dead end found by a rule keeps its texts, which are facts.
  return same?.isDeadEnd ? undefined : same?.id;
}
