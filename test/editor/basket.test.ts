/** A person fills the basket from every page, sees what it costs, puts it in order, and gives it in each way. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeHistory } from '../fixtures/make-history';
import { BasketList } from './pages/basket';
import { MemoryPage } from './pages/memory';
import { ReaderPage } from './pages/reader';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import { holds, until } from './support/until';

const code = 'export function main() {\n  start();\n}\n';
const page = '<!doctype html>\n<script>\n  start();\n</script>\n';
const rules = '# House rules\n\n- Be kind.\n';
const budget = 'The flamingo client hammers the server';
const fairness = 'Waiting calls keep their place';
const checklist = 'Explain the release checklist';

let editor: Editor;
let memory: MemoryPage;
let basket: BasketList;
let [codeFile, pageFile, rulesFile] = ['', '', ''];
keepEditor(() => editor);

beforeAll(async () => {
  const profile = makeProfile();
  codeFile = profile.write('main.ts', code);
  pageFile = profile.write('page.html', page);
  rulesFile = profile.write('CLAUDE.md', rules);
  profile.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': 'Dark Modern' }));
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now() });
  editor = await openEditor(profile, { viewport: { width: 1400, height: 950 } });
  memory = await MemoryPage.open(editor);
  basket = new BasketList(editor);
  await memory.firstRun.getByRole('button', { name: 'Got It' }).click();
});

const order = async (...starts: string[]): Promise<void> => {
  await until(
    async () => {
      const lines = await basket.lines();
      return lines.length === starts.length && lines.every((line, index) => line.startsWith(starts[index] ?? '?'));
    },
    { what: `the basket with ${starts.join(' | ')}` },
  );
};

describe('filling it', () => {
  it('begins in the search, and shows the basket with what it costs', async () => {
    expect(await basket.pane.count()).toBe(0);
    const hit = await memory.findHit('quokka', 'Retry budget');
    await memory.act(hit, 'Put into the basket');
    await basket
      .row(fairness)
      .filter({ hasText: /^\s*\d+ · / })
      .waitFor();
    await hit.getByRole('img', { name: 'In the basket' }).waitFor();
    await until(async () => /\b1 · [\d,]+ of 2,000 tokens/.test(await basket.header.innerText()), {
      what: 'the total in the header',
    });
  });

  it('goes on in the reader, with a prompt and the summary', async () => {
    await memory.card('Results', 'Retry budget').locator('.card-title').click();
    const reader = await ReaderPage.find(editor, 'Retry budget for the flamingo client');
    await reader.act(reader.row(budget).first(), 'Put into the basket');
    await basket.row(budget).waitFor();
    await reader.summary.getByRole('button', { name: 'Put the summary into the basket' }).click();
    await until(async () => (await basket.rows.count()) === 3, { what: 'three rows' });
    await reader.frame.getByRole('button', { name: 'Take out of the basket' }).first().waitFor();
    await editor.screenshot('basket-reader');
  });

  it('and in the timeline, by one key', async () => {
    await memory.showTab('Timeline');
    const title = memory.card('Sessions', checklist).locator('.card-title');
    await title.focus();
    await editor.page.keyboard.press('b');
    await until(async () => (await basket.rows.count()) === 4, { what: 'four rows' });
    await editor.page.keyboard.press('b');
    await until(async () => (await basket.rows.count()) === 3, { what: 'three rows again' });
    await editor.page.keyboard.press('b');
    await order(fairness, budget, 'Retry budget', checklist);
    expect(await basket.rows.last().getAttribute('aria-label')).toMatch(/^Session, .*tokens/);
  });

  it('is ordered, trimmed, emptied and undone by keyboard', async () => {
    await basket.select(budget);
    await editor.page.keyboard.press('Alt+ArrowUp');
    await order(budget, fairness, 'Retry budget', checklist);
    await basket.act(basket.row(checklist), 'Trim');
    await editor.workbench.quickRows.filter({ hasText: 'At most 50 tokens' }).click();
    await basket
      .row(checklist)
      .filter({ hasText: /\d+\/\d+ · / })
      .waitFor();
    // The key is about the row with the focus, which is not the selected one here.
    await basket.select(budget);
    await editor.page.keyboard.press('ArrowDown');
    await editor.page.keyboard.press('ArrowDown');
    await editor.page.keyboard.press('Delete');
    await order(budget, fairness, checklist);
    await editor.page.keyboard.press('Control+Z');
    await order(budget, fairness, 'Retry budget', checklist);
    await editor.screenshot('basket-dark');
  });
});

describe('giving it', () => {
  it('inserts at the cursor as comments, in one step to undo', async () => {
    await editor.workbench.openFile('main.ts');
    await editor.workbench.goToLine(2);
    await basket.give('Insert Basket at Cursor');
    const text = await editor.workbench.saveAndRead(codeFile, (saved) => saved.includes('flamingo'));
    const added = text.split('\n').filter((line) => !code.split('\n').includes(line));
    for (const line of added) expect(line).toMatch(/^\s*\/\//);
    expect(text.indexOf(budget)).toBeLessThan(text.indexOf(fairness));
    expect(text).toMatch(/\(session [0-9a-f]{8}\)/);
    expect(text).not.toContain('claude-mem-memory');
    await editor.screenshot('basket-inserted');
    await editor.page.locator('.editor-instance .view-line').filter({ hasText: 'export function main' }).click();
    await editor.page.keyboard.press('Control+Z');
    expect(await editor.workbench.saveAndRead(codeFile, (saved) => !saved.includes('flamingo'))).toBe(code);
  });

  it('speaks the language at the cursor', async () => {
    await editor.workbench.openFile('page.html');
    await editor.workbench.goToLine(3);
    await basket.give('Insert Basket at Cursor');
    const text = await editor.workbench.saveAndRead(pageFile, (saved) => saved.includes('flamingo'));
    for (const line of text.split('\n').filter((each) => each.includes('flamingo'))) expect(line).toMatch(/^\s*\/\//);
  });

  it('copies it with the marks by which it is known again', async () => {
    await basket.give('Copy Basket');
    const text = await until(
      async () => [await editor.workbench.readClipboard()].find((each) => each.includes(fairness)),
      { what: 'the basket on the clipboard' },
    );
    expect(text).toMatch(/^<claude-mem-memory>\n[^]*\n<\/claude-mem-memory>$/);
  });

  it('types its mention into a terminal, and leaves Enter to the person', async () => {
    const { home, workspace } = editor.profile;
    const ran = join(home, 'ran');
    writeFileSync(join(home, '.bashrc'), `claude() { echo "$PWD $*" > ${ran}; }\n`);
    await basket.give('Send Basket to Claude');
    await editor.workbench.quickRows.filter({ hasText: 'New terminal' }).click();
    const terminal = editor.page.locator('.terminal-wrapper.active .xterm-rows');
    await until(async () => (await terminal.innerText()).replace(/\s/g, '').includes('claude"@.claude-mem/brief.md"'), {
      what: 'the mention in the terminal',
    });
    await editor.screenshot('basket-terminal');
    expect(readFileSync(join(workspace, '.claude-mem/brief.md'), 'utf8')).toContain(fairness);
    expect(readFileSync(join(workspace, '.claude-mem/.gitignore'), 'utf8')).toContain('\n*\n');
    await holds(() => !existsSync(ran), { what: 'nothing has been run' });
    await editor.page.locator('.terminal-wrapper.active').click();
    await editor.page.keyboard.press('Control+C');
    await editor.workbench.killTerminal();
  });

  it('is added to CLAUDE.md between marks, as a diff, and taken out again', async () => {
    const addTo = async () => {
      await editor.workbench.runCommand('Claude-Mem: Add Basket to CLAUDE.md');
      await editor.workbench.quickRows.filter({ hasText: 'for everybody' }).first().click();
    };
    // The message below goes away by itself; the buttons above the diff stay.
    const accept = () => editor.page.locator('.editor-actions .action-label[aria-label^="Write to the File"]').click();
    await addTo();
    await editor.page.locator('.tab.active', { hasText: 'with the basket' }).waitFor();
    await editor.screenshot('basket-claude-md');
    expect(readFileSync(rulesFile, 'utf8')).toBe(rules);
    await accept();
    const text = await until(() => [readFileSync(rulesFile, 'utf8')].find((each) => each.includes(fairness)), {
      what: 'the section',
    });
    expect(text).toMatch(
      /^# House rules\n\n- Be kind\.\n\n<!-- claude-mem:context [^]*<!-- \/claude-mem:context -->\n$/,
    );
    await addTo();
    await editor.workbench.quickRows.filter({ hasText: 'Take the section out' }).click();
    await accept();
    await until(() => readFileSync(rulesFile, 'utf8') === rules, { what: 'the file as it was' });
  });
});

describe('a question', () => {
  it('fills it', async () => {
    await editor.workbench.runCommand('Claude-Mem: Empty Basket');
    await basket.pane.getByText('The basket is empty.').waitFor();
    await editor.screenshot('basket-empty');
    await editor.workbench.runCommand('Claude-Mem: Fill Basket from a Question');
    const input = editor.workbench.quickInput.locator('input.input');
    await input.fill('What does the flamingo client do about its retry budget when the server is down?');
    await input.press('Enter');
    await until(async () => (await basket.rows.count()) > 0, { what: 'sentences in the basket' });
    expect((await basket.lines()).join('\n')).toContain('flamingo');
  });
});

describe('later', () => {
  it('is there again after a reload, in a light theme too', async () => {
    const before = await basket.lines();
    await editor.workbench.waitUntilStored('claudeMem.basket');
    editor.profile.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': 'Light Modern' }));
    await editor.reload();
    memory = await MemoryPage.open(editor);
    await until(async () => (await basket.lines()).join() === before.join(), { what: 'the same basket' });
    await memory.search('quokka');
    await memory.card('Results', 'Retry budget').first().waitFor();
    await editor.screenshot('basket-light');
  });

  it('has nothing of a session that was forgotten, and says so', async () => {
    await memory.showTab('Timeline');
    await memory.pick(memory.card('Sessions', 'Retry budget'), 'Forget Session');
    await editor.workbench.dialog.getByRole('button', { name: /Forget/ }).click();
    await basket.message.filter({ hasText: 'No longer in memory' }).waitFor();
    await until(async () => !(await basket.lines()).join('\n').includes('flamingo'), {
      what: 'nothing of the session',
    });
    expect(editor.externalRequests).toEqual([]);
  });
});
