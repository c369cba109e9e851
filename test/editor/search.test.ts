import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeHistory, sessionIdOf } from '../fixtures/make-history';
import { MemoryPage } from './pages/memory';
import { ReaderPage } from './pages/reader';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import { holds, until } from './support/until';

const code = 'export function main() {\n  start();\n}\n';
const note = '# Notes\n\nFirst line.\n';
let editor: Editor;
let memory: MemoryPage;
let codeFile = '';
let noteFile = '';
keepEditor(() => editor);

beforeAll(async () => {
  const profile = makeProfile();
  codeFile = profile.write('main.ts', code);
  noteFile = profile.write('notes.md', note);
  profile.write('CLAUDE.md', '# Rules\n\n- Use pnpm.\n- The wombat suite needs a database.\n');
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now(), extra: 12 });
  editor = await openEditor(profile);
  memory = await MemoryPage.open(editor);
  await memory.firstRun.getByRole('button', { name: 'Got It' }).click();
});

/** Puts the cursor at the start of the second line. */
async function putCursor(name: string): Promise<void> {
  await editor.workbench.openFile(name);
  await editor.workbench.goToLine(2);
}

describe('searching as you type', () => {
  it('finds a word in an answer and marks it', async () => {
    await memory.findHit('quokk', 'Retry budget for the flamingo client');
    await editor.screenshot('search');
  });

  it('finds what only a sub-agent said', async () => {
    await memory.findHit('pangolin', 'Survey the storage layer');
  });

  it('says so when nothing is found, and what to do', async () => {
    await memory.search('zyzzyvaquux');
    await memory.emptyTitle.filter({ hasText: 'Nothing found' }).waitFor();
  });
});

describe('a narrow view', () => {
  it.each([
    [300, 6],
    [220, 4],
  ])('of %i pixels shows %i hits whole, in a window of 800, and is no wider than it is', async (width, least) => {
    await editor.workbench.setSideBarWidth(width);
    await memory.search('the');
    await memory.choose('All projects');
    await memory.card('Results', 'Survey the storage layer').waitFor();
    await until(async () => (await memory.wholeCards('Results')) >= least, { what: `${least} whole hits` });
    expect(await memory.widthTooMuch()).toBe(0);
    await editor.screenshot(`search-${width}`);
  });

  it('never covers a title with the actions of its card', async () => {
    const hit = memory.card('Results', 'Survey the storage layer');
    await hit.hover();
    await hit.getByRole('button', { name: 'More actions' }).waitFor();
    const box = async (selector: string) => {
      const found = await hit.locator(selector).boundingBox();
      if (!found) throw new Error(`${selector} is not there`);
      return found;
    };
    const [title, actions] = [await box('.card-title'), await box('.card-actions')];
    expect(title.y + title.height).toBeLessThanOrEqual(actions.y);
    await editor.workbench.setSideBarWidth(300);
    await memory.choose('This workspace');
  });

  it('reaches the first hit from the field with ten Tabs at most', async () => {
    await memory.search('the');
    await memory.card('Results', 'Survey the storage layer').waitFor();
    await memory.searchField.focus();
    let tabs = 0;
    await until(
      async () => {
        await editor.page.keyboard.press('Tab');
        tabs += 1;
        return (await memory.frame.evaluate<string>('document.activeElement?.className')) === 'card-title';
      },
      { what: 'the first hit' },
    );
    expect(tabs).toBeLessThanOrEqual(10);
  });

  it('unfolds what else a session has, and opens it there', async () => {
    await memory.search('module constant');
    const hit = memory.card('Results', 'A long walk through the code');
    await hit.getByRole('button', { name: /more in this session$/ }).click();
    await hit.locator('.place').first().waitFor();
    expect(await hit.locator('.place').count()).toBeGreaterThan(2);
    await editor.screenshot('search-unfolded');
    await hit.locator('.place').nth(1).click();
    const reader = await ReaderPage.find(editor, 'A long walk through the code');
    await reader.lit.first().waitFor();
    await editor.workbench.closeEditors();
  });

  it('offers what was searched for in the empty field', async () => {
    await memory.search('');
    await memory.searchField.press('ArrowDown');
    const recent = memory.frame.getByRole('listbox', { name: 'Recent searches' }).getByRole('option');
    await recent.filter({ hasText: 'module constant' }).waitFor();
    await editor.screenshot('search-recent');
    await memory.searchField.press('Escape');
  });
});

