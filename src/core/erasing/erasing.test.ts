/** Erasing rows: what goes, what stays, what is cut off and finished, and the receipt. */
import nodeFs from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { canariesOf, canaryOf, findCanaries, makeOfCanaries, writeCanaries } from '../../../test/fixtures/canaries';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { MemoryError } from '../../protocol/errors';

/** A line of a transcript. */
interface ItemOf {
  uuid?: string;
  parentUuid?: string | null;
}

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

const [one, two, three] = [sessionId(1), sessionId(2), sessionId(3)];
const word = 'velvetquarry';
const found = (canaries: readonly string[]) => {
  test.driver.checkpoint();
  test.archive.checkpoint();
  return Object.fromEntries(findCanaries(test.dataDir, canaries, test));
};
const total = async (text: string) => (await test.memory.search({ text })).total;
const codeOf = (code: MemoryError['code']) => (error: unknown) => MemoryError.is(error, code);
const keyOf = (text: string) =>
  test.driver.get<{ key: string }>("SELECT 'p' || id AS key FROM prompts WHERE content LIKE ?", [`%${text}%`])!.key;
const target = { kind: 'query', query: { text: word } } as const;

async function remember(): Promise<void> {
  await writeCanaries(test.configDir, one, { word });
  await writeCanaries(test.configDir, two);
  await test.import();
  makeOfCanaries(test.driver, one, { word });
  makeOfCanaries(test.driver, two);
  await test.memory.backUp('before');
}
const gone = canariesOf(one);
const kept = canariesOf(two).filter((canary) => canary !== canaryOf(two, 'recent'));

describe('before anything is erased', () => {
  it('says what would go: counts, examples, what quotes it', async () => {
    await remember();
    const uid = test.driver.get<{ uid: string }>('SELECT uid FROM prompts WHERE content LIKE ?', [
      `%${canaryOf(one, 'prompt')}%`,
    ])!.uid;
    await test.memory.saveLearning({
      id: 'learning-one',
      category: 'general',
      title: 'what was agreed',
      description: '',
    });
    test.driver.run(
      `INSERT INTO learning_evidence (learning_id, evidence_key, kind, speaks, message, session_id, lines_json, at)
        VALUES ('learning-one', 'k', 'line', 1, 'x', ?, ?, 1)`,
      [one, JSON.stringify([{ uid, quote: 'x' }])],
    );
    const preview = await test.memory.previewErase(target);
    expect(preview).toMatchObject({
      sessions: 1,
      wholeSessions: 0,
      titles: 1,
      learnings: 0,
      notes: 0,
      summaries: 1,
      quoting: ['what was agreed'],
    });
    expect(preview.prompts).toBeGreaterThan(5);
    expect(preview.observations).toBeGreaterThan(5);
    expect(preview.backups).toBeGreaterThan(0);
    expect(preview.examples).toHaveLength(5);
    expect(preview.examples[0]!.text).toContain(word);
    expect(await total(word)).toBe(1);
  });

  it('refuses what is nothing, not understood, or everything', async () => {
    await remember();
    for (const text of ['', 'project:nosuchproject velvetquarry', 'after:nonsense velvetquarry'])
      await expect(test.memory.erase('no', { kind: 'query', query: { text } }), text).rejects.toSatisfy(
        codeOf('invalid_input'),
      );
    await expect(test.memory.erase('no', { kind: 'query', query: { text: 'nothinghasthis' } })).rejects.toSatisfy(
      codeOf('not_found'),
    );
    await expect(test.memory.erase('no', { kind: 'rows', keys: [`s${one}`] })).rejects.toSatisfy(
      codeOf('invalid_input'),
    );
    await expect(test.memory.erase('no', { kind: 'rows', keys: ['p999999'] })).rejects.toSatisfy(codeOf('not_found'));
    expect(await test.memory.listReceipts()).toEqual([]);
  });

  it('takes no row for a word that is only alike', async () => {
    await remember();
    await expect(test.memory.erase('no', { kind: 'query', query: { text: 'velvetquarr' } })).rejects.toSatisfy(
      codeOf('not_found'),
    );
  });

  it('can be cancelled', async () => {
    await remember();
    const cancel = new AbortController();
    const running = test.memory.erase('one', target, cancel.signal);
    const ended = expect(running).rejects.toSatisfy(codeOf('cancelled'));
    cancel.abort();
    await ended;
    expect(await total(word)).toBe(1);
    expect(test.driver.get('SELECT count(*) AS n FROM erased_rows')).toEqual({ n: 0 });
    expect(test.events.filter(({ name }) => name === 'erase').at(-1)?.event).toBeNull();
  });
});

