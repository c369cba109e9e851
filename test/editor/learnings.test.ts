import { beforeAll, describe, expect, it } from 'vitest';
import { makeHistory } from '../fixtures/make-history';
import { MemoryPage } from './pages/memory';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import { until } from './support/until';

let editor: Editor;
let memory: MemoryPage;
let file = '';
keepEditor(() => editor);

beforeAll(async () => {
  const profile = makeProfile();
  file = profile.write('notes.md', '# Notes\n\n');
  profile.write('.claude/rules/queue.md', 'Be kind.\n\nNever drain the tapir queue.\n');
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now() });
  editor = await openEditor(profile);
  memory = await MemoryPage.open(editor);
});

async function save(): Promise<void> {
  await memory.form.getByRole('button', { name: 'Save' }).click();
  await memory.form.waitFor({ state: 'detached' });
}

describe('a learning', () => {
  it('is written by hand', async () => {
    await memory.showTab('Learnings');
    // Proposals of rules are in a list of their own.
    await memory.frame.getByRole('radio', { name: /^Kept/ }).click();
    await memory.frame.getByText('Keep what is worth knowing next time').waitFor();
    await memory.frame.getByRole('button', { name: 'New learning' }).filter({ visible: true }).first().click();
    await memory.form.getByRole('button', { name: 'Save' }).click();
    await memory.form.getByRole('alert').first().waitFor();
    await memory.form.getByRole('textbox', { name: /^Title/ }).fill('Always drain the capybara queue');
    await memory.form
      .getByRole('textbox', { name: /^Description/ })
      .fill('Before a **restart**, wait for the queue to be empty.');
    await memory.form.getByRole('textbox', { name: /^Tags/ }).fill('queue, restart');
    await editor.screenshot('learning-form');
    await save();
    await memory.card('Learnings', 'Always drain the capybara queue').getByText('#queue #restart').waitFor();
  });

  it('is changed', async () => {
    await memory.act(memory.card('Learnings', 'capybara'), 'Edit');
    await memory.form.getByRole('textbox', { name: /^Title/ }).fill('Always drain the tapir queue');
    await save();
    await memory.card('Learnings', 'Always drain the tapir queue').waitFor();
    expect(await memory.titles('Learnings')).toHaveLength(1);
  });

  it('is kept from a search result', async () => {
    await memory.pick(await memory.findHit('quokka', 'Retry budget'), 'Save as Learning');
    await memory.form.waitFor();
    await until(
      async () => /quokka/.test(await memory.form.getByRole('textbox', { name: /^Description/ }).inputValue()),
      { what: 'the text of the hit in the form' },
    );
    await memory.form.getByRole('textbox', { name: /^Title/ }).fill('Fair waiting');
    await save();
    await until(async () => (await memory.titles('Learnings')).length === 2, { what: 'two learnings' });
    await editor.screenshot('learnings');
  });

  it('is found by the search', async () => {
    await memory.search('tapir');
    await memory.card('Results', 'Always drain the tapir queue').waitFor();
  });

  it('is pinned to the top and verified', async () => {
    await memory.showTab('Learnings');
    await memory.pick(memory.card('Learnings', 'tapir'), 'Pin or Unpin');
    await until(async () => (await memory.titles('Learnings'))[0] === 'Always drain the tapir queue', {
      what: 'the pinned learning on top',
    });
    const card = memory.card('Learnings', 'tapir');
    if ((await card.locator('.card-title').getAttribute('aria-expanded')) !== 'true')
      // Where it begins: the actions, which have the focus, lie over its end.
      await card.locator('.card-title').click({ position: { x: 8, y: 8 } });
    await card.locator('vscode-checkbox').click();
    await card.getByRole('img', { name: 'Verified' }).waitFor();
  });

  it('is inserted at the cursor', async () => {
    await editor.workbench.openFile('notes.md');
    await editor.workbench.goToLine(3);
    await memory.act(memory.card('Learnings', 'tapir'), 'Insert at cursor');
    const text = await editor.workbench.saveAndRead(file, (saved) => saved.includes('wait for the queue'));
    expect(text.startsWith('# Notes\n\n')).toBe(true);
  });

  it('is deleted, and comes back by Undo', async () => {
    await memory.pick(memory.card('Learnings', 'tapir'), 'Delete');
    await until(async () => (await memory.titles('Learnings')).join() === 'Fair waiting', {
      what: 'one learning less',
    });
    await memory.frame.locator('.undo').getByRole('button', { name: 'Undo' }).click();
    await memory.card('Learnings', 'Always drain the tapir queue').waitFor();
  });

  it('says what it contradicts of what Claude remembers itself, and opens it there', async () => {
    await memory.card('Learnings', 'tapir').getByText('Contradicts workspace/.claude/rules/queue.md').waitFor();
    await editor.screenshot('learning-contradicts');
    await memory.card('Learnings', 'tapir').getByText('Contradicts workspace/.claude/rules/queue.md').click();
    await editor.page.locator('.tab.active').filter({ hasText: 'queue.md' }).waitFor();
    await editor.page.locator('.statusbar-item').filter({ hasText: 'Ln 3, Col 1' }).waitFor();
    await editor.workbench.closeEditors();
  });

  it('is still there after a reload', async () => {
    await memory.pick(memory.card('Learnings', 'Fair waiting'), 'Delete');
    await until(async () => (await memory.titles('Learnings')).length === 1, { what: 'one learning less' });
    await editor.reload();
    memory = await MemoryPage.open(editor);
    await memory.showTab('Learnings');
    await memory.card('Learnings', 'Always drain the tapir queue').getByRole('img', { name: 'Verified' }).waitFor();
    expect(await memory.titles('Learnings')).toEqual(['Always drain the tapir queue']);
  });
});

