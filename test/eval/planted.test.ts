/** Judges learnings from sessions with known endings, in a real memory: import, rules, git. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sureFrom } from '../../src/core/distil/learn/confidence';
import { GitLog } from '../../src/keeper/git-log';
import { openTestMemory } from '../fakes/test-memory';
import type { TestMemory } from '../fakes/test-memory';
import { plantCorpus } from '../fixtures/planted-corpus';
import type { Corpus } from '../fixtures/planted-corpus';
import { judge } from './planted';
import type { Judgement } from './planted';

let folder: string;
let test: TestMemory;
let corpus: Corpus;
let judgement: Judgement;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-planted-'));
  corpus = await plantCorpus(folder);
  test = await openTestMemory({ commits: new GitLog() });
  await test.import({ configDirs: [corpus.configDir], roots: [corpus.root], trustedRoots: [corpus.root] });
  await test.memory.relearn();
  judgement = await judge(test.memory, corpus, sureFrom);
}, 60_000);
afterAll(async () => {
  await test.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the planted corpus', () => {
  it('has no dead end that is called sure', () =>
    expect([judgement.deadEndsPromoted, judgement.wrong]).toEqual([0, []]));
  it('would have some if everything were called sure: the control', async () =>
    expect((await judge(test.memory, corpus, 0)).deadEndsPromoted).toBeGreaterThan(10));
  it('has what is called sure right in 95 of 100', () =>
    expect(judgement.right / judgement.sure).toBeGreaterThanOrEqual(0.95));
  it('has most of what was good', () => expect(judgement.found / judgement.planted).toBeGreaterThanOrEqual(0.9));
  it('has the dead ends as such', () =>
    expect(judgement.deadEndsKept / judgement.deadEndsPlanted).toBeGreaterThanOrEqual(0.9));
  it('has every quote in the line it names', () => {
    expect(judgement.quotes).toBeGreaterThan(100);
    expect(judgement.resolved).toBe(judgement.quotes);
  });
  it('tells in summaries of no fix that was taken back, and of nothing without its line', () => {
    expect(judgement.fixes.told).toBeGreaterThan(30);
    expect(judgement.fixes.kept).toBe(judgement.fixes.told);
    expect(judgement.sentences.told).toBeGreaterThan(300);
    expect(judgement.sentences.resolved).toBe(judgement.sentences.told);
  });
  it('marks what names a file that is gone', () =>
    expect(judgement.byEnding.get('gone')).toMatchObject({ learnings: 6, stale: 6, sure: 0 }));
  it('promotes no dead end as a fact when a person accepts everything', async () => {
    const { items } = await test.memory.listLearnings({ state: 'proposed', limit: 200 });
    for (const { id, confidence } of items) if (confidence >= sureFrom) await test.memory.reviewLearning(id, 'accept');
    const accepted = (await test.memory.listLearnings({ limit: 200 })).items.map(({ id }) => id);
    const { text } = await test.memory.promotion(accepted, '');
    const facts = text
      .split('\n')
      .filter((line) => line.startsWith('- ') && !line.startsWith('- Fails when') && !line.includes('Never put'));
    expect(facts.length).toBeGreaterThan(20);
    expect(facts.filter((line) => line.includes('doomed'))).toEqual([]);
  });
});
