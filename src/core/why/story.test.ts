/** What a session changed, and files as they stood, asked of a real memory. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';

const root = '/work/shop';
const file = `${root}/src/invoice.ts`;
const first = 'function sendInvoice(order) {\n  const parcel = packParcel(order);\n  return courier.send(parcel);\n}\n';
let test: TestMemory;

beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

class Told extends Transcript {
  constructor(number: number, cwd = root) {
    super(sessionId(number), { cwd, startedAt: Date.UTC(2026, 10, number, 9) });
  }

  read(text: string, name = file, input: Record<string, unknown> = {}, from = 1): void {
    const output = text.split('\n').map((line, at) => `${String(from + at).padStart(6)}→${line}`);
    this.tool(
      'Read',
      { file_path: name, ...input },
      `${output.join('\n')}\n\n<system-reminder>\nThink.\n</system-reminder>`,
    );
  }

  edit(before: string, after: string, name = file): void {
    this.tool('Edit', { file_path: name, old_string: before, new_string: after }, 'The file has been updated.');
  }

  write(text: string, name = file): void {
    this.tool('Write', { file_path: name, content: text }, `File created successfully at: ${name}`);
  }
}

async function remember(...transcripts: Transcript[]): Promise<void> {
  for (const transcript of transcripts)
    // oxlint-disable-next-line no-await-in-loop -- a few files
    await writeTranscript(test.configDir, transcript.sessionId, transcript);
  await test.import();
}

function taped(): Told {
  const told = new Told(1);
  told.prompt('Parcels need tape.');
  told.read(first);
  told.edit('packParcel(order)', 'packParcel(order, tape)');
  told.prompt('And a weight.');
  told.edit('  return courier', '  checkWeight(parcel);\n  return courier');
  told.edit('packParcel(order, tape)', 'packParcel(order, redTape)');
  return told;
}

describe('what a session changed', () => {
  it('is one diff for each file, with how many lines, and where it began', async () => {
    const told = taped();
    told.write('export const weights = [1];\n', `${root}/src/weights.ts`);
    await remember(told);
    const { files, more } = await test.memory.sessionChanges(sessionId(1));
    expect(more).toBe(0);
    expect(files).toMatchObject([
      { name: 'src/invoice.ts', edits: 3, added: 2, removed: 1, known: 'whole', first: { turn: 1 }, last: { turn: 2 } },
      { name: 'src/weights.ts', edits: 1, added: 1, removed: 0, isNew: true, known: 'whole' },
    ]);
    expect(files.map(({ doubt }) => doubt)).toEqual([undefined, undefined]);
    const { pieces, isOpenAbove } = await test.memory.sessionChange(sessionId(1), 'src/invoice.ts');
    expect(isOpenAbove).toBeUndefined();
    expect(pieces).toEqual([
      {
        before: first,
        after: first
          .replace('packParcel(order)', 'packParcel(order, redTape)')
          .replace('  return', '  checkWeight(parcel);\n  return'),
      },
    ]);
    expect((await test.memory.sessionChange(sessionId(1), `${root}/src/weights.ts`)).pieces).toEqual([
      { before: '', after: 'export const weights = [1];\n' },
    ]);
  });

  it('says when it is known in parts, when it was taken back, and when a command may have changed it', async () => {
    const told = new Told(1);
    told.prompt('Try red tape.');
    told.edit('packParcel(order)', 'packParcel(order, tape)');
    told.write('scratch\n', `${root}/try.ts`);
    told.tool('Bash', { command: `rm ${root}/try.ts` }, '');
    told.edit('one', 'two', `${root}/back.ts`);
    told.edit('two', 'one', `${root}/back.ts`);
    await remember(told);
    expect((await test.memory.sessionChanges(sessionId(1))).files).toMatchObject([
      { name: 'src/invoice.ts', known: 'parts' },
      { name: 'try.ts', known: 'whole', doubt: 'command' },
      { name: 'back.ts', added: 0, removed: 0 },
    ]);
    const parts = await test.memory.sessionChange(sessionId(1), file);
    expect(parts).toMatchObject({ isOpenAbove: true, isOpenBelow: true });
    expect(parts.pieces).toEqual([{ before: 'packParcel(order)', after: 'packParcel(order, tape)' }]);
  });

  it('has no edit that failed, and none of the session it was forked from', async () => {
    const told = new Told(1);
    told.prompt('Fail.');
    told.tool('Edit', { file_path: file, old_string: 'a', new_string: 'b' }, 'No.', { is_error: true });
    const fork = new Told(2);
    for (const line of taped().lines) fork.lines.push({ ...(line as object), sessionId: sessionId(2) });
    await remember(told);
    await remember(taped());
    expect((await test.memory.sessionChanges(sessionId(1))).files).toHaveLength(1);
    await remember(fork);
    expect((await test.memory.sessionChanges(sessionId(2))).files).toEqual([]);
    await expect(test.memory.sessionChange(sessionId(2), file)).rejects.toMatchObject({ code: 'not_found' });
    await expect(test.memory.sessionChanges('nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('keeps what a worktree changed apart from the main one', async () => {
    const told = new Told(1);
    told.prompt('In both.');
    const other = `${root}/.worktrees/tape/src/invoice.ts`;
    told.write('main\n');
    told.write('tape\n', other);
    await remember(told);
    const { files } = await test.memory.sessionChanges(sessionId(1));
    expect(files.map((each) => each.file)).toEqual([file, other]);
    const at = await test.memory.fileAtTurn({ sessionId: sessionId(1), turn: 1, file: other });
    expect(at.pieces).toEqual(['tape\n']);
  });
});

describe('a file as it stood', () => {
  const at = (turn: number, more: object = {}) =>
    test.memory.fileAtTurn({ sessionId: sessionId(1), turn, file, ...more });

  it('after each turn, and before the first', async () => {
    await remember(taped());
    expect(await at(1)).toMatchObject({
      known: 'whole',
      pieces: [first.replace('packParcel(order)', 'packParcel(order, tape)')],
      changes: 1,
    });
    expect((await at(1)).doubt).toBeUndefined();
    expect((await at(2)).pieces[0]).toContain('checkWeight');
    expect((await at(2, { file: 'src/invoice.ts' })).file).toBe(file);
    expect(await at(1, { isBefore: true })).toMatchObject({
      known: 'whole',
      pieces: [first],
      doubt: 'later',
      changes: 0,
    });
  });

  it('is shown with a doubt when somebody else was there, and in parts when it was never seen whole', async () => {
    const told = taped();
    told.prompt('Somebody typed.');
    told.edit('  const parcel = packParcel(order, redTape);\n  log(parcel);', '  log(order);');
    told.prompt('Another.');
    told.edit('a line of another file', 'another', `${root}/src/other.ts`);
    await remember(told);
    expect(await at(3)).toMatchObject({ known: 'whole', doubt: 'others' });
    expect(await at(4, { file: `${root}/src/other.ts` })).toMatchObject({
      known: 'parts',
      pieces: ['another'],
      isOpenAbove: true,
      isOpenBelow: true,
    });
    expect(await at(4, { file: `${root}/src/none.ts` })).toMatchObject({ known: 'nothing', pieces: [] });
  });

  it('is doubted after a command that may have changed it, until it is read again', async () => {
    const told = taped();
    told.prompt('Format.');
    told.tool('Bash', { command: 'npx prettier --write src' }, '');
    told.prompt('Look.');
    const formatted = first.replace('(order)', '( order )');
    told.read(formatted);
    await remember(told);
    expect(await at(3)).toMatchObject({ doubt: 'command' });
    expect(await at(4)).toMatchObject({ known: 'whole', pieces: [formatted] });
    expect((await at(4)).doubt).toBeUndefined();
  });

  it('has what other sessions did before, and says that this was in another session', async () => {
    const second = new Told(2);
    second.prompt('Only look elsewhere.');
    second.answer('Yes.');
    await remember(taped(), second);
    const stood = await test.memory.fileAtTurn({ sessionId: sessionId(2), turn: 1, file });
    expect(stood).toMatchObject({ known: 'whole', doubt: 'earlier', changes: 3 });
  });

  it('is joined from readings of parts', async () => {
    const lines = Array.from({ length: 40 }, (_, line) => `line ${line} of the stock list`);
    const told = new Told(1);
    told.prompt('Read in two parts.');
    told.read(lines.slice(0, 25).join('\n'), file, { offset: 1, limit: 25 });
    told.read(lines.slice(25).join('\n'), file, { offset: 26, limit: 25 }, 26);
    await remember(told);
    expect(await at(1)).toMatchObject({ known: 'whole', pieces: [lines.join('\n')] });
  });
});