describe('a decision that is watched', () => {
  const wrong = "import moment from 'moment';";

  /**
   * Puts the cursor at a column of the first line, and asks what can be done there, again while the editor answers for
   * what stood there before.
   */
  async function fixes(): Promise<void> {
    const { page, workbench } = editor;
    await workbench.openPalette(':1:22');
    await page.keyboard.press('Enter');
    const fix = page.locator('.action-widget').getByText('Not Applicable Here');
    await until(
      async () => {
        await page.keyboard.press('Control+.');
        const isOffered = await fix.waitFor({ timeout: 3000 }).then(
          () => true,
          () => false,
        );
        if (!isOffered) await page.keyboard.press('Escape');
        return isOffered;
      },
      { what: 'the fixes of the decision', timeoutMs: 60_000 },
    );
  }
  const marks = () => editor.page.locator('.squiggly-info');
  const marked = (count: number) =>
    until(async () => ((await marks().count()) > 0 ? 1 : 0) === count, { what: `${count} marks`, timeoutMs: 20_000 });

  it('is silent until a person confirms it', async () => {
    const { workbench, page, profile } = editor;
    profile.write('dates.js', `${wrong}\nexport const now = () => moment();\n`);
    await memory.frame.getByRole('button', { name: 'New learning' }).filter({ visible: true }).first().click();
    await memory.form.getByRole('textbox', { name: /^Title/ }).fill('Use `dayjs` instead of `moment`');
    await memory.form.getByRole('textbox', { name: /^Description/ }).fill('It is smaller.');
    await save();
    await workbench.openFile('dates.js');
    await workbench.runCommand('Claude-Mem: Watch Decisions in Code');
    const row = workbench.quickRows.filter({ hasText: 'No import of moment' });
    await row.first().waitFor();
    await workbench.quickRows.filter({ hasText: 'No dependency on moment' }).first().waitFor();
    await editor.screenshot('watch-proposed');
    expect(await marks().count()).toBe(0);
    await row.first().click();
    await workbench.quickInput.getByText('Watched', { exact: true }).waitFor();
    await editor.screenshot('watch-list');
    await page.keyboard.press('Escape');
    await marked(1);
  });

  it('is followed by a fix, which clears the mark', async () => {
    const { workbench, page } = editor;
    await fixes();
    await editor.screenshot('watch-fixes');
    await page.locator('.action-widget').getByText('Follow the Decision: dayjs').click();
    await marked(0);
    const text = await workbench.saveAndRead(
      `${editor.profile.workspace}/dates.js`,
      (saved) => !saved.includes("'moment'"),
    );
    expect(text).toContain("import moment from 'dayjs';");
    await editor.screenshot('watch-followed');
  });

  it('marks an edit that contradicts it, does not apply here, and applies again', async () => {
    const { workbench, page } = editor;
    await workbench.goToLine(1);
    await page.keyboard.type(`${wrong}\n`);
    await marked(1);
    await editor.screenshot('watch-contradicted');
    await fixes();
    await page.locator('.action-widget').getByText('Not Applicable Here').click();
    await marked(0);
    await workbench.toasts
      .filter({ hasText: 'does not apply to this line' })
      .getByRole('button', { name: 'Undo' })
      .click();
    await marked(1);
  });

  it('marks a file that Claude changed on the disk, without its being open', async () => {
    const { workbench, page, profile } = editor;
    profile.write('elsewhere.js', `\n${wrong}\n`);
    await workbench.runCommand('Problems: Focus on Problems View');
    await page.locator('.markers-panel').getByText('elsewhere.js').waitFor({ timeout: 20_000 });
    await page.locator('.markers-panel').getByText('Decided: Use `dayjs` instead of `moment`').first().waitFor();
    await editor.screenshot('watch-problems');
    profile.write('elsewhere.js', '\n');
    await page.locator('.markers-panel').getByText('elsewhere.js').waitFor({ state: 'detached', timeout: 20_000 });
  });

  it('is superseded for a reason', async () => {
    const { workbench, page } = editor;
    await workbench.runCommand('View: Focus Active Editor Group');
    await fixes();
    await page.locator('.action-widget').getByText('Superseded Because…').click();
    await workbench.quickInput.locator('input.input').fill('The browser has it built in');
    await editor.screenshot('watch-superseded');
    await page.keyboard.press('Enter');
    await marked(0);
  });
});
