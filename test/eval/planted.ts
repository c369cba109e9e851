/** Judges learnings from the planted corpus, whose endings are known. */
import type { LearningProof } from '../../src/protocol/learning';
import type { MemoryApi } from '../../src/protocol/memory-api';
import type { Learning } from '../../src/protocol/model';
import type { Corpus, Ending } from '../fixtures/planted-corpus';

/**
 * From this confidence on, a learning counts as reliable; the same number as in confidence.ts, repeated here so that a
 * change there is noticed.
 */
export interface Judgement {
  /** Reliable, valid learnings that claim something works, and those of them that are right. */
  sure: number;
  right: number;
  /** Title and story of the wrong ones. */
  wrong: string[];
  /** Dead ends among them, and among the lines for CLAUDE.md if a person accepts everything. */
  deadEndsPromoted: number;
  /** Planted dead ends that were stored as dead ends. */
  deadEndsKept: number;
  deadEndsPlanted: number;
  /** Planted good changes that became a reliable learning. */
  found: number;
  planted: number;
  /** Quotes shown, and those that are in the line they name. */
  quotes: number;
  resolved: number;
  /** Fixes named in summaries, and those that still existed at the end of the session. */
  fixes: { told: number; kept: number };
  sentences: { told: number; resolved: number };
  byEnding: Map<Ending, { learnings: number; sure: number; deadEnds: number; stale: number }>;
}

const good: ReadonlySet<Ending> = new Set(['kept', 'accepted', 'repeated', 'corrected', 'deadEnd', 'told']);
const dead: ReadonlySet<Ending> = new Set(['corrected', 'deadEnd', 'reverted']);

export async function judge(memory: MemoryApi, corpus: Corpus, sureFrom: number): Promise<Judgement> {
  const proofs = await allProofs(memory, corpus);
  const found = { sure: 0, right: 0, wrong: [] as string[], deadEndsPromoted: 0, quotes: 0, resolved: 0 };
  const byEnding: Judgement['byEnding'] = new Map();
  const covered = { good: new Set<string>(), dead: new Set<string>() };
  for (const { learning, evidence } of proofs) {
    for (const line of evidence.flatMap(({ lines }) => lines)) {
      found.quotes++;
      if (line.key !== undefined && (await textOf(memory, line.key)).includes(line.quote)) found.resolved++;
    }
    const story = corpus.stories.find(
      ({ mark, sessions }) =>
        sessions.some((id) => learning.sourceSessions.includes(id)) &&
        (textsOf(learning).includes(mark) || sessions.length > 0),
    );
    // Commands and files that change together occur in all stories.
    if (!story || learning.category === 'config' || learning.category === 'pattern') continue;
    const counts = byEnding.get(story.ending) ?? { learnings: 0, sure: 0, deadEnds: 0, stale: 0 };
    byEnding.set(story.ending, counts);
    const isLiving = learning.state === 'proposed' || learning.state === 'accepted';
    const isSure = isLiving && learning.confidence >= sureFrom && learning.staleReason === undefined;
    counts.learnings++;
    if (learning.staleReason !== undefined) counts.stale++;
    if (learning.deadEnd) {
      counts.deadEnds++;
      if (isLiving && dead.has(story.ending)) covered.dead.add(story.mark);
      continue;
    }
    if (!isSure) continue;
    counts.sure++;
    found.sure++;
    const isRight = good.has(story.ending) && !textsOf(learning).includes('doomed');
    const isLatest = story.ending === 'contradicted' && textsOf(learning).startsWith('Never');
    if (isRight || isLatest) {
      found.right++;
      covered.good.add(story.mark);
    } else {
      found.wrong.push(`${story.ending}: ${learning.title}`);
      found.deadEndsPromoted++;
    }
  }
  return {
    ...found,
    ...(await judgeSummaries(memory, corpus)),
    byEnding,
    deadEndsKept: covered.dead.size,
    deadEndsPlanted: corpus.stories.filter(({ ending }) => dead.has(ending)).length,
    found: covered.good.size,
    planted: corpus.stories.filter(({ ending }) => good.has(ending) || ending === 'contradicted').length,
  };
}

/** In these stories no edit was left at the end of the first session. */
const takenBack: ReadonlySet<Ending> = new Set(['reverted', 'thrownAway', 'flaky', 'neverGreen']);

async function judgeSummaries(memory: MemoryApi, { stories }: Corpus): Promise<Pick<Judgement, 'fixes' | 'sentences'>> {
  const judged = { fixes: { told: 0, kept: 0 }, sentences: { told: 0, resolved: 0 } };
  for (const { ending, sessions } of stories) {
    for (const id of sessions) {
      const summary = await memory.summary(id);
      if (!summary) continue;
      const fixes = summary.errors.flatMap(({ fix }) => fix ?? []);
      judged.fixes.told += fixes.length;
      if (!takenBack.has(ending)) judged.fixes.kept += fixes.length;
      const { asked, done, decisions, openEnds, keyPoints, errors, commands, files } = summary;
      for (const { evidence } of [
        ...asked,
        ...done,
        ...decisions,
        ...openEnds,
        ...keyPoints,
        ...errors,
        ...fixes,
        ...commands,
        ...files,
      ]) {
        judged.sentences.told++;
        const areThere = await Promise.all(
          evidence.map(async ({ key, quote }) => key !== undefined && (await textOf(memory, key)).includes(quote)),
        );
        if (areThere.length > 0 && areThere.every(Boolean)) judged.sentences.resolved++;
      }
    }
  }
  return judged;
}

async function allProofs(memory: MemoryApi, corpus: Corpus): Promise<LearningProof[]> {
  const proofs = new Map<string, LearningProof>();
  for (const state of ['proposed', 'accepted', 'superseded', 'rejected'] as const) {
    // What waits until it is met again is found by its words: the mark of its story, or how titles of dead ends begin.
    for (const text of state === 'proposed' ? ['', 'taken back', ...corpus.stories.map(({ mark }) => mark)] : [''])
      for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
        const query = { state, text, limit: 200, ...(cursor !== undefined && { cursor }) };
        const page = await memory.listLearnings(query);
        for (const { id } of page.items) proofs.set(id, proofs.get(id) ?? (await memory.learningProof(id)));
        cursor = page.next;
      }
  }
  return [...proofs.values()];
}

const textsOf = ({ title, description }: Learning): string => `${title}\n${description}`;

/** The whole stored text of a row. */
async function textOf(memory: MemoryApi, key: string): Promise<string> {
  const item = await memory.getItem(key);
  return item.kind === 'message'
    ? item.text
    : [item.headline, item.input, item.output, ...item.diffs.flatMap(({ before, after }) => [before, after])].join(
        '\n',
      );
}