describe('erasing', () => {
  it('by a search leaves none of it, and all else as it was', async () => {
    await remember();
    const receipt = await test.memory.erase('one', target);
    expect(found(gone)).toEqual({});
    const there = new Set(Object.values(found(kept)).flat());
    expect(kept.filter((canary) => !there.has(canary))).toEqual([]);
    expect(receipt.body).toMatchObject({ residue: 0, shared: expect.any(Number), backupsReplaced: 1 });
    expect(receipt.body.files.map(({ part }) => part)).toEqual(
      expect.arrayContaining(['database', 'archive', 'backup']),
    );
    expect(JSON.stringify(receipt)).not.toMatch(new RegExp(`${word}|${gone.join('|')}`));
    // Asked again, as a head does when the answer was lost, it is the same receipt.
    expect(await test.memory.erase('one', target)).toEqual(receipt);
    const session = await test.memory.getSession(one);
    expect(session.title).toBe('nothing of this kind stands here yet');
    expect((await test.read(one)).length).toBeGreaterThan(3);
    expect(test.driver.all("INSERT INTO fulltext (fulltext) VALUES ('integrity-check')")).toEqual([]);
    expect(
      test.driver.get("SELECT count(*) AS n FROM task_queue WHERE type = 'summarize' AND subject = ?", [one]),
    ).toEqual({
      n: 1,
    });
  });

  it('a restored transcript has the lines without what they said, and their place in the conversation', async () => {
    await remember();
    await test.memory.erase('one', target);
    const { path: file } = test.archive.get<{ path: string }>(
      "SELECT path FROM files WHERE session_id = ? AND kind = 'main'",
      [one],
    )!;
    const before = nodeFs
      .readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ItemOf);
    await rm(path.join(path.dirname(file), one), { recursive: true });
    await rm(file);
    await test.import();
    const restored = await test.memory.restoreTranscript(one);
    const text = nodeFs.readFileSync(restored.files[0]!.path, 'utf8');
    for (const canary of gone) expect(text).not.toContain(canary);
    const after = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ItemOf);
    expect(after.map(({ uuid, parentUuid }) => [uuid, parentUuid])).toEqual(
      before.map(({ uuid, parentUuid }) => [uuid, parentUuid]),
    );
    expect(text).toContain('something else that stays');
  });

  it('one row goes by its key, and short ones too', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('first words of it');
    transcript.prompt('aye');
    transcript.answer('ok');
    await writeTranscript(test.configDir, one, transcript);
    await test.import();
    const receipt = await test.memory.erase('one', { kind: 'rows', keys: [keyOf('aye')] });
    expect(receipt.body).toMatchObject({ erased: { prompts: 1, observations: 0 }, pieces: 0, withoutPiece: 1 });
    expect((await test.read(one)).map((item) => (item.kind === 'message' ? item.text : ''))).toEqual([
      'first words of it',
      'ok',
    ]);
    test.driver.run('DELETE FROM sources');
    await test.import();
    expect(await test.read(one)).toHaveLength(2);
  });

  it('rows that a fork shows go from both, and stay away when either is read again', async () => {
    const transcript = new Transcript(one);
    transcript.prompt(`remember the ${word}`);
    transcript.answer('I will');
    await writeTranscript(test.configDir, one, transcript);
    // A fork copies the lines under a session id of its own.
    const fork = transcript.text().replaceAll(one, two);
    await writeTranscript(test.configDir, two, fork);
    await test.import();
    await test.memory.erase('one', target);
    expect(await total(word)).toBe(0);
    expect(found([word])).toEqual({});
    test.driver.run('DELETE FROM sources');
    await test.import();
    await writeTranscript(test.configDir, three, transcript.text().replaceAll(one, three));
    await test.import();
    expect(await total(word)).toBe(0);
    expect(found([word])).toEqual({});
  });

  it('a session of which nothing is left goes, and comes back with what it says next', async () => {
    const transcript = new Transcript(one, { branch: 'fix/velvetquarry' });
    transcript.prompt(`remember the ${word}`);
    transcript.answer(`the ${word} indeed`);
    await writeTranscript(test.configDir, one, transcript);
    await test.import();
    expect((await test.memory.previewErase(target)).wholeSessions).toBe(1);
    const receipt = await test.memory.erase('one', target);
    expect(receipt.body.erased.sessions).toBe(1);
    await expect(test.memory.getSession(one)).rejects.toSatisfy(codeOf('not_found'));
    transcript.prompt('now something else');
    await writeTranscript(test.configDir, one, transcript);
    await test.import();
    expect((await test.read(one)).map((item) => (item.kind === 'message' ? item.text : ''))).toEqual([
      'now something else',
    ]);
    const { ledger } = await test.memory.status();
    expect(ledger.bytesSeen).toBe(
      ledger.bytesStored + Object.values(ledger.bytesSkipped).reduce((a, b) => a + (b ?? 0), 0),
    );
    expect(ledger.bytesSkipped['forgotten']).toBeGreaterThan(0);
  });

  it('a result that comes after its call was erased is not taken in', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('list the files');
    const call = transcript.call('Bash', { command: `ls ${word}` });
    await writeTranscript(test.configDir, one, transcript);
    await test.import();
    await test.memory.erase('one', target);
    transcript.result(call, `${word}.txt`);
    transcript.answer('there is one');
    await writeTranscript(test.configDir, one, transcript);
    await test.import();
    expect(await total(word)).toBe(0);
    expect(found([word])).toEqual({});
  });

  it('what is said again later is remembered', async () => {
    await remember();
    await test.memory.erase('one', target);
    const later = new Transcript(three, { startedAt: Date.UTC(2026, 10, 21) });
    later.prompt(`once more about ${word}`);
    await writeTranscript(test.configDir, three, later);
    await test.import();
    expect(await total(word)).toBe(1);
  });
});

