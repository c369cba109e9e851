/**
 * Life of a found learning: proposed once, confirmed, contradicted, reviewed, made stale by the repository, forgotten
 * with its session.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import type { TestMemory } from '../../../../test/fakes/test-memory';
import { fakeSecrets } from '../../../../test/fixtures/secrets';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';
import { evidenceMessages } from '../../../protocol/learning';
import type { Learning } from '../../../protocol/model';
import type { CommittedFile } from '../../lib/git';
import { breathe } from '../../lib/turns';
import { createRedactor } from '../../observe/redact';
import { readWritten } from '../../store/backup/written';
import { sessionHead, sessionLines } from '../../store/tables/session-lines';
import { updateGraph } from '../graph/graph';
import { learnFromSession } from './learn';

const file = '/work/shop/src/basket.ts';
const red =
  "Exit code 1\n FAIL  src/basket.test.ts\nTypeError: cannot read properties of null (reading 'items')\n Tests  1 failed | 3 passed";
const green = ' Tests  4 passed';

/** Answers of git, which tests change. */
const head = {
  commit: 'a',
  files: new Map<string, CommittedFile>(),
  commits: [] as { subject: string; at: number; files: string[] }[],
  questions: 0,
};
let test: TestMemory;
beforeEach(async () => {
  Object.assign(head, {
    commit: 'a',
    files: new Map(),
    commits: [{ subject: 'work of the week', at: Date.UTC(2026, 10, 9), files: [file] }],
    questions: 0,
  });
  test = await openTestMemory({
    commits: {
      setRoots: () => undefined,
      trusted: () => ['/work/shop'],
      head: async () => head.commit,
      commits: async () => head.commits,
      files: async (_, paths) => {
        head.questions++;
        return new Map([...head.files].filter(([path]) => paths.includes(path)));
      },
    },
  });
});
afterEach(() => test.close());

/** The files in HEAD change only together with HEAD. */
const commitFiles = (files: typeof head.files): void => void Object.assign(head, { files, commit: `${head.commit}a` });
const day = (number: number) => Date.UTC(2026, 10, number, 9);
const open = (number: number) => new Transcript(sessionId(number), { startedAt: day(number) });
const write = async (...transcripts: Transcript[]) => {
  for (const transcript of transcripts) await writeTranscript(test.configDir, transcript.sessionId, transcript);
  await test.import();
  return test.memory.relearn();
};
function fix(number: number, after = "if (!basket) throw new Error('no basket yet');"): Transcript {
  const transcript = open(number);
  transcript.prompt('the basket check fails, please fix it');
  transcript.tool('Bash', { command: 'npm test' }, red, { is_error: true });
  transcript.answer('The items cannot be read because nobody guards a basket that is still empty.');
  transcript.tool(
    'Edit',
    { file_path: file, old_string: 'const items = basket.items;', new_string: `${after}\nconst items = basket.items;` },
    'updated',
  );
  transcript.tool('Bash', { command: 'npm test' }, green);
  return transcript;
}
const told = (number: number, text: string) => {
  const transcript = open(number);
  transcript.prompt(text);
  transcript.answer('Understood.');
  return transcript;
};
const list = async (state: Learning['state'], category?: Learning['category']) =>
  (await test.memory.listLearnings({ state, ...(category && { category }) })).items;
/** What was taken back waits, and is found by its words. */
const takenBack = async () => {
  expect(await list('proposed', 'solution')).toEqual([]);
  return (await test.memory.listLearnings({ state: 'proposed', category: 'solution', text: 'items' })).items;
};

/** A finding of a linter that an edit solved. */
function lintFix(number: number, line: number, what: string): Transcript {
  const transcript = open(number);
  transcript.prompt('fix the lint findings');
  const rule = '@typescript-eslint/no-floating-promises';
  const found = `Exit code 1\n${file}\n  ${line}:3  error  ${what}  ${rule}\n\n✖ 1 problem (1 error, 0 warnings)`;
  transcript.tool('Bash', { command: 'npx eslint src' }, found, { is_error: true });
  transcript.tool(
    'Edit',
    { file_path: file, old_string: `save${number}();`, new_string: `await save${number}();` },
    'updated',
  );
  transcript.tool('Bash', { command: 'npx eslint src' }, '');
  return transcript;
}

