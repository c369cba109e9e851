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

const retry = 'Retry budget for the flamingo client';
const empty = 'Parser fails on an empty config file';
let editor: Editor;
let memory: MemoryPage;
keepEditor(() => editor);

beforeAll(async () => {
  const profile = makeProfile();
  const now = Date.now();
  makeHistory(profile.configDir, { workspace: profile.workspace, now, extra: 3 });
  const open = (number: number, title: string) =>
    createSession({
      id: sessionIdOf(number),
      cwd: profile.workspace,
      startedAt: now - 7_200_000,
      title,
      gitBranch: 'main',
    });
  open(50, '结账页面').prompt('请修复购物车的折扣计算').answer('折扣现在先于税费计算。').save(profile.configDir);
  open(51, 'Checkout is slow')
    .prompt('Checkout takes three seconds.')
    .edit('src/checkout.ts', 'new BasketService()', 'BasketService.shared')
    .answer('`BasketService` was made anew for each line.')
    .save(profile.configDir);
  open(52, 'Nightly mails')
    .prompt('The nightly mails are sent twice. At which hour should they go out?')
    .answer('At two, when nothing else runs; the lock is held until three.')
    .prompt('Then at two, and only once.')
    .answer('Nightly mails go out at 02:00, and the lock keeps them from being sent twice.')
    .save(profile.configDir);
  editor = await openEditor(profile, { viewport: { width: 1400, height: 900 } });
  memory = await MemoryPage.open(editor);
  // Values are completed from what has been read.
  await memory.card('Sessions', 'Checkout is slow').waitFor();
  await memory.firstRun.getByRole('button', { name: 'Got It' }).click();
});

const titles = () => memory.titles('Results');

describe('a question', () => {
  const ask = async (question: string) => {
    await editor.workbench.runCommand('Claude-Mem: Ask Memory…');
    await editor.workbench.quickInput.locator('input.input').fill(question);
    await editor.page.keyboard.press('Enter');
  };

  it('of the palette is answered above the results; a click on a sentence opens its row', async () => {
    await ask('When do nightly mails go out?');
    await memory.answer.getByText('Nightly mails go out at 02:00').waitFor();
    await memory.card('Results', 'Nightly mails').waitFor();
    await editor.screenshot('ask-answer');
    await memory.answer.getByRole('button', { name: 'Nightly mails go out at 02:00' }).click();
    const reader = await ReaderPage.find(editor, 'Nightly mails');
    await reader.lit.filter({ hasText: 'the lock keeps them from being sent twice' }).waitFor();
    await editor.screenshot('ask-row');
    await editor.workbench.runCommand('View: Close All Editors');
  });

  it('that no row answers is said to be not in memory, with what to do', async () => {
    await ask('Which colour do nightly mails have?');
    await memory.answer.getByText('Not in memory').waitFor();
    await memory.answer.getByText('Nothing in memory says: colour').waitFor();
    await memory.answer.getByRole('button', { name: 'Ask a Model…' }).waitFor();
    await editor.screenshot('ask-none');
    await expectNoViolations(memory.frame);
  });
});

