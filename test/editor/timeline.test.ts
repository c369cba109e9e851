import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeHistory, sessionIdOf } from '../fixtures/make-history';
import { MemoryPage } from './pages/memory';
import { ReaderPage } from './pages/reader';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import { until } from './support/until';

const extra = 220;
let editor: Editor;
let memory: MemoryPage;
keepEditor(() => editor);

beforeAll(async () => {
  const profile = makeProfile();
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now(), extra });
  editor = await openEditor(profile, { hasAllBuiltins: true });
  // Nobody opens it: it shows itself after it was installed.
  memory = await MemoryPage.find(editor);
});

describe('the first run', () => {
  it('says once what is read, where it is kept and how much was found', async () => {
    await memory.firstRun.waitFor();
    const text = memory.firstRun;
    await until(async () => /22[67]/.test(await text.innerText()), { what: 'the number of transcripts in the notice' });
    expect(await text.innerText()).toContain(editor.profile.configDir);
    expect(await text.innerText()).toContain(editor.profile.globalStorage);
    expect(await text.innerText()).toContain('Nothing leaves this machine');
    await editor.screenshot('first-run');
  });

  it('says in the status bar what it counts', async () => {
    await editor.workbench.statusItem.filter({ hasText: '6 sessions' }).waitFor();
  });

  it('leads to the search, and stands above the timeline only', async () => {
    await memory.showTab('Insights');
    await memory.firstRun.waitFor({ state: 'hidden' });
    await memory.showTab('Timeline');
    await memory.firstRun.getByRole('button', { name: 'Find Something You Once Solved' }).waitFor();
  });

  it('does not stand in the way', async () => {
    await memory.card('Sessions', 'Retry budget for the flamingo client').waitFor();
  });
});