describe('what Claude remembers itself', () => {
  it('is found by its type, and opens its file at the line', async () => {
    await memory.search('wombat type:note');
    const hit = memory.card('Results', 'CLAUDE.md');
    await hit.getByText('The wombat suite needs a database').waitFor();
    await editor.screenshot('search-note');
    await hit.locator('.card-title').click();
    await editor.page.locator('.tab.active').filter({ hasText: 'CLAUDE.md' }).waitFor();
    await editor.page.locator('.statusbar-item').filter({ hasText: 'Ln 4, Col 1' }).waitFor();
  });
});

describe('from a hit to the reader', () => {
  it('opens it at the matching turn, without the mouse', async () => {
    await memory.findHit('axolotl clause', 'A long walk through the code', 'axolotl');
    await memory.searchField.press('ArrowDown');
    await editor.page.keyboard.press('Enter');
    const reader = await ReaderPage.find(editor, 'A long walk through the code');
    await reader.lit.filter({ hasText: 'axolotl clause' }).waitFor();
    // Not of the highlighted row: it is highlighted for a moment only.
    expect(await reader.row('axolotl clause').getAttribute('data-turn')).toBe('71');
    expect(await reader.row('Step 1:').count()).toBe(0);
    await editor.screenshot('reader-at-turn');
  });

  it('finds inside the session, beyond what is drawn', async () => {
    const reader = await ReaderPage.find(editor, 'A long walk through the code');
    await reader.frame.getByRole('button', { name: 'Find (Ctrl+F)' }).click();
    await reader.frame.getByRole('textbox', { name: 'Find in this session' }).fill('module number 9 ');
    // From the row on that was read.
    await reader.lit.filter({ hasText: 'Step 79:' }).waitFor();
    await editor.page.keyboard.press('Shift+Enter');
    await reader.lit.filter({ hasText: 'Step 69:' }).waitFor();
  });

  it('pages back to the beginning', async () => {
    const reader = await ReaderPage.find(editor, 'A long walk through the code');
    const list = reader.frame.getByRole('group', { name: 'Conversation' });
    await until(
      async () => {
        await list.evaluate((element) => element.scrollBy(0, -4000));
        return reader.row('Step 1:').first().isVisible();
      },
      { what: 'the first turn', everyMs: 150 },
    );
    expect(await reader.rows.count()).toBeLessThan(120);
  });

  it('lists the prompts beside the text, and goes to one', async () => {
    const reader = await ReaderPage.find(editor, 'A long walk through the code');
    await reader.showOutline();
    await reader.prompt('Step 1:').waitFor();
    await editor.screenshot('reader-outline');
    await reader.prompt('Step 9:').click();
    await reader.lit.filter({ hasText: 'Step 9:' }).waitFor();
    await reader.frame.locator('.outline-row[aria-current]').waitFor();
  });

  it('shows a tool call with its diff', async () => {
    await (await memory.findHit('token bucket', 'Retry budget', 'token')).locator('.card-title').click();
    const reader = await ReaderPage.find(editor, 'Retry budget for the flamingo client');
    const edit = reader.rows.filter({ has: reader.frame.getByRole('article', { name: 'Tool call: Edit' }) });
    await edit.first().waitFor();
    await reader.expand(edit.first());
    await edit.locator('.diff-added', { hasText: 'budget.tokens' }).waitFor();
    await edit.locator('.diff-removed', { hasText: 'for (;;)' }).waitFor();
    await editor.screenshot('reader-diff');
  });
});