describe('the query language', () => {
  it('completes a filter and its value by keyboard', async () => {
    await memory.search('budget branch:');
    await memory.completions.filter({ hasText: 'branch:retry-budget' }).waitFor();
    await editor.screenshot('query-completion');
    await memory.searchField.press('ArrowDown');
    await until(async () => (await memory.frame.locator('.option[aria-selected="true"]').count()) === 1, {
      what: 'a chosen completion',
    });
    while (
      !((await memory.frame.locator('.option[aria-selected="true"]').textContent()) ?? '').includes('retry-budget')
    )
      await memory.searchField.press('ArrowDown');
    await memory.searchField.press('Enter');
    await until(async () => (await memory.searchField.inputValue()) === 'budget branch:retry-budget ', {
      what: 'the value in the field',
    });
    await until(async () => (await titles()).join() === retry, { what: 'the one session on that branch' });
  });

  it('points at what it does not understand, and mends it', async () => {
    await memory.search('flamingo after:someday brnch:main client');
    await memory.problems.filter({ hasText: '"someday" is not a date' }).waitFor();
    expect(await memory.frame.locator('.wave').allTextContents()).toEqual(['someday', 'brnch']);
    await memory.card('Results', retry).waitFor();
    await editor.screenshot('query-problems');
    await memory.problems.getByRole('button', { name: 'Use branch' }).click();
    await until(async () => (await memory.searchField.inputValue()) === 'flamingo after:someday branch:main client', {
      what: 'the mended query',
    });
  });

  it('says which value would be known', async () => {
    await memory.search('flamingo tool:Bsh budget');
    await memory.problems.getByRole('button', { name: 'Use Bash' }).click();
    await until(async () => (await memory.searchField.inputValue()) === 'flamingo tool:Bash budget', {
      what: 'the mended query',
    });
    await memory.problems.waitFor({ state: 'detached' });
  });

  it.each([
    ['购物车 折扣', '结账页面'],
    ['折扣计算', '结账页面'],
    ['Service', 'Checkout is slow'],
    ['basketServ*', 'Checkout is slow'],
    ['BasketServ', 'Checkout is slow'],
  ])('%s finds its session', async (text, title) => {
    await memory.search(text);
    await memory.card('Results', title).waitFor();
    await until(async () => (await titles())[0] === title, { what: `${title} as the best hit` });
  });

  it('is understood in the Quick Pick too', async () => {
    await editor.workbench.runCommand('Claude-Mem: Search Memory');
    await editor.workbench.quickInput.locator('input.input').fill('flamingo tool:Bsh budget');
    await editor.workbench.quickRows
      .filter({ hasText: 'Nothing here has tool:Bsh' })
      .filter({ hasText: 'Did you mean Bash?' })
      .waitFor();
    await editor.workbench.quickRows.filter({ hasText: retry }).first().waitFor();
    await editor.screenshot('query-quick-pick');
    await editor.page.keyboard.press('Escape');
  });
});

describe('facets', () => {
  it('narrow by branch, file and day, and widen again', async () => {
    await memory.search('the');
    await memory.card('Results', empty).waitFor();
    await memory.frame.getByRole('button', { name: 'All filters' }).click();
    await memory.facet('Branch').first().waitFor();
    await editor.screenshot('query-facets');
    await memory.facet('Branch').filter({ hasText: 'retry-budget' }).click();
    await until(async () => (await titles()).join() === retry, { what: 'one branch' });
    await memory.facet('Branch').filter({ hasText: 'retry-budget' }).click();
    await memory.card('Results', empty).waitFor();
    await memory.facet('File').filter({ hasText: 'config.js' }).click();
    await until(async () => (await titles()).join() === empty, { what: 'one file' });
    await memory.facet('File').filter({ hasText: 'config.js' }).click();
    await memory.card('Results', 'Explain the release checklist').waitFor();
    // On the oldest day only the checklist was discussed.
    await memory.facet('Day').last().click();
    await until(async () => (await titles()).join() === 'Explain the release checklist', { what: 'one day' });
    await memory.facet('Day').first().click();
    await memory.card('Results', 'Explain the release checklist').waitFor();
  });
});