describe('the timeline', () => {
  it('shows the back-filled sessions of this workspace by day, newest first', async () => {
    await until(async () => (await memory.titles('Sessions')).length === 6, { what: 'six sessions of the workspace' });
    expect(await memory.titles('Sessions')).toEqual([
      'Session that is still going',
      'Retry budget for the flamingo client',
      'Parser fails on an empty config file',
      'Survey the storage layer',
      'A long walk through the code',
      'Explain the release checklist',
    ]);
    expect((await memory.days.allInnerTexts()).length).toBeGreaterThanOrEqual(4);
  });

  it('tells errors on the card and filters by them', async () => {
    const card = memory.card('Sessions', 'Parser fails');
    await card.getByRole('img', { name: 'Errors: 1' }).waitFor();
    await memory.frame.getByRole('button', { name: 'Errors' }).filter({ visible: true }).click();
    await until(async () => (await memory.titles('Sessions')).join() === 'Parser fails on an empty config file', {
      what: 'only the session with an error',
    });
    await memory.frame.getByRole('button', { name: 'Errors' }).filter({ visible: true }).click();
    await memory.card('Sessions', 'Retry budget').waitFor();
  });

  it('finds a session by its title', async () => {
    await memory.sessionFilter.fill('flamingo');
    await until(async () => (await memory.titles('Sessions')).join() === 'Retry budget for the flamingo client', {
      what: 'the filtered list',
    });
    await memory.sessionFilter.fill('');
    await memory.card('Sessions', 'Survey the storage layer').waitFor();
  });

  it('shows all projects on demand and draws only what is on the screen', async () => {
    await memory.choose('All projects');
    await memory.card('Sessions', 'Orchard task 1').first().waitFor();
    const drawn = await memory.list('Sessions').getByRole('listitem').count();
    expect(drawn).toBeLessThan(60);
    await editor.screenshot('timeline-all');
  });

  it('reaches the oldest of 226 sessions by keyboard and scrolling', async () => {
    const list = memory.list('Sessions');
    await list.locator('.card-title').first().focus();
    await until(
      async () => {
        await editor.page.keyboard.press('End');
        return (await memory.titles('Sessions')).includes(`Orchard task ${extra}`);
      },
      { what: 'the last session', timeoutMs: 30_000, everyMs: 200 },
    );
    await list.evaluate((element) => element.scrollTo(0, 0));
    await memory.choose('This workspace');
  });

  it('groups by project, and shows the sessions of one day from the calendar', async () => {
    await memory.choose('All projects');
    await memory.frame.getByRole('combobox', { name: 'Grouped by' }).selectOption('project');
    await until(async () => (await memory.days.first().innerText()).startsWith('orchard'), {
      what: 'the first project',
    });
    await memory.frame.getByRole('combobox', { name: 'Grouped by' }).selectOption('latest');
    await memory.frame.getByRole('button', { name: 'Days' }).click();
    const days = memory.frame.locator('.calendar-day[style*="--heat"]');
    await days.first().waitFor();
    await editor.screenshot('timeline-calendar');
    await days.last().click();
    await until(async () => (await memory.days.count()) === 1, { what: 'one day' });
    await days.last().click();
    await memory.frame.getByRole('button', { name: 'Days' }).click();
    await memory.choose('This workspace');
  });

  it('chooses several with Space, in a view of 220 pixels that is no wider than it is, and exports them', async () => {
    await editor.workbench.setSideBarWidth(220);
    await memory.frame.getByRole('button', { name: 'Choose several' }).click();
    await memory.sessionFilter.press('ArrowDown');
    await editor.page.keyboard.press('Space');
    await editor.page.keyboard.press('ArrowDown');
    await editor.page.keyboard.press('Space');
    await memory.frame.getByText('2 sessions chosen').first().waitFor();
    expect(await memory.widthTooMuch()).toBe(0);
    await editor.screenshot('timeline-choose-220');
    await memory.frame.getByRole('button', { name: 'Export…' }).click();
    // The place that is offered: the workspace, under the number of sessions and the day.
    const input = editor.workbench.quickInput.locator('input.input');
    const offered = /2 sessions [\d-]+\.md$/;
    await until(async () => offered.test(await input.inputValue()), { what: 'a name for the file' });
    const file = await input.inputValue();
    await editor.page.keyboard.press('Enter');
    const text = await until(() => (existsSync(file) ? readFileSync(file, 'utf8') : ''), { what: 'the file' });
    for (const title of ['Session that is still going', 'Retry budget for the flamingo client'])
      expect(text).toContain(title);
    await editor.workbench.clearToasts();
    await editor.workbench.setSideBarWidth(300);
  });

  it.each([
    ['220 pixels', { width: 1280, height: 800 }, 220],
    ['a zoom of 200 %', { width: 640, height: 400 }, 300],
    ['both', { width: 640, height: 400 }, 220],
  ])('has nothing over its edge in any tab, at %s', async (_, size, width) => {
    await editor.page.setViewportSize(size);
    await editor.workbench.setSideBarWidth(width);
    for (const tab of ['Search', 'Learnings', 'Insights', 'Timeline'] as const) {
      await memory.showTab(tab);
      if (tab === 'Search') await memory.findHit('token bucket', 'Retry budget', 'token');
      if (tab === 'Insights') await memory.frame.getByRole('radio', { name: 'Cost', exact: true }).click();
      if (tab === 'Insights') await memory.frame.getByText('Against the ceilings').waitFor();
      expect(await memory.beyondEdge()).toEqual([]);
      expect(await memory.widthTooMuch()).toBe(0);
      await editor.screenshot(`size-${size.width}-${width}-${tab.toLowerCase()}`);
    }
    await editor.page.setViewportSize({ width: 1280, height: 800 });
    await editor.workbench.setSideBarWidth(300);
  });

  it('pins a session above the others, and takes it back', async () => {
    // The list stays where the person has scrolled it; what it begins with is looked for at its top.
    const first = async () => {
      await memory.list('Sessions').evaluate((element) => element.scrollTo(0, 0));
      return (await memory.titles('Sessions'))[0];
    };
    await memory.pick(memory.card('Sessions', 'Explain the release checklist'), 'Pin Session');
    await until(async () => (await first()) === 'Explain the release checklist', { what: 'the pinned session on top' });
    await until(async () => (await memory.days.first().innerText()) === 'Pinned', { what: 'a group of its own' });
    await editor.screenshot('timeline-pinned');
    await editor.workbench.toasts.getByRole('button', { name: 'Undo' }).click();
    await until(async () => (await first()) === 'Session that is still going', { what: 'the order it was in' });
  });

  it('names a session by F2: in the list, the reader and the search, by which it is found under both titles', async () => {
    const { page, workbench } = editor;
    const card = (title: string) => memory.card('Sessions', title);
    await card('Survey the storage layer').locator('.card-title').click();
    const reader = await ReaderPage.find(editor, 'Survey the storage layer');
    await card('Survey the storage layer').locator('.card-title').focus();
    await page.keyboard.press('F2');
    const input = workbench.quickInput.locator('input.input');
    await until(async () => (await input.inputValue()) === 'Survey the storage layer', {
      what: 'the title in the field',
    });
    await input.fill('Where the pelicans live');
    await editor.screenshot('rename');
    await page.keyboard.press('Enter');
    await card('Where the pelicans live').waitFor();
    await reader.frame.locator('.head-title', { hasText: 'Where the pelicans live' }).waitFor();
    await page.locator('.tab', { hasText: 'Where the pelicans live' }).waitFor();
    await editor.screenshot('renamed');
    for (const [words, title] of [
      ['pelicans', 'Where the pelicans live'],
      ['flamingo', 'Retry budget'],
      ['survey storage layer', 'Where the pelicans live'],
    ] as const) {
      await memory.search(words);
      await memory.card('Results', title).waitFor();
    }
    await memory.showTab('Timeline');
    await workbench.toasts.getByRole('button', { name: 'Undo' }).click();
    await card('Survey the storage layer').waitFor();
    await page.locator('.tab', { hasText: 'Survey the storage layer' }).waitFor();
  });

  it('leads from the number of sub-agents to the first of them', async () => {
    await memory
      .card('Sessions', 'Survey the storage layer')
      .getByRole('button', { name: /^Sub-agents: \d+\. Go to the first/ })
      .click();
    const reader = await ReaderPage.find(editor, 'Survey the storage layer');
    await reader.frame.locator('.turn-row.lit, .turn-row:has(.of-agent)').first().waitFor();
    await reader.frame.getByRole('button', { name: /^Sub-agents: \d/ }).waitFor();
    await editor.screenshot('sub-agents');
  });

  it('offers a page to be printed as a file, because this browser cannot read the files of its server', async () => {
    await ReaderPage.find(editor, 'Survey the storage layer');
    await editor.workbench.runCommand('Claude-Mem: Print Session');
    const dialog = editor.page.locator('.monaco-dialog-box');
    await dialog.getByText('The files of this window are where your browser cannot open them.').waitFor();
    await editor.screenshot('print');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  it('opens the reader from a card', async () => {
    await memory.card('Sessions', 'Explain the release checklist').locator('.card-title').click();
    const reader = await ReaderPage.find(editor, 'Explain the release checklist');
    await reader.row('Release checklist').first().waitFor();
    expect(await reader.frame.getByRole('table').count()).toBe(1);
    await editor.screenshot('reader');
  });
});

describe('what VS Code shows around it', () => {
  it('counts the sessions of this workspace in the status bar', async () => {
    await until(async () => /\b6\b/.test(await editor.workbench.statusItem.innerText()), {
      what: 'the count in the status bar',
    });
  });

  it('opens the view by a click on the status bar', async () => {
    await editor.workbench.showContainer('Explorer');
    await editor.workbench.statusItem.click();
    memory = await MemoryPage.find(editor);
    await memory.card('Sessions', 'Retry budget').waitFor();
  });

  it('still says how much was found when the import is long over', async () => {
    await memory.firstRun.filter({ hasText: /22[67]/ }).waitFor();
  });

  it('leads from the notice to the search, where one can type at once, and puts it away on every tab', async () => {
    await memory.firstRun.getByRole('button', { name: 'Find Something You Once Solved' }).click();
    await memory.frame.locator('[aria-label="Search memory"]:focus').waitFor();
    await editor.page.keyboard.type('flamingo');
    await memory.card('Results', 'Retry budget').first().waitFor();
    await memory.searchField.fill('');
    expect(await memory.firstRun.count()).toBe(0);
    await memory.showTab('Timeline');
  });

  it('remembers after a reload that the notice was read, and where the person was', async () => {
    // In an order that stands in no title: a reader's tab is stored with its own.
    await memory.sessionFilter.fill('layer survey');
    await until(async () => (await memory.titles('Sessions')).length === 1, { what: 'the filtered list' });
    await editor.workbench.waitUntilStored('layer survey');
    await editor.workbench.waitUntilStored(sessionIdOf(5));
    await editor.reload();
    memory = await MemoryPage.open(editor);
    await until(async () => (await memory.titles('Sessions')).join() === 'Survey the storage layer', {
      what: 'the same filter after the reload',
    });
    expect(await memory.firstRun.count()).toBe(0);
    const reader = await ReaderPage.find(editor, 'Explain the release checklist');
    await reader.row('Release checklist').first().waitFor();
  });

  it('asked nothing of the network', () => {
    expect(editor.externalRequests).toEqual([]);
  });
});