describe('the list of proposals', () => {
  it('has one row for a rule of a linter, and leads with what is worth more', async () => {
    await write(
      lintFix(1, 12, 'Promises must be awaited here'),
      lintFix(2, 40, 'Promises of saving must be handled'),
      told(3, 'Always sign your commits in this project.'),
    );
    const proposed = await list('proposed');
    const lint = proposed.filter(({ tags, category }) => tags.includes('lint') && category === 'solution');
    expect(lint.map(({ sourceSessions }) => sourceSessions.length)).toEqual([2]);
    expect(proposed[0]?.title).toBe('Always sign your commits in this project.');
    expect(proposed.findIndex(({ tags }) => tags.includes('lint'))).toBeGreaterThan(0);
    // Pages go on where the one before ended.
    const first = await test.memory.listLearnings({ state: 'proposed', limit: 1 });
    const rest = await test.memory.listLearnings({ state: 'proposed', ...(first.next && { cursor: first.next }) });
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(proposed.map(({ id }) => id));
  });
});

it('counts proposals by when they were added, not by when they were said', async () => {
  await write(told(3, 'Always sign your commits in this project.'));
  const { count, newest } = await test.memory.newProposals();
  expect(count).toBe((await list('proposed')).length);
  expect(await test.memory.newProposals(newest)).toEqual({ count: 0, newest });
  // An older session that is read later is news all the same.
  await write(told(1, 'From now on use npm for everything.'));
  const [added] = (await list('proposed')).filter(({ title }) => title.includes('npm'));
  expect((await test.memory.newProposals(newest)).count).toBe(1);
  await test.memory.reviewLearning(added!.id, 'reject');
  expect((await test.memory.newProposals(newest)).count).toBe(0);
});

