/** Completions of the last piece of a query; each is a valid query when accepted. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { DocumentColumns } from './columns';
import { Completer } from './complete';

let test: TestMemory;
const clock = { at: 0 };
let completer: Completer;
let columns: DocumentColumns;

async function write(number: number, cwd: string, branch: string, file: string): Promise<void> {
  const transcript = new Transcript(sessionId(number), { cwd, branch });
  transcript.prompt(`change ${file}`);
  transcript.tool('Edit', { file_path: `${cwd}/src/${file}`, old_string: 'a', new_string: 'b' }, 'done');
  transcript.tool('Bash', { command: 'npm test' }, 'ok');
  await writeTranscript(test.configDir, sessionId(number), transcript, cwd.replaceAll('/', '-'));
}

beforeAll(async () => {
  test = await openTestMemory();
  await write(1, '/work/shop', 'main', 'cart.ts');
  await write(2, '/work/shop', 'feature/cart', 'cart.ts');
  await write(3, '/work/my api', 'main', 'gateway.ts');
  await test.import();
  await test.memory.saveLearning({
    id: 'learning-1',
    category: 'pattern',
    title: 'x',
    description: '',
    tags: ['to do'],
  });
  columns = new DocumentColumns();
  completer = new Completer(
    test.driver,
    () => (columns.update(test.driver), columns),
    () => clock.at,
  );
});
afterAll(() => test.close());

const texts = (prefix: string, scope?: number[]) => completer.complete(prefix, scope).map(({ text }) => text);

describe('a completion', () => {
  it.each([
    ['pro', ['project:']],
    ['basket -to', ['basket -tool:']],
    ['be', ['before:']],
    ['t', []],
    ['xyz', []],
    ['"pro', []],
    ['project', ['project:']],
    ['branch:', ['branch:main', 'branch:feature/cart']],
    ['x branch:feat', ['x branch:feature/cart']],
    ['branch:cart', ['branch:feature/cart']],
    ['branch:main', []],
    ['project:', ['project:shop', 'project:"my api"']],
    ['-project:sh', ['-project:shop']],
    ['file:', ['file:cart.ts', 'file:gateway.ts']],
    ['file:GATE', ['file:gateway.ts']],
    ['tool:B', ['tool:Bash']],
    ['tool:Bash,E', ['tool:Bash,Edit']],
    ['tool:Bash,', ['tool:Bash,Edit']],
    ['type:e', ['type:error', 'type:answer', 'type:result', 'type:notice', 'type:learning', 'type:note']],
    ['tag:', ['tag:"to do"']],
    ['is:fl', ['is:flagged']],
    ['after:last', ['after:"last week"', 'after:"last month"', 'after:"last year"']],
    ['on:yes', ['on:yesterday']],
    ['project:shop ', []],
    ['', []],
  ])('of %j is %j', (prefix, expected) => {
    expect(texts(prefix)).toEqual(expected);
  });

  it('counts sessions, tells where files are, and keeps to the scope', async () => {
    expect(completer.complete('file:c', undefined)[0]).toEqual({
      kind: 'file',
      text: 'file:cart.ts',
      label: 'file:cart.ts',
      count: 2,
      detail: '/work/shop/src/',
    });
    const api = (await test.memory.projects()).find(({ name }) => name === 'my api')?.id ?? 0;
    expect(texts('file:', [api])).toEqual(['file:gateway.ts']);
    expect(texts('branch:', [api])).toEqual(['branch:main']);
  });

  it('is the same in whatever spelling of Unicode it is typed or was saved', async () => {
    const [composed, parted] = ['Crème brûlée'.normalize('NFC'), 'Crème brûlée'.normalize('NFD')] as const;
    await test.memory.saveSearch({ id: 'search-11', name: parted, text: `basket ${parted}` });
    for (const typed of [composed, parted])
      expect(completer.searches(typed.slice(0, -3)).map(({ label }) => label)).toEqual([parted]);
    await test.memory.saveLearning({
      id: 'learning-2',
      category: 'pattern',
      title: 'y',
      description: '',
      tags: [composed],
    });
    expect(texts('tag:crè')).toEqual([`tag:"${composed}"`]);
    // What was named already is not offered again.
    for (const typed of [composed, parted]) expect(texts(`tag:"${typed}",`)).toEqual([`tag:"${typed}","to do"`]);
  });

  it('is answered from the list there is while sessions grow, and soon from a new one', async () => {
    expect(texts('branch:fresh')).toEqual([]);
    await write(4, '/work/shop', 'fresh/one', 'cart.ts');
    await test.import();
    expect(texts('branch:fresh')).toEqual([]);
    clock.at += 3000;
    expect(texts('branch:fresh')).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(texts('branch:fresh')).toEqual(['branch:fresh/one']);
  });
});
