import { beforeAll, describe, expect, it } from 'vitest';
import { makeHistory } from '../fixtures/make-history';
import { MemoryPage } from './pages/memory';
import { ReaderPage } from './pages/reader';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import { until } from './support/until';

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

  it('by a model leads to the key first', async () => {
    await editor.workbench.runCommand('Claude-Mem: Summarise This Session with a Model');
    await editor.workbench.dialog.filter({ hasText: 'Models are off: nothing is sent to anyone' }).waitFor();
    await editor.screenshot('models-off');
    await editor.page.keyboard.press('Escape');
  });
});