describe('from a hit to the cursor', () => {
  it('inserts into code as comments, in one undo step', async () => {
    await putCursor('main.ts');
    await memory.act(await memory.findHit('quokka', 'Retry budget'), 'Insert at cursor');
    const text = await editor.workbench.saveAndRead(codeFile, (saved) => saved.includes('quokka'));
    const [before = '', after = ''] = code.split('\n').slice(0, 2);
    const inserted = text.split('\n').filter((line) => !code.split('\n').includes(line));
    expect(text.startsWith(`${before}\n`)).toBe(true);
    expect(text).toContain(`${after}\n}\n`);
    expect(inserted.length).toBeGreaterThan(0);
    for (const line of inserted) expect(line).toMatch(/^\s*\/\//);
    await editor.screenshot('inserted-code');

    await editor.page.locator('.editor-instance .view-line').filter({ hasText: 'export function main' }).click();
    await editor.page.keyboard.press('Control+Z');
    expect(await editor.workbench.saveAndRead(codeFile, (saved) => !saved.includes('quokka'))).toBe(code);
  });

  it('inserts into Markdown as text, from the keyboard', async () => {
    await putCursor('notes.md');
    await memory.findHit('narwhal', 'Explain the release checklist');
    await memory.searchField.press('ArrowDown');
    await editor.page.keyboard.press('Control+Enter');
    const text = await editor.workbench.saveAndRead(noteFile, (saved) => saved.includes('narwhal'));
    expect(text).toContain('3. Tag with the narwhal key');
    expect(text).not.toMatch(/^\s*(\/\/|<!--)/m);
  });

  it('copies a hit as context with its source', async () => {
    await memory.act(await memory.findHit('quokka', 'Retry budget'), 'Copy as context');
    const text = await until(
      async () => [await editor.workbench.readClipboard()].find((each) => each.includes('quokka')),
      { what: 'the clipboard' },
    );
    expect(text).toContain('Retry budget for the flamingo client');
    expect(text).toContain(sessionIdOf(1));
  });

  it('copies a message of the reader as it is', async () => {
    await memory.card('Results', 'Retry budget').locator('.card-title').click();
    const reader = await ReaderPage.find(editor, 'Retry budget for the flamingo client');
    await reader.act(reader.row('hammers the server').first(), 'Copy');
    await until(
      async () =>
        (await editor.workbench.readClipboard()) ===
        'The flamingo client hammers the server when it is down. Give it a retry budget.',
      { what: 'the prompt on the clipboard' },
    );
  });
});

describe('back into a session', () => {
  const command = `claude --resume ${sessionIdOf(1)}`;

  it('copies the command', async () => {
    await memory.showTab('Timeline');
    await memory.act(memory.card('Sessions', 'Retry budget'), 'Resume');
    await editor.workbench.quickRows.filter({ hasText: 'Copy the command' }).click();
    await until(async () => (await editor.workbench.readClipboard()) === command, {
      what: 'the command on the clipboard',
    });
  });

  it("types it into a terminal in the session's folder, and leaves Enter to the person", async () => {
    const { home, workspace } = editor.profile;
    const ran = join(home, 'ran');
    // Defined in .bashrc, because a terminal sets its own PATH.
    writeFileSync(join(home, '.bashrc'), `claude() { echo "$PWD $*" > ${ran}; }\n`);
    await memory.act(memory.card('Sessions', 'Retry budget'), 'Resume');
    await editor.workbench.quickRows.filter({ hasText: 'Type into a terminal' }).click();
    const terminal = editor.page.locator('.terminal-wrapper.active .xterm-rows');
    await until(async () => (await terminal.innerText()).replace(/\s/g, '').includes(command.replace(/\s/g, '')), {
      what: 'the command in the terminal',
    });
    await editor.screenshot('resume');
    await holds(() => !existsSync(ran), { what: 'the command has not been sent' });
    await editor.page.locator('.terminal-wrapper.active').click();
    await editor.page.keyboard.press('Enter');
    await until(() => existsSync(ran) && readFileSync(ran, 'utf8') === `${workspace} --resume ${sessionIdOf(1)}\n`, {
      what: 'the stand-in of claude',
    });
    await editor.workbench.killTerminal();
  });
});

describe('from the palette', () => {
  it('searches in a Quick Pick and opens the place', async () => {
    await editor.workbench.runCommand('Claude-Mem: Search Memory');
    await editor.workbench.quickInput.locator('input.input').fill('pangolin');
    // Before the answer, the Quick Pick shows recent sessions including this one: the hit is the row with the word.
    const row = editor.workbench.quickRows
      .filter({ hasText: 'Survey the storage layer' })
      .filter({ hasText: 'pangolin' });
    await row.waitFor();
    await editor.screenshot('quick-pick');
    await row.click();
    const reader = await ReaderPage.find(editor, 'Survey the storage layer');
    await reader.row('pangolin').first().waitFor();
  });

  it('inserts at the cursor from a Quick Pick', async () => {
    await putCursor('main.ts');
    await editor.workbench.runCommand('Claude-Mem: Insert Memory Here');
    await editor.workbench.quickInput.locator('input.input').fill('narwhal');
    await editor.workbench.quickRows
      .filter({ hasText: 'Explain the release checklist' })
      .filter({ hasText: 'narwhal' })
      .click();
    const text = await editor.workbench.saveAndRead(codeFile, (saved) => saved.includes('narwhal'));
    for (const line of text.split('\n').filter((each) => each.includes('narwhal'))) expect(line).toMatch(/^\s*\/\//);
  });

  it('says what to do when there is no editor to write into', async () => {
    await editor.workbench.closeEditors();
    await memory.act(await memory.findHit('quokka', 'Retry budget'), 'Insert at cursor');
    await editor.workbench.toasts
      .filter({ hasText: 'Open a file' })
      .getByRole('button', { name: 'Copy Instead' })
      .waitFor();
  });
});
