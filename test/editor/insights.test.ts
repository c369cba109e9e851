import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSession } from '../../scripts/demo-history/write-session.mjs';
import { makeHistory, sessionIdOf } from '../fixtures/make-history';
import { MemoryPage } from './pages/memory';
import { ReaderPage } from './pages/reader';
import { expectNoViolations } from './support/axe';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import { until } from './support/until';

let editor: Editor;
let memory: MemoryPage;
const asking = sessionIdOf(20);
const nests = [
  'export function countNests(river: River): number {',
  '  const found = river.nests.filter((nest) => nest.isByRiver);',
  '  const inReeds = river.reeds.flatMap((reed) => reed.nests);',
  '  return found.length + inReeds.length;',
  '}',
].join('\n');
keepEditor(() => editor);

beforeAll(async () => {
  const profile = makeProfile();
  profile.write('src/flamingo.ts', 'export const budget = 10;\n');
  profile.write('src/nests.ts', `${nests}\n// Typed by hand: the heron moves in on Monday.\n`);
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now(), extra: 8 });
  const asks = createSession({
    id: asking,
    cwd: profile.workspace,
    startedAt: Date.now() - 7_200_000,
    title: 'Waiting flamingo calls',
  });
  asks
    .prompt(
      'What does the retry budget of the flamingo client do with calls that were waiting, and how many tokens has it?',
    )
    .edit('src/flamingo.ts', 'spent < budget.tokens', 'spent <= budget.tokens')
    .answer('Each takes a token when its turn comes.')
    .save(profile.configDir);
  createSession({
    id: sessionIdOf(21),
    cwd: profile.workspace,
    startedAt: Date.now() - 10_800_000,
    title: 'Nests by the river',
  })
    .prompt('Count the nests by the river, please.')
    .write('src/nests.ts', nests.replace('nest.isByRiver', 'nest.isWet'))
    .prompt('That is wrong: wet nests are not by the river.')
    .edit('src/nests.ts', 'nest.isWet', 'nest.isByRiver')
    .answer('Counted.')
    .save(profile.configDir);
  const left = [
    ['Document the courier zones', 'pending'],
    ['Cache the parcel labels', 'pending'],
  ] as const;
  createSession({
    id: sessionIdOf(22),
    cwd: profile.workspace,
    startedAt: Date.now() - 50_400_000,
    title: 'Zones of the courier',
  })
    .prompt('Build the zones of the courier.')
    .edit('src/zones.ts', 'one', 'two')
    .tool('TodoWrite', { todos: left.map(([content, status]) => ({ content, status })) }, { content: 'ok', result: {} })
    .answer('The zones are built.')
    .save(profile.configDir);
  createSession({
    id: sessionIdOf(23),
    cwd: profile.workspace,
    startedAt: Date.now() - 46_800_000,
    title: 'Words about zones',
  })
    .prompt('Now the words about them.')
    .edit('docs/zones.md', 'one', 'two')
    .bash('git commit -m "docs: document courier zones"', '[main 1a2b3c4] docs: document courier zones')
    .answer('Documented the courier zones.')
    .save(profile.configDir);
  // As the hook leaves it when a session begins without a keeper.
  const given = join(profile.globalStorage, 'give/sessions');
  mkdirSync(given, { recursive: true });
  const items = [{ id: `${sessionIdOf(1)}/said/100`, sessionId: sessionIdOf(1) }];
  const briefs = [{ requestId: 'brief-of-a-hook', at: Date.now() - 7_200_000, tokens: 61, items }];
  writeFileSync(join(given, `${asking}.json`), JSON.stringify({ version: 1, startedAt: 1, keys: [], briefs }));
  editor = await openEditor(profile, { viewport: { width: 1400, height: 900 } });
  memory = await MemoryPage.open(editor);
  await memory.firstRun.getByRole('button', { name: 'Got It' }).click();
});

