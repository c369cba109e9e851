import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTestMemory } from '../fakes/test-memory';
import { makeHistory } from '../fixtures/make-history';
import type { History } from '../fixtures/make-history';
import { Transcript, sessionId, writeTranscript } from '../fixtures/transcript-lines';
import { MemoryPage } from './pages/memory';
import { ReaderPage } from './pages/reader';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import { until } from './support/until';

let editor: Editor;
let memory: MemoryPage;
let history: History;
/** Exported by a memory on another computer. */
let exported: string;
keepEditor(() => editor);

beforeAll(async () => {
  const profile = makeProfile();
  exported = await exportElsewhere(join(profile.home, 'elsewhere'));
  history = makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now(), extra: 3 });
  editor = await openEditor(profile);
  memory = await MemoryPage.open(editor);
  await memory.card('Sessions', 'Retry budget').waitFor();
});

async function exportElsewhere(folder: string): Promise<string> {
  mkdirSync(folder);
  const other = await openTestMemory();
  try {
    const session = new Transcript(sessionId(7), { cwd: '/elsewhere/lighthouse' });
    session.prompt('Why does the albatross importer skip the last line?');
    session.answer('It waits for a newline that never comes. I flush the albatross buffer at the end.');
    await writeTranscript(other.configDir, sessionId(7), session, '-elsewhere-lighthouse');
    await other.import();
    return (await other.memory.exportMemory({ requestId: randomUUID(), folder, format: 'jsonl' })).folder;
  } finally {
    await other.close();
  }
}

describe('a transcript that Claude Code has deleted', () => {
  it('is still found and read, and comes back exactly as it was', async () => {
    const { retry } = history.sessions;
    const file = retry.fileIn(editor.profile.configDir);
    const before = readFileSync(file);
    rmSync(file);
    const card = memory.card('Sessions', 'Retry budget');
    await card.getByRole('img', { name: 'Only here' }).waitFor();
    await editor.screenshot('archived-timeline');
    await card.getByRole('button', { name: /Retry budget/ }).click();
    const reader = await ReaderPage.find(editor, 'Retry budget');
    await reader.rows.first().waitFor();
    await reader.frame.getByText('Only here').waitFor();
    await editor.screenshot('archived-reader');
    await reader.frame.getByRole('button', { name: 'Restore transcript' }).click();
    await editor.page.getByText('The transcript is back in its folder, exactly as it was.').first().waitFor();
    await until(() => existsSync(file), { what: 'the transcript in its folder' });
    expect(readFileSync(file).equals(before)).toBe(true);
    // The session has a transcript on disk again.
    await card.getByRole('img', { name: 'Only here' }).waitFor({ state: 'detached' });
    await reader.frame.getByRole('button', { name: 'Restore transcript' }).waitFor({ state: 'detached' });
    await editor.screenshot('restored');
  });
});

