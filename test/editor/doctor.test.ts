import { closeSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeHistory } from '../fixtures/make-history';
import type { History } from '../fixtures/make-history';
import { DoctorPage } from './pages/doctor';
import { MemoryPage } from './pages/memory';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import type { Profile } from './support/profile';
import { until } from './support/until';

let editor: Editor;
let memory: MemoryPage;
let doctor: DoctorPage;
let history: History;
let profile: Profile;
keepEditor(() => editor);

const viewport = { width: 1280, height: 900 };

beforeAll(async () => {
  profile = makeProfile();
  history = makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now(), extra: 8 });
  // The folders are kept when the editor closes, because it is started again with them.
  editor = await openEditor({ ...profile, remove: () => {} }, { viewport });
  memory = await MemoryPage.open(editor);
  await memory.card('Sessions', 'Retry budget').waitFor();
  await memory.firstRun.getByRole('button', { name: 'Got It' }).click();
});

/** Number of transcripts on disk, which the ledger must account for. */
function countTranscripts(): number {
  const projects = join(profile.configDir, 'projects');
  return readdirSync(projects).flatMap((slug) =>
    readdirSync(join(projects, slug)).filter((name) => name.endsWith('.jsonl')),
  ).length;
}

async function writeLearning(title: string): Promise<void> {
  await memory.showTab('Learnings');
  await memory.frame.getByRole('button', { name: 'New learning' }).filter({ visible: true }).first().click();
  await memory.form.getByRole('textbox', { name: /^Title/ }).fill(title);
  await memory.form.getByRole('textbox', { name: /^Description/ }).fill('Written by a person, so it must not be lost.');
  await memory.form.getByRole('button', { name: 'Save' }).click();
  await memory.card('Learnings', title).waitFor();
}

async function learnings(): Promise<string[]> {
  await memory.showTab('Learnings');
  await memory.list('Learnings').locator('.card-title').first().waitFor();
  return (await memory.titles('Learnings')).toSorted((a, b) => a.localeCompare(b));
}