describe('a found learning', () => {
  it('is proposed once, however often it is looked for, and is not found by search before a person accepts it', async () => {
    expect(await write(fix(1))).toMatchObject({ proposed: 2 });
    expect(await test.memory.relearn()).toEqual({ proposed: 0, changed: 0 });
    const [learning] = await list('proposed', 'solution');
    expect(learning).toMatchObject({
      origin: 'rules',
      evidence: { for: 1, against: 0 },
      sourceSessions: [sessionId(1)],
    });
    expect((await test.memory.search({ text: 'type:learning' })).total).toBe(0);
    await test.memory.reviewLearning(learning!.id, 'accept');
    expect((await test.memory.search({ text: 'type:learning basket' })).hits.map(({ key }) => key)).toEqual([
      `l${learning!.id}`,
    ]);
    await test.memory.reviewLearning(learning!.id, 'reopen');
    expect((await test.memory.search({ text: 'type:learning' })).total).toBe(0);
    expect((await test.memory.learningProof(learning!.id)).trail.map(({ action }) => action)).toEqual([
      'proposed',
      'accepted',
      'reopened',
    ]);
  });

  it('gets surer when a later session says the same, and is still one', async () => {
    await write(fix(1));
    const [first] = await list('proposed', 'solution');
    await write(fix(2));
    const [second, other] = await list('proposed', 'solution');
    expect(other).toBeUndefined();
    expect(second!.confidence).toBeGreaterThan(first!.confidence);
    expect(second!.sourceSessions).toEqual([sessionId(1), sessionId(2)]);
  });

  it('that was rejected is not proposed again', async () => {
    await write(fix(1));
    const [learning] = await list('proposed', 'solution');
    await test.memory.reviewLearning(learning!.id, 'reject');
    await write(fix(2));
    expect(await list('proposed', 'solution')).toEqual([]);
    expect(await list('rejected')).toHaveLength(1);
  });

  it('loses to what was said later about the same thing, with a trail to it', async () => {
    await write(told(1, 'From now on use npm for everything.'), told(2, 'We always use pnpm here, never npm.'));
    const [now] = await list('proposed', 'best_practice');
    const [before] = await list('superseded');
    expect([now?.title, before?.title]).toEqual([
      'We always use pnpm here, never npm.',
      'From now on use npm for everything.',
    ]);
    const proof = await test.memory.learningProof(before!.id);
    expect(proof.supersededBy?.id).toBe(now?.id);
    expect(proof.trail.at(-1)).toMatchObject({ action: 'superseded', note: now?.title });
  });

  it('follows the repository: surer while its lines stand, unsure when they go, stale when the file does', async () => {
    await write(fix(1));
    const [learning] = await list('proposed', 'solution');
    const confidence = async () => {
      await test.memory.relearn();
      return (await test.memory.learningProof(learning!.id)).learning;
    };
    commitFiles(
      new Map([
        [
          file,
          { isThere: true, text: "if (!basket) throw new Error('no basket yet');\nconst items = basket.items;\n" },
        ],
      ]),
    );
    const standing = await confidence();
    expect(standing.confidence).toBeGreaterThan(learning!.confidence);
    commitFiles(new Map([[file, { isThere: true, text: 'const items = basket.items;\n' }]]));
    head.commits.push({ subject: 'Revert "guard the basket"', at: day(10), files: [file] });
    const gone = await confidence();
    expect(gone.confidence).toBeLessThan(0.1);
    commitFiles(new Map([[file, { isThere: false }]]));
    expect(await confidence()).toMatchObject({ staleReason: 'src/basket.ts' });
    commitFiles(new Map([[file, { isThere: true, text: "if (!basket) throw new Error('no basket yet');\n" }]]));
    expect((await confidence()).staleReason).toBeUndefined();
    const { trail } = await test.memory.learningProof(learning!.id);
    expect(trail.map(({ action }) => action)).toEqual(['proposed', 'stale', 'fresh']);
  });

  it('of a person is outdated when what it cites is gone, and fresh when it is back', async () => {
    await write(fix(1));
    const learn = (id: string, description: string) =>
      test.memory.saveLearning({
        id,
        category: 'best_practice',
        title: `Rule ${id}`,
        description,
        sourceSessions: [sessionId(1)],
      });
    await learn('own-file-01', 'Totals are made in `src/basket.ts` only.');
    await learn('own-name-01', '`sumOf` of src/basket.ts rounds.');
    await learn('own-other-1', '`neverThere` of src/basket.ts, and `src/example.ts`, which no commit has.');
    const stale = async () => {
      await test.memory.relearn();
      return (await list('accepted'))
        .flatMap(({ id, staleReason }) => (staleReason === undefined ? [] : [id]))
        .toSorted();
    };
    commitFiles(new Map([[file, { isThere: true, text: 'function sumOf() {}' }]]));
    expect(await stale()).toEqual([]);
    commitFiles(new Map([[file, { isThere: true, text: 'function total() {}' }]]));
    expect(await stale()).toEqual(['own-name-01']);
    const need = {
      text: 'Totals are made in src/basket.ts and sumOf rounds the basket',
      scope: { roots: ['/work/shop'] },
    };
    commitFiles(new Map([[file, { isThere: false }]]));
    expect(await stale()).toEqual(['own-file-01', 'own-name-01', 'own-other-1']);
    expect((await test.memory.brief({ folder: '/work/shop' })).text).not.toContain('own-file-01');
    expect((await test.memory.packContext(need)).text).not.toContain('Totals');
    commitFiles(new Map([[file, { isThere: true, text: 'function sumOf() {}' }]]));
    expect(await stale()).toEqual([]);
    expect((await test.memory.packContext(need)).text).toContain('Totals');
  });

  it('is not judged by a HEAD that cannot have it yet', async () => {
    head.commits = [{ subject: 'before', at: Date.UTC(2026, 9, 1), files: [file] }];
    head.files = new Map([[file, { isThere: true, text: 'const items = basket.items;\n' }]]);
    await write(fix(1));
    const [learning] = await list('proposed', 'solution');
    expect((await test.memory.learningProof(learning!.id)).evidence.map(({ kind }) => kind)).not.toContain('survival');
    head.commits.unshift({ subject: 'without the guard', at: day(9), files: [file] });
    head.commit = 'b';
    await test.memory.relearn();
    expect(
      (await test.memory.learningProof(learning!.id)).evidence.find(({ kind }) => kind === 'survival')?.args,
    ).toEqual([0, 1]);
  });

  it('loses its ground when a later session edits it back', async () => {
    const later = open(2);
    later.prompt('have a look at the basket');
    later.tool(
      'Edit',
      {
        file_path: file,
        old_string: "if (!basket) throw new Error('no basket yet');\nconst items = basket.items;",
        new_string: 'const items = basket.items;',
      },
      'updated',
    );
    await write(fix(1), later);
    const [learning] = await takenBack();
    expect(learning!.confidence).toBeLessThan(0.3);
    const { evidence } = await test.memory.learningProof(learning!.id);
    expect(evidence.find(({ kind }) => kind === 'revert')).toMatchObject({
      speaks: 'against',
      lines: [{ sessionId: sessionId(2) }],
    });
  });

  it('is found to be taken back in whatever order the sessions are read', async () => {
    const later = open(2);
    later.prompt('have a look at the basket');
    later.tool(
      'Edit',
      {
        file_path: file,
        old_string: "if (!basket) throw new Error('no basket yet');\nconst items = basket.items;",
        new_string: 'const items = basket.items;',
      },
      'updated',
    );
    for (const transcript of [fix(1), later]) await writeTranscript(test.configDir, transcript.sessionId, transcript);
    await test.import();
    const redactor = createRedactor({ salt: 'salt' });
    const ports = {
      driver: test.driver,
      now: () => test.now.value,
      seal: async (texts: readonly string[]) => (await redactor.redact(texts)).texts,
      turn: breathe,
    };
    for (const number of [2, 1]) await learnFromSession(ports, sessionId(number));
    expect((await takenBack())[0]!.confidence).toBeLessThan(0.3);
  });

  it('of files that change together needs three sessions', async () => {
    const both = (number: number) => {
      const transcript = open(number);
      transcript.prompt(`add field ${number} to the order form`);
      for (const name of ['schema', 'form'])
        transcript.tool(
          'Edit',
          {
            file_path: `/work/shop/src/${name}.ts`,
            old_string: 'fields = [',
            new_string: `fields = [\n  'field number ${number}',`,
          },
          'updated',
        );
      return transcript;
    };
    const learnt = async (number: number) => {
      await writeTranscript(test.configDir, sessionId(number), both(number));
      await test.import();
      const session = sessionHead(test.driver, sessionId(number))!;
      await updateGraph(ports, session, sessionLines(test.driver, session.no));
      await learnFromSession(ports, sessionId(number));
      return (await list('proposed', 'pattern')).map(({ title }) => title);
    };
    const redactor = createRedactor({ salt: 'salt' });
    const ports = {
      driver: test.driver,
      now: () => test.now.value,
      seal: async (texts: readonly string[]) => (await redactor.redact(texts)).texts,
      turn: breathe,
    };
    expect([await learnt(1), await learnt(2), await learnt(3)]).toEqual([
      [],
      [],
      ['When src/form.ts changes, src/schema.ts changes too'],
    ]);
  });

  it('that a person edits is theirs, and takes the place of the proposal', async () => {
    await write(fix(1));
    const [learning] = await list('proposed', 'solution');
    const { id, category, sourceSessions } = learning!;
    expect(
      await test.memory.saveLearning({
        id,
        category,
        title: 'Guard the basket',
        description: 'It may be null.',
        sourceSessions,
      }),
    ).toMatchObject({ state: 'accepted', origin: 'person' });
    await test.memory.relearn();
    expect((await list('accepted')).map(({ title }) => title)).toEqual(['Guard the basket']);
    expect(await list('proposed', 'solution')).toEqual([]);
  });

  it('goes with its session when that is forgotten, unless a person accepted it', async () => {
    await write(fix(1), told(2, 'Always sign your commits in this project.'));
    const [rule] = await list('proposed', 'best_practice');
    await test.memory.reviewLearning(rule!.id, 'accept');
    await test.memory.forgetSession(sessionId(1));
    await test.memory.forgetSession(sessionId(2));
    expect(await list('proposed')).toEqual([]);
    const [kept] = await list('accepted');
    expect(kept?.title).toBe('Always sign your commits in this project.');
    expect((await test.memory.learningProof(kept!.id)).evidence).toEqual([]);
    expect(test.driver.all("SELECT * FROM learning_evidence WHERE lines_json LIKE '%basket%'")).toEqual([]);
  });

  it('merged into another gives it its evidence and sessions', async () => {
    await write(
      told(1, 'Always sign your commits in this project.'),
      told(2, 'Never push a commit without a signature in this repo.'),
    );
    const [one, other] = await list('proposed', 'best_practice');
    const merged = await test.memory.mergeLearnings(one!.id, [other!.id]);
    expect(merged.sourceSessions).toHaveLength(2);
    expect(merged.evidence.for).toBe(2);
    expect((await list('superseded')).map(({ id }) => id)).toEqual([other!.id]);
    // After undoing the merge it has its former state.
    expect(await test.memory.reviewLearning(other!.id, 'reopen')).toMatchObject({
      state: 'proposed',
      confidence: other!.confidence,
      evidence: other!.evidence,
    });
    await expect(test.memory.mergeLearnings(one!.id, [one!.id])).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('merged and merged back is in one of the lists', async () => {
    await write(
      told(1, 'Always sign your commits in this project.'),
      told(2, 'Never push a commit without a signature in this repo.'),
    );
    const [one, other] = await list('proposed', 'best_practice');
    await test.memory.reviewLearning(other!.id, 'accept');
    await test.memory.mergeLearnings(one!.id, [other!.id]);
    await expect(test.memory.mergeLearnings(other!.id, [one!.id])).rejects.toMatchObject({ code: 'invalid_input' });
    // An accepted learning is accepted again after its merge is undone.
    expect((await test.memory.reviewLearning(other!.id, 'reopen')).state).toBe('accepted');
  });

  it('that a person accepted is not put aside by what is found later, but gets less sure and says why', async () => {
    await write(told(1, 'From now on use npm for everything.'));
    const [npm] = await list('proposed', 'best_practice');
    const { confidence } = await test.memory.reviewLearning(npm!.id, 'accept');
    await write(told(2, 'We always use pnpm here, never npm.'));
    const [kept] = await list('accepted');
    expect(kept).toMatchObject({ id: npm!.id, evidence: { against: 1 } });
    expect(kept!.confidence).toBeLessThan(confidence);
    expect((await list('proposed', 'best_practice')).map(({ title }) => title)).toEqual([
      'We always use pnpm here, never npm.',
    ]);
    expect((await test.memory.learningProof(npm!.id)).evidence.at(-1)?.message).toBe(evidenceMessages.otherwise);
  });

  it.each([[[1, 2, 3]], [[3, 2, 1]], [[2, 1, 3]], [[2, 3, 1]]])(
    'is what was said last, read in the order %j',
    async (order) => {
      const said = {
        1: 'From now on use npm for everything.',
        2: 'We always use pnpm here, never npm.',
        3: 'From now on use npm for everything.',
      } as const;
      for (const number of [1, 2, 3] as const)
        await writeTranscript(test.configDir, sessionId(number), told(number, said[number]));
      await test.import();
      const redactor = createRedactor({ salt: 'salt' });
      const ports = {
        driver: test.driver,
        now: () => test.now.value,
        seal: async (texts: readonly string[]) => (await redactor.redact(texts)).texts,
        turn: breathe,
      };
      for (const number of order) await learnFromSession(ports, sessionId(number));
      expect((await list('proposed', 'best_practice')).map(({ title }) => title)).toEqual([said[3]]);
      const [holding] = await list('proposed', 'best_practice');
      for (const number of [1, 2, 3]) await learnFromSession(ports, sessionId(number));
      expect(await list('proposed', 'best_practice')).toEqual([holding]);
    },
  );

  it('leaves no word behind when its session is forgotten, whatever git or another session said of it', async () => {
    head.files = new Map([
      [file, { isThere: true, text: "if (!basket) throw new Error('no basket yet, ACMECUSTOMER');\n" }],
    ]);
    const secret = "if (!basket) throw new Error('no basket yet, ACMECUSTOMER');";
    await write(
      fix(1, secret),
      fix(2, secret),
      told(3, 'Always greet ACMECUSTOMER first.'),
      told(4, 'Never greet ACMECUSTOMER first.'),
    );
    // A rejected learning of two sessions, of which one stays.
    const [solution] = await list('proposed', 'solution');
    await test.memory.reviewLearning(solution!.id, 'reject');
    for (const number of [1, 3, 4]) await test.memory.forgetSession(sessionId(number));
    const tables = ['learnings', 'learning_evidence', 'learning_trail'].map((table) =>
      JSON.stringify(
        test.driver.all(
          `SELECT * FROM ${table} WHERE ${table === 'learning_evidence' ? `session_id <> '${sessionId(2)}'` : '1'}`,
        ),
      ),
    );
    expect(tables.filter((text) => text.includes('ACMECUSTOMER'))).toEqual([]);
    expect(await list('rejected')).toMatchObject([{ id: solution!.id, title: '', sourceSessions: [sessionId(2)] }]);
    await test.memory.relearn();
    expect((await list('proposed', 'solution')).map(({ id }) => id)).toEqual([]);
  });

  it('is found again in the sessions that are left', async () => {
    await write(fix(1), fix(2));
    await test.memory.forgetSession(sessionId(1));
    expect(await list('proposed', 'solution')).toEqual([]);
    expect(test.driver.all("SELECT subject FROM task_queue WHERE type = 'learn'")).toEqual([{ subject: sessionId(2) }]);
    await test.memory.relearn();
    expect(await list('proposed', 'solution')).toMatchObject([{ sourceSessions: [sessionId(2)] }]);
  });

  it('that only rules put aside is in no backup of what a person wrote', async () => {
    await write(told(1, 'From now on use npm for everything.'), told(2, 'We always use pnpm here, never npm.'));
    expect(readWritten(test.driver).learnings).toEqual([]);
    const [now] = await list('proposed', 'best_practice');
    await test.memory.reviewLearning(now!.id, 'accept');
    const { learnings, proofs } = readWritten(test.driver);
    expect([
      learnings.map(({ id }) => id),
      [...new Set(proofs?.evidence.map(({ learning_id }) => learning_id))],
    ]).toEqual([[now!.id], [now!.id]]);
  });

  it('never holds a secret, though the session showed one', async () => {
    const key = fakeSecrets.find(({ name }) => name === 'Anthropic key')!.value;
    const transcript = fix(1, `const key = '${key}';`);
    await write(transcript);
    expect(await list('proposed', 'solution')).toHaveLength(1);
    for (const table of ['learnings', 'learning_evidence'])
      expect(JSON.stringify(test.driver.all(`SELECT * FROM ${table}`))).not.toContain(key.slice(0, 20));
  });
});

it('git is asked about a learning once, until the learning or HEAD changes', async () => {
  head.files = new Map([[file, { isThere: true, text: "if (!basket) throw new Error('no basket yet');\n" }]]);
  await write(fix(1));
  const first = head.questions;
  expect(first).toBeGreaterThan(0);
  await test.memory.relearn();
  expect(head.questions).toBe(first);
  head.commit = 'b';
  await test.memory.relearn();
  expect(head.questions).toBe(first * 2);
});