describe('memory that moves', () => {
  it('is exported to a folder that another memory can read, without the secrets in it', async () => {
    const { workbench, profile } = editor;
    const target = join(profile.home, 'exports');
    mkdirSync(target);
    await workbench.runCommand('Claude-Mem: Export Memory…');
    await workbench.quickRows.filter({ hasText: 'Everything' }).click();
    await workbench.quickRows.filter({ hasText: 'JSON Lines' }).waitFor();
    await editor.screenshot('export-formats');
    await workbench.quickRows.filter({ hasText: 'JSON Lines' }).click();
    await workbench.chooseFolder(target, { button: 'Export Here', beginsIn: '/', shows: '..' });
    await workbench.toasts.filter({ hasText: /Exported: sessions \d+/ }).waitFor();
    await editor.screenshot('exported');
    const [folder] = readdirSync(target);
    const manifest = JSON.parse(readFileSync(join(target, folder ?? '', 'manifest.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ counts: { sessions: expect.any(Number) } });
    expect(readFileSync(join(target, folder ?? '', 'sessions.jsonl'), 'utf8')).toContain('Retry budget');
    await workbench.clearToasts();
  });

  it('of another computer is imported after it was said what comes, and is found', async () => {
    const { workbench } = editor;
    await workbench.runCommand('Claude-Mem: Import Memory…');
    await workbench.quickRows.filter({ hasText: 'A folder that was exported' }).click();
    await workbench.chooseFolder(exported, { button: 'Look at It', beginsIn: '/', shows: '..' });
    await workbench.dialog.filter({ hasText: 'lighthouse (new here): 1' }).waitFor();
    await editor.screenshot('import-asked');
    await workbench.dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await workbench.toasts.filter({ hasText: 'Memory was imported' }).waitFor();
    await editor.screenshot('imported');
    await workbench.clearToasts();
    await memory.showTab('Search');
    await memory.frame.getByRole('radio', { name: 'All projects' }).click();
    await memory.searchField.fill('albatross');
    await memory.card('Results', 'albatross').first().waitFor();
    // A second time there is nothing to bring.
    await workbench.runCommand('Claude-Mem: Import Memory…');
    await workbench.quickRows.filter({ hasText: 'A folder that was exported' }).click();
    await workbench.chooseFolder(exported, { button: 'Look at It', beginsIn: '/', shows: '..' });
    await workbench.dialog.filter({ hasText: 'All of it is in memory already' }).waitFor();
    await editor.screenshot('import-again');
    await editor.page.keyboard.press('Escape');
  });

  it('is restricted for some days, which the status bar tells, until it is lifted', async () => {
    const { workbench } = editor;
    const told = async () =>
      (await workbench.statusItem.locator('[aria-label]').first().getAttribute('aria-label')) ?? '';
    await workbench.runCommand('Claude-Mem: Restrict Processing…');
    await workbench.quickRows.filter({ hasText: 'Everything…' }).click();
    const input = workbench.quickInput.locator('input.input');
    await until(async () => (await input.inputValue()) === '30', { what: 'the number of days that is offered' });
    await input.fill('91');
    await workbench.quickInput.getByText('A number from 1 to 90').waitFor();
    await input.fill('7');
    await editor.page.keyboard.press('Enter');
    await until(async () => /restricted/i.test(await told()), {
      what: 'the restriction in the status bar',
    });
    await editor.screenshot('restricted');
    await workbench.runCommand('Claude-Mem: Restrict Processing…');
    await workbench.quickRows.filter({ hasText: 'Lift: everything' }).click();
    await until(async () => !/restricted/i.test(await told()), {
      what: 'the status bar without it',
    });
  });
});

describe('a second backup folder', () => {
  it('is chosen, gets the backup, and is where a restore can come from', async () => {
    const { workbench, profile } = editor;
    const folder = join(profile.home, 'other-disk');
    mkdirSync(folder);
    await workbench.runCommand('Claude-Mem: Second Backup Folder…');
    await workbench.quickRows.filter({ hasText: 'Choose a folder…' }).click();
    await workbench.chooseFolder(folder, { button: 'Back Up Here Too', beginsIn: '/', shows: '..' });
    await workbench.page.locator('.statusbar-item', { hasText: 'Backups are copied to' }).waitFor();
    await workbench.runCommand('Claude-Mem: Back Up Memory Now');
    const place = await until(() => readdirSync(folder)[0], { what: 'a folder of this memory' });
    await until(() => readdirSync(join(folder, place, 'backups')).some((name) => name.endsWith('.json')), {
      what: 'a backup in it',
    });
    await workbench.runCommand('Claude-Mem: Restore Backup…');
    await workbench.quickRows.filter({ hasText: 'From another folder…' }).click();
    await workbench.chooseFolder(folder, { button: 'Look for Backups', beginsIn: '/', shows: place });
    await workbench.quickRows.filter({ hasText: place }).first().waitFor();
    await editor.screenshot('restore-elsewhere');
    await workbench.quickRows.filter({ hasText: place }).first().click();
    await workbench.dialog.getByRole('button', { name: 'Restore', exact: true }).click();
    await workbench.page.locator('.statusbar-item', { hasText: 'Memory restored' }).waitFor();
    await memory.showTab('Timeline');
    await memory.card('Sessions', 'Retry budget').waitFor();
  });
});
