import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeHistory } from '../fixtures/make-history';
import { MemoryPage } from './pages/memory';
import { ReaderPage } from './pages/reader';
import { expectNoViolations } from './support/axe';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import { holds, until } from './support/until';

const title = 'Parser fails on an empty config file';
let editor: Editor;
let memory: MemoryPage;
let reader: ReaderPage;
let notes = '';
keepEditor(() => editor);

beforeAll(async () => {
  const profile = makeProfile();
  notes = profile.write('notes.md', '# Notes\n\n');
  profile.write('config.js', 'module.exports = {};\n');
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now() });
  editor = await openEditor(profile, { viewport: { width: 1400, height: 900 } });
  memory = await MemoryPage.open(editor);
  await memory.firstRun.getByRole('button', { name: 'Got It' }).click();
  await memory.card('Sessions', title).locator('.card-title').click();
  reader = await ReaderPage.find(editor, title);
});

/** The editor destroys hidden panels, so showing it again loads a new page. */
async function showReader(): Promise<void> {
  await editor.page.getByRole('tab', { name: /Parser fails/ }).click();
  reader = await ReaderPage.find(editor, title);
}

/** Whether a part of the page is inside of what is shown. */
const isInSight = (page: ReaderPage, selector: string): Promise<boolean> =>
  page.frame.evaluate<boolean>(`(() => {
    const part = document.querySelector('${selector}')?.getBoundingClientRect();
    const list = document.querySelector('.conversation').getBoundingClientRect();
    return part !== undefined && part.bottom > list.top && part.top < list.bottom;
  })()`);

const menuOf = (shown: Editor): Promise<string[]> => shown.page.locator('.monaco-menu .action-label').allInnerTexts();

describe('what a session changed', () => {
  it('is shown file by file, in diff editors, and as the file stood', async () => {
    const changesOf = () => reader.frame.getByRole('region', { name: 'Changed files', exact: true });
    const changes = changesOf();
    await changes.locator('.summary-toggle').click();
    await changes.getByText('config.js').first().waitFor();
    await changes.locator('.change-toggle').first().click();
    await changes.locator('.diff-added').first().waitFor();
    await expectNoViolations(reader.frame);
    await editor.screenshot('changes');
    await changes.getByRole('button', { name: 'Open in diff editor' }).first().click();
    await editor.page.getByRole('tab', { name: /what the session changed/ }).waitFor();
    await editor.page.locator('.monaco-diff-editor .view-lines').first().waitFor();
    await editor.screenshot('changes-diff');
    await showReader();
    await changesOf()
      .getByRole('button', { name: /as the session left it/ })
      .first()
      .click();
    await editor.page
      .getByRole('tab', { name: /today|config\.js/ })
      .first()
      .waitFor();
    await editor.screenshot('changes-then');
    await showReader();
    await changesOf().locator('.summary-toggle').click();
  });
});

