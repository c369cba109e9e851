/** What Claude Code has in its own files is said on learnings, and is not given a second time. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { Learning } from '../../protocol/model';

let test: TestMemory;
let shop: string;
let bakery: string;
beforeEach(async () => {
  test = await openTestMemory();
  [shop, bakery] = ['shop', 'bakery'].map((name) => path.join(path.dirname(test.configDir), name)) as [string, string];
  await Promise.all([session(1, shop), session(2, bakery)]);
});
afterEach(() => test.close());

async function put(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function session(number: number, cwd: string): Promise<void> {
  await mkdir(cwd, { recursive: true });
  const transcript = new Transcript(sessionId(number), { cwd, startedAt: test.now.value - 86_400_000 });
  transcript.prompt('The flamingo gateway blocks us when the client retries too often.');
  transcript.answer('Settled: the flamingo client makes at most seven attempts, then gives up.');
  await writeTranscript(test.configDir, sessionId(number), transcript, cwd.replace(/[^A-Za-z0-9]/g, '-'));
}

const memoryFile = (cwd: string, file: string) =>
  path.join(test.configDir, 'projects', cwd.replace(/[^A-Za-z0-9]/g, '-'), 'memory', file);
const sweep = () => test.import({ trustedRoots: [shop, bakery], roots: [shop, bakery] });

async function learn(title: string, description = '', from: number | null = 1): Promise<Learning> {
  const id = `learning-${title.replace(/\W/g, '').slice(0, 30)}`;
  const sourceSessions = from === null ? [] : [sessionId(from)];
  await test.memory.saveLearning({ id, category: 'general', title, description, sourceSessions });
  const { items } = await test.memory.listLearnings({});
  return items.find((learning) => learning.id === id)!;
}

it('asks which notes there are once for a list, however long it is', async () => {
  await put(path.join(shop, 'CLAUDE.md'), 'Lines have at most 100 letters.');
  await sweep();
  await learn('Lines of code have at most 100 letters');
  await learn('Lines of text have at most 100 letters');
  const asked = vi.spyOn(test.driver, 'get');
  expect((await test.memory.listLearnings({})).items).toHaveLength(2);
  expect(asked.mock.calls.filter(([sql]) => sql.includes('FROM notes'))).toHaveLength(1);
});

describe('an accepted learning', () => {
  beforeEach(async () => {
    await put(
      path.join(shop, 'CLAUDE.md'),
      [
        '---',
        'owner: Run the migration by hand',
        '---',
        '# Run the deployment by hand',
        '',
        '- Use pnpm, never npm.',
        '- **Retries**: the flamingo client makes at most seven attempts. Then it gives up and logs the order.',
        '<!-- Format the invoices with care -->',
        'Lines have at most 100 letters.',
      ].join('\n'),
    );
    await put(memoryFile(shop, 'herons.md'), 'The heron importer needs a warm cache.');
    await sweep();
  });

  it.each([
    ['Use pnpm, never npm', '', 6],
    ['The flamingo client makes at most seven attempts', 'Then it gives up and logs the order.', 7],
    ['Flamingo client: at most seven attempts', '', 7],
    ['Lines have at most 100 letters', '', 9],
  ])('%s stands there', async (title, description, line) => {
    expect(await learn(title, description)).toMatchObject({ standsIn: { file: 'CLAUDE.md', line } });
  });

  it.each([
    ['Always use npm', 6, 'Use pnpm, never npm.'],
    ['Lines have at most 120 letters', 9, 'Lines have at most 100 letters.'],
  ])('%s contradicts it', async (title, line, text) => {
    const learning = await learn(title);
    expect(learning).toMatchObject({ contradicts: { file: 'CLAUDE.md', line, text } });
    expect(learning.standsIn).toBeUndefined();
  });

  it.each([
    ['Run the migration by hand'],
    ['Run the deployment by hand'],
    ['Format the invoices with care'],
    ['The flamingo client makes at most nine attempts and waits between'],
    ['The flamingo queue is emptied at night'],
    ['Never let the flamingo client make at most seven attempts'],
  ])('%s is neither', async (title) => {
    const { standsIn, contradicts } = await learn(title);
    expect([standsIn, contradicts]).toEqual([undefined, undefined]);
  });

  it('stands in a fact of the memory too, which Claude Code does not send', async () => {
    const learning = await learn('The heron importer needs a warm cache');
    expect(learning).toMatchObject({ standsIn: { file: 'memory/herons.md' } });
    expect(await test.memory.promotion([learning.id], '')).toMatchObject({ added: 1, standing: 0 });
  });

  it('is compared with files of its own project and of the person, and is left alone by those of others', async () => {
    expect((await learn('Use pnpm, never npm', '', 2)).standsIn).toBeUndefined();
    expect((await learn('Always use npm', '', null)).contradicts?.file).toBe('shop/CLAUDE.md');
    // Looked at from a project, what applies to all is compared with that one too.
    const here = await test.memory.listLearnings({ scope: { roots: [shop] } });
    expect(here.items.map(({ title, contradicts }) => [title, contradicts?.file])).toEqual([
      ['Always use npm', 'shop/CLAUDE.md'],
    ]);
    const there = await test.memory.listLearnings({ scope: { roots: [bakery] } });
    expect(there.items.map(({ contradicts }) => contradicts)).toEqual([undefined, undefined]);
    await put(path.join(test.configDir, 'CLAUDE.md'), 'Use pnpm, never npm.');
    await sweep();
    const { items } = await test.memory.listLearnings({});
    expect(items.map(({ standsIn, contradicts }) => [Boolean(standsIn), Boolean(contradicts)])).toEqual([
      [false, true],
      [true, false],
    ]);
  });

  it('of another project is named, where it goes into a file that is not of that project', async () => {
    const [here, there, anywhere] = [
      await learn('The flamingo queue is emptied at night'),
      await learn('The oven is heated before the dough rises', '', 2),
      await learn('Say what was measured', '', null),
    ];
    const ids = [here.id, there.id, anywhere.id];
    const others = async (...args: [string[], { roots: string[] }?]) =>
      (await test.memory.promotion(args[0], '', args[1])).others;
    expect(await others(ids, { roots: [shop] })).toEqual(['bakery']);
    expect(await others([here.id], { roots: [shop] })).toEqual([]);
    // The person's own file is for no project more than for others.
    expect(await others(ids)).toEqual(['bakery', 'shop']);
    expect(await others([anywhere.id])).toEqual([]);
  });

  it('is not written into a file once more, unless it is kept there by us', async () => {
    const there = await learn('Use pnpm, never npm');
    const fresh = await learn('The flamingo queue is emptied at night');
    const { text, added, standing } = await test.memory.promotion([there.id, fresh.id], '');
    expect([added, standing]).toEqual([1, 1]);
    expect(text).not.toContain('pnpm');
    await put(path.join(shop, 'CLAUDE.md'), text);
    await sweep();
    expect((await test.memory.listLearnings({})).items.find(({ id }) => id === fresh.id)?.standsIn).toBeDefined();
    expect(await test.memory.promotion([fresh.id], text)).toMatchObject({ text, added: 1, standing: 0 });
  });
});

describe('giving', () => {
  const given = async (folder: string) => {
    await test.memory.readyBriefs();
    const prompt = 'How many attempts does the flamingo client make at the gateway?';
    const [brief, answer] = await Promise.all([
      test.memory.brief({ folder }),
      test.memory.promptContext({ prompt, folder }),
    ]);
    return [brief, answer].map(({ text }) => text.includes('seven attempts'));
  };

  beforeEach(async () => {
    await learn('The flamingo client makes at most seven attempts, then gives up');
    await learn('The flamingo gateway client of the bakery makes at most seven attempts, then gives up', '', 2);
    await sweep();
    for (const id of [1, 2]) await test.memory.summary(sessionId(id)); // oxlint-disable-line no-await-in-loop -- in order
  });

  it('leaves out what stands in a file that Claude Code sends, in its project only', async () => {
    expect(await given(shop)).toEqual([true, true]);
    await put(path.join(shop, 'CLAUDE.md'), 'The flamingo client makes at most seven attempts, then gives up.');
    await sweep();
    expect(await given(shop)).toEqual([false, false]);
    expect(await given(bakery)).toEqual([true, true]);
    // Who asks by hand is not refused.
    expect((await test.memory.packContext({ text: 'attempts of the flamingo client' })).text).toContain('seven');
  });

  it.each([
    ['the index of its memory', 'MEMORY.md', {}, false],
    ['that index, with automatic memory turned off', 'MEMORY.md', { autoMemoryEnabled: false }, true],
    ['a fact, which is not sent', 'flamingo.md', {}, true],
  ])('is told by %s', async (_, file, settings, isGiven) => {
    await put(memoryFile(shop, file), '- The flamingo client makes at most seven attempts, then gives up.');
    await put(path.join(test.configDir, 'settings.json'), JSON.stringify(settings));
    await sweep();
    expect(await given(shop)).toEqual([isGiven, isGiven]);
  });

  it('goes on when only rules for some files say it, and when a file says the opposite', async () => {
    await put(
      path.join(shop, '.claude', 'rules', 'client.md'),
      '---\npaths: src/**\n---\nThe flamingo client makes at most seven attempts, then gives up.',
    );
    await put(path.join(shop, 'CLAUDE.md'), 'The flamingo client never makes at most seven attempts, then gives up.');
    await sweep();
    expect(await given(shop)).toEqual([true, true]);
  });

  it('gives no note', async () => {
    await put(path.join(shop, 'CLAUDE.md'), 'The flamingo client talks to the gateway of the aviary.');
    await sweep();
    const { text } = await test.memory.promptContext({
      prompt: 'What does the flamingo client of the aviary talk to?',
      folder: shop,
    });
    expect(text).not.toContain('aviary');
  });
});