const section = (name: string) =>
  memory.frame.getByRole('radiogroup', { name: 'Section' }).getByRole('radio', { name, exact: true });
const isDrawn = `(() => {
  const canvas = document.querySelector('.plot canvas');
  if (!canvas || canvas.width === 0) return false;
  return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0);
})()`;

describe('the Insights tab', () => {
  it('draws what was done by day, and says it in words', async () => {
    await memory.showTab('Insights');
    await memory.frame.getByRole('slider', { name: /^Prompts: [1-9]\d* in 30 days/ }).waitFor();
    await until(() => memory.frame.evaluate<boolean>(isDrawn), { what: 'a drawn plot' });
    await memory.frame.getByText('As a table').first().click();
    await memory.frame.locator('.data[open] tbody tr').nth(2).waitFor();
    const plot = memory.frame.locator('.plot').first();
    const value = memory.frame.locator('.plot-value', { hasText: /^[A-Z][a-z]{2} \d+: / });
    // A pointer that moves, as a person's does: one that rests says nothing when the plot is drawn anew under it.
    let x = 190;
    await until(
      async () => {
        x += 1;
        await plot.hover({ position: { x, y: 60 } });
        return value.isVisible();
      },
      { what: 'the value of the day under the pointer' },
    );
    await editor.screenshot('insights');
    expect(editor.consoleLines.filter((line) => /Content Security Policy|violates/.test(line))).toEqual([]);
  });

  it.each([
    ['Default High Contrast', 'vscode-high-contrast'],
    ['Light Modern', 'vscode-light'],
    ['Dark Modern', 'vscode-dark'],
  ])('takes the colours of %s', async (theme, bodyClass) => {
    editor.profile.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': theme }));
    await until(() => memory.frame.evaluate<boolean>(`document.body.classList.contains('${bodyClass}')`), {
      what: theme,
    });
    await until(() => memory.frame.evaluate<boolean>(isDrawn), { what: 'a drawn plot' });
    await editor.screenshot(`insights-${bodyClass}`);
  });

  it('shows what is around the file one is in', async () => {
    await editor.workbench.openFile('flamingo.ts');
    await editor.workbench.runCommand('Claude-Mem: Show What Is Around This File');
    const around = memory.frame.getByRole('group', { name: /^What is around .*flamingo\.ts$/ });
    await around.waitFor();
    expect((await around.getByRole('heading').allInnerTexts()).slice(1, 2)).toEqual(['Sessions']);
    expect(await around.locator('.entity').count()).toBeGreaterThan(2);
    await editor.screenshot('around');
    await memory.frame
      .getByRole('region', { name: 'Sessions' })
      .getByRole('button', { name: /Retry budget/ })
      .click();
    await ReaderPage.find(editor, 'Retry budget for the flamingo client');
  });

  it('lists the sessions that changed the file one is in, from a command and from a line above it', async () => {
    const { workbench } = editor;
    await workbench.openFile('flamingo.ts');
    editor.profile.write('.vscode/settings.json', JSON.stringify({ 'claudeMem.fileHistory.codeLens': true }));
    const lens = editor.page.locator('.codelens-decoration a', {
      hasText: /^ ?Changed by 2 Claude sessions, the last /,
    });
    await lens.waitFor();
    await editor.screenshot('file-history-lens');
    const title = workbench.quickInput.getByText('Sessions That Changed src/flamingo.ts');
    // VS Code draws the line anew when it has the answer; a click at that moment is lost.
    await until(
      async () => {
        if (await title.isVisible()) return true;
        await lens.click();
        return false;
      },
      { what: 'the list of changes', everyMs: 1000 },
    );
    await workbench.quickRows.filter({ hasText: 'Edit' }).first().waitFor();
    await editor.screenshot('file-history');
    await editor.page.keyboard.press('Escape');
    await workbench.runCommand('Claude-Mem: Show Sessions That Changed This File');
    await workbench.quickRows.filter({ hasText: 'Retry budget' }).first().click();
    const reader = await ReaderPage.find(editor, 'Retry budget for the flamingo client');
    await reader.row('spent < budget.tokens').first().waitFor();
    editor.profile.write('.vscode/settings.json', '{}');
  });

  it('says why a line is there, of a line by Claude; of one typed by hand that it is not known', async () => {
    const { workbench, page } = editor;
    const hover = page.locator('.monaco-hover:visible');
    const askAt = async (line: number) => {
      await workbench.goToLine(line);
      await workbench.runCommand('Claude-Mem: Why Is This Here?');
    };
    await workbench.openFile('nests.ts');
    await askAt(2);
    await hover.filter({ hasText: 'Claude wrote this line' }).waitFor();
    await hover.filter({ hasText: 'That is wrong: wet nests are not by the river.' }).waitFor();
    await hover.filter({ hasText: 'It was taken back' }).waitFor();
    await editor.screenshot('why-hover');
    await page.keyboard.press('Escape');
    await askAt(6);
    await hover.filter({ hasText: 'Unknown. No turn in memory is known to have written it' }).waitFor();
    await editor.screenshot('why-unknown');
    await page.keyboard.press('Escape');
    // What is not saved counts: the lines stand two lower now.
    await workbench.goToLine(1);
    await page.keyboard.type('let heron = 1;\nlet stork = 2;\n');
    await askAt(3);
    await hover.filter({ hasText: 'Count the nests by the river, please.' }).waitFor();
    await hover.getByText('Put into the Basket').click();
    await page.locator('.statusbar-item', { hasText: 'In the basket' }).waitFor();
    await askAt(2);
    await hover.filter({ hasText: 'Unknown.' }).waitFor();
    await page.keyboard.press('Escape');
    editor.profile.write('.vscode/settings.json', JSON.stringify({ 'claudeMem.why.codeLens': true }));
    const lens = page.locator('.codelens-decoration a', { hasText: 'Count the nests by the river, please.' });
    await lens.first().waitFor();
    await editor.screenshot('why-lens');
    editor.profile.write('.vscode/settings.json', '{}');
    await lens.first().waitFor({ state: 'detached' });
    await askAt(3);
    await hover.getByText('Open the Session').click();
    const reader = await ReaderPage.find(editor, 'Nests by the river');
    await reader.row('Count the nests by the river').first().waitFor();
  });

  it('opens a file as it stood after a turn, beside the one of today', async () => {
    const { workbench, page } = editor;
    await workbench.openFile('nests.ts');
    await workbench.runCommand('Claude-Mem: Open File as It Stood…');
    await workbench.quickRows.filter({ hasText: 'After turn 1' }).first().click();
    await page.getByRole('tab', { name: /after turn 1/ }).waitFor();
    await page.locator('.monaco-diff-editor .view-line', { hasText: 'nest.isWet' }).first().waitFor();
    await page.locator('.monaco-diff-editor .view-line', { hasText: 'nest.isByRiver' }).first().waitFor();
    await editor.screenshot('file-then');
  });

  it('finds by name, and goes on from there', async () => {
    await memory.frame.getByRole('textbox', { name: 'Look for a file, command, error or symbol' }).fill('config');
    await memory.frame
      .getByRole('list', { name: 'Found' })
      .getByRole('button', { name: /config\.js/ })
      .first()
      .click();
    await memory.frame.getByRole('group', { name: /^What is around .*config\.js$/ }).waitFor();
  });

  it('says what is left, what was done since, and writes a digest', async () => {
    const { workbench, page } = editor;
    await workbench.runCommand('Claude-Mem: Show What Is Left');
    const open = memory.frame.getByRole('region', { name: /^Open ends/ });
    await open.getByText('Not done: Cache the parcel labels').waitFor();
    const done = memory.frame.getByRole('region', { name: /^Done since/ });
    await done.getByText('Not done: Document the courier zones').waitFor();
    await done.getByText(/document courier zones/).waitFor();
    await expectNoViolations(memory.frame);
    await editor.screenshot('left');
    const labels = (region: typeof open) => region.getByRole('listitem').filter({ hasText: 'Cache the parcel labels' });
    await labels(open).getByRole('button', { name: 'Not Open Any More' }).click();
    await labels(done)
      .getByText(/^Closed by you, /)
      .waitFor();
    await editor.screenshot('left-closed');
    await labels(done).getByRole('button', { name: 'Open Again' }).click();
    await labels(open).waitFor();
    await done.getByText(/document courier zones/).click();
    await ReaderPage.find(editor, 'Words about zones');
    await memory.frame.getByRole('button', { name: 'Digest…' }).click();
    await workbench.quickRows.filter({ hasText: 'The last seven days' }).click();
    await workbench.quickRows.filter({ hasText: 'Open as a Document' }).click();
    await page.locator('.view-lines', { hasText: 'document courier zones' }).first().waitFor();
    await editor.screenshot('digest');
  });

  it('says that nothing was spent and nothing was sent', async () => {
    await section('Cost').click();
    await memory.frame.getByText('Off: nothing is sent to anyone and nothing is spent.').waitFor();
    await memory.frame.getByRole('img', { name: /^Today: \$0\.00 of \$0\.50$/ }).waitFor();
    await editor.workbench.runCommand('Claude-Mem: Show What Left This Machine');
    await memory.frame.getByText('Nothing has left this machine').waitFor();
  });

  it('pauses the work in the background and goes on', async () => {
    await section('Queue').click();
    await memory.frame.getByRole('button', { name: 'Pause', exact: true }).click();
    await memory.frame.getByText('Paused by you').waitFor();
    await editor.screenshot('queue');
    await memory.frame.getByRole('button', { name: 'Resume', exact: true }).click();
    await memory.frame.getByText('Paused by you').waitFor({ state: 'detached' });
  });

  it('tells whether memory would have helped, by prompts that lead to their lines', async () => {
    await editor.workbench.runCommand('Claude-Mem: Show Whether Memory Helped');
    const { frame } = memory;
    const figure = frame.getByRole('button', { name: /^1 of \d+: \d+% \(/ }).first();
    await figure.waitFor({ timeout: 110_000 });
    await figure.click();
    const prompt = frame.getByRole('button', { name: /^What does the retry budget of the flamingo client/ });
    await prompt.waitFor();
    await frame.getByText('then touched its file').first().waitFor();
    await prompt.scrollIntoViewIfNeeded();
    await editor.screenshot('helped-examples');
    await frame.getByText('Would have been given (nothing of it reached Claude)').scrollIntoViewIfNeeded();
    await editor.screenshot('helped');
    await prompt.click();
    await ReaderPage.find(editor, 'Waiting flamingo calls');
  });

  it('lists what was given; one word keeps a memory or a session out, and can be taken back', async () => {
    const reader = await ReaderPage.find(editor, 'Waiting flamingo calls');
    await reader.frame.getByRole('button', { name: 'What it was given' }).click();
    const { frame } = memory;
    await frame.getByText('When the session began').waitFor();
    await frame.getByText('1 memory').click();
    await frame.getByRole('button', { name: 'Never This' }).click();
    await frame.getByRole('heading', { name: 'Never given' }).waitFor();
    await frame.getByRole('button', { name: 'Not This Session' }).click();
    await frame.getByRole('heading', { name: 'Sessions that get nothing more' }).waitFor();
    await editor.screenshot('given');
    await frame.getByRole('button', { name: 'May Be Given Again' }).first().click();
    await frame.getByRole('heading', { name: 'Never given' }).waitFor({ state: 'detached' });
    await editor.workbench.runCommand('Claude-Mem: Show What Was Given');
    await frame.getByRole('button', { name: 'Only This Session' }).first().waitFor();
  });

  it('asks nobody outside', () => {
    expect(editor.externalRequests).toEqual([]);
  });
});