describe('the summary of a session', () => {
  it('is there without a model: files, errors, commands', async () => {
    await reader.summaryPart('Files').getByText('config.js').waitFor();
    await reader.summaryPart('Errors').getByText('SyntaxError').first().waitFor();
    await reader.summaryPart('Commands').getByText('node main.js --config empty.json').first().waitFor();
    await reader.summary.getByText('Made by rules, on this computer').waitFor();
    await editor.screenshot('summary');
  });

  it('leads from every sentence to its line', async () => {
    await reader.summaryPart('Errors').locator('.sentence').first().click();
    await reader.lit.filter({ hasText: 'node main.js' }).waitFor();
    expect(await reader.summary.locator('.sentence').count()).toBeGreaterThan(3);
    expect(await reader.summary.locator('.sentence:not(button)').count()).toBe(0);
  });

  it('is inserted at the cursor as Markdown', async () => {
    await editor.workbench.openFile('notes.md');
    await editor.workbench.goToLine(3);
    await showReader();
    await reader.summary.getByRole('button', { name: 'Insert summary at cursor' }).click();
    await editor.page.locator('.view-lines', { hasText: 'Claude-Mem:' }).waitFor();
    const text = await editor.workbench.saveAndRead(notes, (saved) => saved.includes('### Files'));
    expect(text).toContain('> **Claude-Mem:**');
    expect(text).toContain('`config.js`');
  });

  it('stays collapsed once it was', async () => {
    await showReader();
    await reader.summary.locator('.summary-toggle').click();
    await until(async () => (await reader.summary.locator('.summary-body').count()) === 0, {
      what: 'a collapsed summary',
    });
    await editor.screenshot('summary-collapsed');
    await reader.summary.locator('.summary-toggle').click();
    await reader.summaryPart('Files').waitFor();
  });

  it('says in words that the editor has no model', async () => {
    await reader.summary.getByRole('button', { name: 'Ask this editor’s model…' }).click();
    await reader.frame.getByText('This editor offers no language model').waitFor();
  });

  it('scrolls away with the text, which has the focus when the reader opens', async () => {
    await memory.card('Sessions', 'A long walk through the code').locator('.card-title').click();
    const long = await ReaderPage.find(editor, 'A long walk through the code');
    await long.summary.waitFor();
    await until(() => long.frame.evaluate<boolean>(`document.activeElement?.className.includes('conversation')`), {
      what: 'the focus in the conversation',
    });
    await expectNoViolations(long.frame);
    await editor.page.keyboard.press('PageDown');
    await editor.page.keyboard.press('PageDown');
    await until(async () => !(await isInSight(long, '.summary')), { what: 'the summary to scroll away' });
    await editor.page.keyboard.press('End');
    await long.row('Module 90 holds').waitFor();
    await editor.page.keyboard.press('p');
    await long.lit.filter({ hasText: 'Step 90:' }).waitFor();
    await editor.page.keyboard.press('p');
    await long.lit.filter({ hasText: 'Step 89:' }).waitFor();
    await editor.page.keyboard.press('n');
    await long.lit.filter({ hasText: 'Step 90:' }).waitFor();
    await editor.page.keyboard.press('Home');
    await until(() => isInSight(long, '.summary'), { what: 'the summary at the beginning' });
    await long.row('Step 1:').first().waitFor();
    await editor.screenshot('reader-start');
    await showReader();
  });

  it('takes no focus from a palette that was opened while the reader opens', async () => {
    await memory.card('Sessions', 'Survey the storage layer').locator('.card-title').click();
    await editor.page.keyboard.press('F1');
    const input = editor.workbench.quickInput.locator('input.input');
    await input.waitFor();
    const survey = await ReaderPage.find(editor, 'Survey the storage layer');
    await survey.rows.first().waitFor();
    await holds(() => input.isVisible(), { what: 'the palette stays open' });
    await editor.page.keyboard.type('claude');
    expect(await input.inputValue()).toBe('>claude');
    await editor.page.keyboard.press('Escape');
    await showReader();
  });

  it('counts errors, and leads to them', async () => {
    await reader.frame.getByRole('button', { name: 'Errors: 1' }).click();
    await reader.lit.filter({ hasText: 'SyntaxError' }).waitFor();
  });

  it('has a menu in which nothing would change the text', async () => {
    await reader.row('Starting with an empty').first().click({ button: 'right' });
    await until(async () => (await menuOf(editor)).length > 2, { what: 'the menu' });
    const names = await menuOf(editor);
    expect(names).toContain('Copy');
    expect(names).toContain('Copy Turn');
    expect(names.filter((name) => /^(Cut|Paste)/.test(name))).toEqual([]);
    await editor.screenshot('reader-menu');
    await editor.page.keyboard.press('Escape');
  });

  it('copies a whole turn', async () => {
    await reader.act(reader.row('Starting with an empty').first(), 'Copy this turn, with what Claude did');
    const text = await until(
      async () => [await editor.workbench.readClipboard()].find((each) => each.includes('listening on 8080')),
      { what: 'the turn on the clipboard' },
    );
    expect(text).toMatch(/^## You · /);
    expect(text).toContain('**Bash** `node main.js --config empty.json` (failed)');
  });

  it('is exported with its session, as a page for a browser', async () => {
    const { workspace } = editor.profile;
    await reader.frame.getByRole('button', { name: 'More actions' }).click();
    await editor.workbench.chooseFromMenu(/^Export Session/);
    await editor.workbench.quickRows.filter({ hasText: 'HTML' }).click();
    // The place that is offered: the workspace, under the title and the day.
    const offered = /Parser fails on an empty config file [\d-]+\.html$/;
    await until(async () => offered.test(await editor.workbench.quickInput.locator('input.input').inputValue()), {
      what: 'a name for the file',
    });
    await editor.page.keyboard.press('Enter');
    const page = await until(
      () => {
        const name = readdirSync(workspace).find((each) => offered.test(each));
        return [name && readFileSync(join(workspace, name), 'utf8')].find((text) => text?.includes('</html>'));
      },
      { what: 'the whole page' },
    );
    expect(page).toContain('<h1>Parser fails on an empty config file</h1>');
    await editor.workbench.clearToasts();
  });

  it('by a model leads to the key first', async () => {
    await editor.workbench.runCommand('Claude-Mem: Summarise This Session with a Model');
    await editor.workbench.dialog.filter({ hasText: 'Models are off: nothing is sent to anyone' }).waitFor();
    await editor.screenshot('models-off');
    await editor.page.keyboard.press('Escape');
  });
});