describe('cut off', () => {
  it.each([1, 4, 9, 16, 30, 60])('after %i steps, the next keeper finishes it', async (steps) => {
    await remember();
    const running = test.memory.erase('one', target);
    const ended = running.then(
      () => true,
      () => false,
    );
    // oxlint-disable-next-line no-await-in-loop -- one turn of the loop after the other
    for (let step = 0; step < steps; step++) await new Promise((resolve) => setImmediate(resolve));
    await test.reopen();
    await ended;
    test.memory.start();
    const receipt = await test.memory.erase('one', target);
    expect(receipt.body.residue).toBe(0);
    expect(found(gone)).toEqual({});
    const receipts = await test.memory.listReceipts();
    expect(receipts).toHaveLength(1);
    expect((await test.memory.verifyAudit()).changed).toEqual([]);
  });

  it('and with a memory of an earlier day put back, it is erased there', async () => {
    await remember();
    const copy = `${test.dataDir}.copy`;
    await test.memory.close();
    test.driver.checkpoint();
    await cp(test.dataDir, copy, { recursive: true });
    await test.reopen();
    await test.memory.erase('one', target);
    const marks = nodeFs.readFileSync(path.join(test.dataDir, 'erased.jsonl'), 'utf8');
    expect(marks).not.toContain(word);
    await cp(path.join(test.dataDir, 'erased.jsonl'), path.join(copy, 'erased.jsonl'));
    await test.memory.close();
    await test.replaceFolder(copy);
    expect(await total(word)).toBe(1);
    test.memory.start();
    await test.memory.whenErased();
    expect(found(gone)).toEqual({});
    expect((await test.memory.listReceipts())[0]?.body.kind).toBe('again');
  });
});

describe('receipts', () => {
  it('are signed, and one that was changed is seen', async () => {
    await remember();
    await test.memory.erase('one', target);
    await test.memory.forgetSession(two);
    await test.memory.whenErased();
    const receipts = await test.memory.listReceipts();
    expect(receipts.map(({ body, isGenuine, isInAudit }) => [body.kind, body.residue, isGenuine, isInAudit])).toEqual(
      expect.arrayContaining([
        ['query', 0, true, true],
        ['session', 0, true, true],
      ]),
    );
    test.driver.run(`UPDATE receipts SET body = replace(body, '"residue":0', '"residue":1') WHERE id = 'one'`);
    const changed = (await test.memory.listReceipts()).find(({ body }) => body.id === 'one');
    expect([changed?.isGenuine, changed?.isInAudit]).toEqual([false, false]);
  });

  it('tell plainly what is left', async () => {
    await remember();
    const left = path.join(test.dataDir, 'left-over.txt');
    nodeFs.writeFileSync(left, `a copy by hand: please look at ${word} ${canaryOf(one, 'prompt')}`);
    const receipt = await test.memory.erase('one', target);
    expect(receipt.body.residue).toBeGreaterThan(0);
    expect(receipt.body.files.find(({ part }) => part === 'other')?.found).toBe(receipt.body.residue);
    nodeFs.rmSync(left);
  });

  it('name an export in which it still stands, and count it for no residue, since it is the person’s', async () => {
    await remember();
    const exported = async () => {
      const folder = path.dirname(test.dataDir);
      return (await test.memory.exportMemory({ requestId: crypto.randomUUID(), folder, format: 'jsonl' })).folder;
    };
    const [before, deleted] = [await exported(), await exported()];
    await rm(deleted, { recursive: true });
    const { body } = await test.memory.erase('one', target);
    expect(body.residue).toBe(0);
    expect(body.exports).toEqual([{ folder: before, bytes: expect.any(Number), found: expect.any(Number) }]);
    expect(body.exports?.[0]?.found).toBeGreaterThan(0);
    const after = await exported();
    const again = await test.memory.erase('two', { kind: 'query', query: { text: canaryOf(two, 'prompt') } });
    expect(again.body.exports?.map(({ folder, found: pieces }) => [folder, pieces > 0])).toEqual([
      [before, true],
      [after, true],
    ]);
  });

  it('follow delete all, and the audit log outlives it', async () => {
    await remember();
    await test.memory.as('window').deleteEverything();
    await test.memory.whenErased();
    expect(found([...gone, ...kept])).toEqual({});
    expect((await test.memory.listReceipts())[0]?.body).toMatchObject({ kind: 'everything', residue: 0 });
    const { items } = await test.memory.readAudit({});
    expect(items.map(({ action }) => action)).toEqual(expect.arrayContaining(['delete_all', 'receipt']));
  });
});
