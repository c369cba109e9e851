/** Decisions that are checked: proposed by rules, silent until confirmed, found where a file contradicts them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { Predicate } from '../../protocol/watch';

const shop = '/work/shop';
let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
  const transcript = new Transcript(sessionId(1), { cwd: shop });
  transcript.prompt('Which library for dates?');
  transcript.answer('Day.js it is.');
  await writeTranscript(test.configDir, sessionId(1), transcript, '-work-shop');
  await test.import();
});
afterEach(() => test.close());

async function learn(title: string, description = '', id = 'learning-0001'): Promise<string> {
  await test.memory.saveLearning({
    id,
    category: 'best_practice',
    title,
    description,
    sourceSessions: [sessionId(1)],
  });
  return id;
}

const dates = 'Use `dayjs` instead of `moment`';
const look = (text: string, file = `${shop}/src/cart.ts`, root = shop) =>
  test.memory.contradictions({ file, root, text });
const code = "import moment from 'moment';\nexport const now = () => moment();\n";

async function confirm(learningId: string, predicate?: Predicate): Promise<string> {
  const [proposed] = await test.memory.watches({ learningId });
  const wanted = predicate ?? proposed!.predicate;
  const watches = await test.memory.setWatch({ learningId, predicate: wanted, state: 'on' });
  return watches.find(({ state }) => state === 'on')!.id;
}

describe('a decision', () => {
  it('is proposed, and silent until a person confirms it', async () => {
    const id = await learn(dates);
    expect(await test.memory.watches({ learningId: id })).toMatchObject([
      { state: 'proposed', predicate: { kind: 'import', subject: 'moment', instead: 'dayjs' } },
      { state: 'proposed', predicate: { kind: 'dependency', subject: 'moment' } },
    ]);
    expect(await look(code)).toEqual([]);
    await confirm(id);
    expect(await look(code)).toMatchObject([
      { line: 0, from: 20, to: 26, follow: { text: 'dayjs' }, watch: { learning: { title: dates } } },
    ]);
    expect(await look(code.replaceAll('moment', 'dayjs'))).toEqual([]);
  });

  it('is silent in another project, and speaks in a worktree of its own', async () => {
    await confirm(await learn(dates));
    expect(await look(code, '/work/other/src/cart.ts', '/work/other')).toEqual([]);
    expect(await look(code, `${shop}/.worktrees/x/src/cart.ts`, `${shop}/.worktrees/x`)).toHaveLength(1);
  });

  it('does not apply to a line or a file, and does again', async () => {
    const watchId = await confirm(await learn(dates));
    const [first = ''] = code.split('\n');
    const here = { watchId, file: `${shop}/src/cart.ts`, root: shop };
    await test.memory.exceptWatch({ ...here, line: first }, true);
    expect(await look(`// moved\n${code}`)).toEqual([]);
    expect(await look(code, `${shop}/src/order.ts`)).toHaveLength(1);
    expect(await look(code.replace('import', '  import * as'))).toHaveLength(1);
    await test.memory.exceptWatch({ ...here, line: first }, false);
    expect(await look(code)).toHaveLength(1);
    await test.memory.exceptWatch(here, true);
    expect(await look(code.replace('import', '  import * as'))).toEqual([]);
    expect((await test.memory.watches({ onlyOn: true }))[0]?.exceptions).toBe(1);
    await test.memory.clearExceptions(watchId);
    expect(await look(code)).toHaveLength(1);
  });

  it('is superseded for a reason, and taken back', async () => {
    const id = await learn(dates);
    await confirm(id);
    await test.memory.supersedeLearning(id, 'Moment is in the browser now');
    expect(await look(code)).toEqual([]);
    expect((await test.memory.learningProof(id)).trail.at(-1)).toMatchObject({
      action: 'superseded',
      by: 'person',
      note: 'Moment is in the browser now',
    });
    await test.memory.reviewLearning(id, 'accept');
    expect(await look(code)).toHaveLength(1);
  });

  it('is switched off, refused and edited', async () => {
    const learningId = await learn(dates);
    const watchId = await confirm(learningId);
    const [on] = await test.memory.watches({ onlyOn: true });
    const { predicate } = on!;
    await test.memory.setWatch({ learningId, predicate, state: 'off' });
    expect(await look(code)).toEqual([]);
    const edited = { ...predicate, files: 'lib/**' };
    const after = await test.memory.setWatch({ learningId, predicate: edited, state: 'on', replaces: watchId });
    expect(after.map(({ predicate: { kind, files }, state }) => [kind, files, state])).toEqual([
      ['import', 'lib/**', 'on'],
      ['dependency', '', 'proposed'],
    ]);
    expect(await look(code)).toEqual([]);
    expect(await look(code, `${shop}/lib/cart.ts`)).toHaveLength(1);
    await test.memory.setWatch({ learningId, predicate: edited, state: 'refused' });
    expect((await test.memory.watches({})).map(({ predicate: { kind } }) => kind)).toEqual(['dependency']);
  });

  it('is silent while its project is restricted, or the learning is outdated or deleted', async () => {
    const id = await learn(dates);
    await confirm(id);
    test.driver.run("UPDATE learnings SET stale_reason = 'src/date.ts' WHERE id = ?", [id]);
    expect(await look(code)).toEqual([]);
    expect(await test.memory.watches({ onlyOn: true })).toMatchObject([{ fault: 'stale' }]);
    test.driver.run("UPDATE learnings SET stale_reason = '' WHERE id = ?", [id]);
    await test.memory.deleteLearning(id);
    expect(await look(code)).toEqual([]);
    await test.memory.restoreLearning(id);
    expect(await look(code)).toHaveLength(1);
    test.driver.run('INSERT INTO restrictions (root, from_at, until_at) VALUES (?, 0, 9e15)', [shop]);
    expect(await look(code)).toEqual([]);
  });

  it('keeps no secret that stands in what is watched', async () => {
    const learningId = await learn('No keys in code');
    const secret = ['sk', 'ant', 'api03', 'Zq8'.repeat(31)].join('-');
    await test.memory.setWatch({
      learningId,
      predicate: { kind: 'text', subject: secret, instead: '', files: '', isRegex: false },
      state: 'on',
    });
    expect(test.driver.get<{ w: string }>('SELECT watches_json AS w FROM learnings')?.w).not.toContain(secret);
  });
});

describe('a regular expression', () => {
  const pattern = (subject: string): Predicate => ({
    kind: 'text',
    subject,
    instead: '',
    files: '**/*.ts',
    isRegex: true,
  });

  it('is found in code', async () => {
    await confirm(await learn('Pools have a mode'), pattern(String.raw`new Pool\(\{(?![^}]*mode)`));
    expect(await look('const a = new Pool({ size: 1 });')).toHaveLength(1);
    expect(await look('const a = new Pool({ mode: 1 });\n// new Pool({})')).toEqual([]);
  });

  it.each([
    ['(a+)+$', 'may take too long'],
    ['(', 'no valid'],
    ['a*', 'matches an empty text'],
  ])('is refused: %s', async (subject, message) => {
    const learningId = await learn('A pattern');
    await expect(test.memory.setWatch({ learningId, predicate: pattern(subject), state: 'on' })).rejects.toThrow(
      message,
    );
    expect(await test.memory.watches({ onlyOn: true })).toEqual([]);
  });

  it('is ended when the judgement was wrong, and told to be slow', async () => {
    const learningId = await learn('A pattern');
    test.driver.run('UPDATE learnings SET watches_json = ?', [
      JSON.stringify([{ predicate: pattern('^(a+)+$'), state: 'on', at: 1, exceptions: [] }]),
    ]);
    expect(await look(`${'a'.repeat(40)}!`)).toEqual([]);
    expect((await test.memory.watches({ learningId }))[0]?.fault).toBeUndefined();
    expect(await look(`${'a'.repeat(40)}!`)).toEqual([]);
    expect(await test.memory.watches({ learningId })).toMatchObject([{ state: 'on', fault: 'slow' }]);
  });
});