describe('the Doctor', () => {
  it('says how memory is, with the right numbers in the ledger', async () => {
    const count = countTranscripts();
    expect(count).toBe(14);
    rmSync(history.sessions.retry.fileIn(profile.configDir));
    await memory.card('Sessions', 'Retry budget').getByRole('img', { name: 'Only here' }).waitFor();
    await writeLearning('Ask the axolotl first');
    doctor = await DoctorPage.open(editor);
    const sentence = `${count} of ${count} sessions accounted for; 1 exist only here`;
    await doctor.area('Transcripts').filter({ hasText: sentence }).waitFor();
    await editor.screenshot('doctor-collapsed');
    await doctor.area('Transcripts').focus();
    await editor.page.keyboard.press('Enter');
    await doctor.finding(sentence).waitFor();
    await doctor.button('Files with something passed over').click();
    await doctor.frame
      .getByRole('cell', { name: /\.jsonl/ })
      .first()
      .waitFor();
    await editor.screenshot('doctor-expanded');
  });

  it('copies a report without the names of anything', async () => {
    await doctor.button('Copy Report').click();
    await doctor.outcome.filter({ hasText: 'The report is on the clipboard.' }).waitFor();
    const report = await editor.workbench.readClipboard();
    expect(report).toContain('# Claude-Mem: diagnosis');
    expect(report).toContain('14 of 14 sessions accounted for');
    for (const word of [profile.dir, 'orchard', 'flamingo', 'axolotl']) expect(report).not.toContain(word);
  });

  it('makes a backup, goes back to it and forth again', async () => {
    const before = await doctor.handmade.count();
    await doctor.button('Back Up Now').focus();
    await editor.page.keyboard.press('Enter');
    await doctor.outcome.filter({ hasText: 'Memory is backed up' }).waitFor();
    await until(async () => (await doctor.handmade.count()) === before + 1, { what: 'the backup in the list' });
    await until(
      async () => (await doctor.frame.evaluate<string>('document.activeElement.textContent')).startsWith('Memory file'),
      { what: 'the focus on the heading of what collapsed' },
    );
    expect(await doctor.handmade.first().innerText()).toMatch(/\s14\s+1\s+Restore/);
    await writeLearning('Never wake the binturong');

    await doctor.handmade
      .first()
      .getByRole('button', { name: /^Restore/ })
      .click();
    await doctor.confirm('Restore the memory?', 'Cancel');
    await until(async () => (await doctor.outcome.innerText()).trim() === '', { what: 'nothing under way' });
    expect(await doctor.frame.getByRole('button', { name: 'Undo Restore' }).count()).toBe(0);

    await doctor.handmade
      .first()
      .getByRole('button', { name: /^Restore/ })
      .click();
    await doctor.confirm('Restore the memory?', 'Restore');
    await doctor.outcome.filter({ hasText: 'Memory restored. Learnings kept: 1' }).waitFor({ timeout: 60_000 });
    await doctor.frame.getByRole('button', { name: 'Undo Restore' }).first().waitFor();
    // The button is far down the page, below the open ledger, but the result must be visible.
    expect(await doctor.frame.evaluate<number>('document.querySelector(".doctor").scrollTop')).toBeGreaterThan(0);
    expect(
      await doctor.frame.evaluate<number>('document.querySelector(".progress").getBoundingClientRect().top'),
    ).toBeGreaterThanOrEqual(0);
    await editor.screenshot('doctor-restored');
    expect(await learnings()).toEqual(['Ask the axolotl first', 'Never wake the binturong']);

    await doctor.button('Undo Restore').click();
    await doctor.confirm('Undo the last restore?', 'Undo Restore');
    await doctor.outcome.filter({ hasText: 'The restore is undone.' }).waitFor({ timeout: 60_000 });
    expect(await learnings()).toEqual(['Ask the axolotl first', 'Never wake the binturong']);
  });

  it('is reached from the status bar', async () => {
    await editor.workbench.closeEditors();
    await until(async () => (await editor.page.locator('.tab').count()) === 0, { what: 'no open editor' });
    await editor.workbench.clickInStatusHover('Doctor');
    doctor = await DoctorPage.find(editor);
    await doctor.verdict.filter({ hasText: 'All is well.' }).waitFor();
  });

  it.each([
    ['Light Modern', 'vscode-light'],
    ['Default High Contrast', 'vscode-high-contrast'],
    ['Default High Contrast Light', 'vscode-high-contrast-light'],
    ['Dark Modern', 'vscode-dark'],
  ])('takes the colours of %s', async (theme, bodyClass) => {
    profile.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': theme }));
    await until(
      async () => ((await doctor.frame.locator('body').getAttribute('class')) ?? '').split(' ').includes(bodyClass),
      { what: bodyClass },
    );
    await editor.screenshot(`doctor-${bodyClass}`);
  });
});

describe('a memory file that was damaged while the editor was closed', () => {
  it('is said to be damaged, and a repair brings back what was written', async () => {
    await editor.close();
    const file = join(profile.globalStorage, 'memory.db');
    damage(file);
    editor = await openEditor(profile, { viewport });
    memory = await MemoryPage.open(editor);
    await memory.strip.getByRole('button', { name: 'Open Doctor' }).click();
    doctor = await DoctorPage.find(editor);
    await doctor.verdict.filter({ hasText: '1 problem' }).waitFor();
    await doctor.finding('The memory file is damaged').waitFor();
    expect(await doctor.handmade.count()).toBe(1);
    await editor.screenshot('doctor-damaged');

    await doctor.button('Repair').click();
    await doctor.confirm('Repair the memory?', 'Repair');
    await doctor.outcome.filter({ hasText: 'Memory repaired.' }).waitFor({ timeout: 60_000 });
    await until(async () => !(await doctor.verdict.innerText()).includes('problem'), { what: 'no problem any more' });
    await editor.screenshot('doctor-repaired');
    // Data made from transcripts is rebuilt.
    await doctor
      .area('Transcripts')
      .filter({ hasText: '14 of 14 sessions accounted for; 1 exist only here' })
      .waitFor({ timeout: 60_000 });
    expect(await learnings()).toEqual(['Ask the axolotl first', 'Never wake the binturong']);
    await memory.showTab('Timeline');
    await memory.card('Sessions', 'Retry budget').waitFor();
  });
});

/** Overwrites the first page, without which no database can be opened, and one in the middle. */
function damage(file: string): void {
  const pages = Math.floor(statSync(file).size / 4096);
  expect(pages).toBeGreaterThan(20);
  const handle = openSync(file, 'r+');
  for (const page of [0, Math.floor(pages / 2)]) writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096);
  closeSync(handle);
}