describe('a hit', () => {
  it('says why it is there', async () => {
    const hit = await memory.findHit('quokka', retry);
    await memory.searchField.press('ArrowDown');
    await editor.page.keyboard.press('w');
    const panel = hit.getByRole('region', { name: 'Why this hit' });
    await panel.waitFor();
    await editor.screenshot('query-why');
    await editor.page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await until(
      async () => (await memory.frame.evaluate<string>('document.activeElement?.className')) === 'card-title',
      { what: 'the focus back on the hit' },
    );
  });

  it('is flagged, shown so in the reader, and found by is:flagged', async () => {
    const hit = await memory.findHit('quokka', retry);
    await memory.pick(hit, 'Flag or Take the Flag Off');
    await hit.getByRole('img', { name: 'Flagged' }).waitFor();
    await memory.search('is:flagged ');
    await until(async () => (await titles()).join() === retry, { what: 'the flagged hit alone' });
    await memory.card('Results', retry).locator('.card-title').click();
    const reader = await ReaderPage.find(editor, retry);
    await reader.row('quokka').getByRole('img', { name: 'Flagged' }).first().waitFor();
    await editor.screenshot('query-flagged');
  });

  it('is tagged, and found by its tag', async () => {
    await memory.findHit('narwhal', 'Explain the release checklist');
    await memory.searchField.press('ArrowDown');
    await editor.page.keyboard.press('t');
    await memory.frame.getByLabel('Tags, separated by commas').fill('later, to do');
    await editor.page.keyboard.press('Enter');
    await memory.card('Results', 'Explain the release checklist').locator('.mark-tag', { hasText: 'to do' }).waitFor();
    await memory.search('tag:"to do" ');
    await until(async () => (await titles()).join() === 'Explain the release checklist', { what: 'the tagged hit' });
  });

  it('is where a search for its like begins', async () => {
    const hit = await memory.findHit('quokka', retry);
    await memory.pick(hit, 'Similar to This');
    const chip = memory.frame.getByRole('button', { name: `similar to: ${retry}` });
    await chip.waitFor();
    await editor.screenshot('query-similar');
    await chip.click();
    await chip.waitFor({ state: 'detached' });
  });
});

describe('a saved search', () => {
  it('is kept by name, there after a reload, run and deleted with a way back', async () => {
    await memory.findHit('quokka', retry);
    await memory.frame.getByRole('button', { name: 'Save this search' }).click();
    await memory.frame.getByLabel('Name of this search').fill('Where the quokka is');
    await editor.page.keyboard.press('Enter');
    // The form closes when the search is saved.
    await memory.frame.getByLabel('Name of this search').waitFor({ state: 'detached' });
    await editor.reload();
    memory = await MemoryPage.open(editor);
    await memory.search('');
    const saved = memory.frame.getByRole('region', { name: 'Saved searches' });
    await saved.getByRole('button', { name: /^Where the quokka is/ }).waitFor();
    await editor.screenshot('query-saved');
    await saved.getByRole('button', { name: 'Delete Where the quokka is' }).click();
    await saved.getByRole('button', { name: 'Undo' }).click();
    await saved.getByRole('button', { name: /^Where the quokka is/ }).click();
    await memory.card('Results', retry).waitFor();
    expect(await memory.searchField.inputValue()).toBe('quokka');
  });
});

it.each([
  ['Light Modern', 'vscode-light'],
  ['Dark Modern', 'vscode-dark'],
  ['Default High Contrast', 'vscode-high-contrast'],
])('is readable in %s', async (theme, bodyClass) => {
  editor.profile.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': theme }));
  await memory.search('quokka after:someday tool:Bsh token is:flagged ');
  await memory.problems.waitFor();
  // The list shows the last results until these are there, and without a hit the keys stay in the field.
  await memory
    .card('Results', retry)
    .filter({ has: memory.frame.locator('mark', { hasText: 'token' }) })
    .waitFor();
  await until(
    async () => (await memory.frame.evaluate<string>('document.body.className')).split(' ').includes(bodyClass),
    { what: `${theme} in the page` },
  );
  await memory.searchField.press('ArrowDown');
  await editor.page.keyboard.press('w');
  await memory.frame.locator('section.why').waitFor();
  await editor.screenshot(`query-${bodyClass}`);
  await memory.search('flamingo file:');
  await memory.completions.first().waitFor();
  await memory.searchField.press('ArrowDown');
  await editor.screenshot(`query-${bodyClass}-completion`);
});
