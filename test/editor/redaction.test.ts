/** Rules of one's own in the packed extension: judged in their thread, applied to what is read, told in the Doctor. */
import { beforeAll, expect, it } from 'vitest';
import { makeHistory } from '../fixtures/make-history';
import { DoctorPage } from './pages/doctor';
import { MemoryPage } from './pages/memory';
import { ReaderPage } from './pages/reader';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import { until } from './support/until';

let editor: Editor;
let memory: MemoryPage;
keepEditor(() => editor);
beforeAll(async () => {
  const profile = makeProfile({
    settings: {
      'claudeMem.redaction.patterns': [
        { name: 'Nested', pattern: '^(a+)+$' },
        { name: 'Good', pattern: 'quok{1,2}a' },
      ],
      'claudeMem.redaction.words': ['flamingo'],
      'claudeMem.redaction.kinds': ['email'],
    },
  });
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now(), extra: 2 });
  editor = await openEditor(profile);
  memory = await MemoryPage.open(editor);
});

it('rules of one’s own are applied, refused with a reason, and the Doctor offers the scan', async () => {
  await editor.workbench.toasts.filter({ hasText: 'The pattern of redaction “Nested” is not applied' }).waitFor();
  await memory.card('Sessions', 'Retry budget').waitFor();
  expect((await memory.titles('Sessions')).join('|')).toMatch(/REDACTED/);
  await editor.screenshot('redaction-refused');
  const doctor = await DoctorPage.open(editor);
  await doctor.expand('Memory file');
  await doctor.finding('Patterns of redaction that are not applied: 1').waitFor();
  await doctor.finding('Your rules of redaction').waitFor();
  await editor.screenshot('redaction-doctor');
  await doctor.button('Scan Memory Again…').click();
  await doctor.confirm('Scan all memory again?', 'Scan');
  await doctor.outcome.filter({ hasText: 'The memory was scanned' }).waitFor();
  await editor.screenshot('redaction-scanned');
});

it('a class is set from a card, shown in the reader in every theme and in the Doctor, and taken back', async () => {
  const { workbench } = editor;
  await workbench.clearToasts();
  await memory.showTab('Timeline');
  const card = memory.card('Sessions', 'Retry budget');
  await memory.pick(card, 'Set Class…');
  await workbench.quickRows.filter({ hasText: 'Stays in this memory' }).waitFor();
  await editor.screenshot('class-asked');
  await workbench.quickRows.filter({ hasText: 'Top secret' }).click();
  const toast = workbench.toasts.filter({ hasText: 'Class set: Top secret' });
  await toast.waitFor();
  await card.locator('.card-title').click();
  const reader = await ReaderPage.find(editor, 'Retry budget');
  const head = reader.frame.locator('.head .class-label');
  await head.filter({ hasText: 'Top secret' }).waitFor();
  // What all rows have is not said of each.
  expect(await reader.rows.locator('.class-label').count()).toBe(0);
  for (const [theme, bodyClass] of [
    ['Dark Modern', 'vscode-dark'],
    ['Light Modern', 'vscode-light'],
  ] as const) {
    editor.profile.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': theme }));
    await until(
      async () => (await reader.frame.evaluate<string>('document.body.className')).split(' ').includes(bodyClass),
      { what: `${theme} in the reader` },
    );
    await editor.screenshot(`class-reader-${bodyClass}`);
  }
  const doctor = await DoctorPage.open(editor);
  await doctor.frame.getByText('Set by you: 1').scrollIntoViewIfNeeded();
  await editor.screenshot('class-doctor');
  await workbench.clearToasts();
  await workbench.runCommand('Claude-Mem: Set Class…');
  await workbench.quickRows.filter({ hasText: 'Top secret' }).click();
  await workbench.quickRows.filter({ hasText: 'As it is by itself' }).click();
  await workbench.toasts.filter({ hasText: 'The class follows from what it is again' }).waitFor();
  await doctor.frame.getByText('Set by you: 1').waitFor({ state: 'detached' });
});

it('what matches a search is erased after it said what that is, and the receipt is shown', async () => {
  const { workbench } = editor;
  await memory.showTab('Search');
  await memory.searchField.fill('"retry budget"');
  await memory.list('Results').getByRole('listitem').first().waitFor();
  await memory.frame.getByRole('button', { name: 'Erase All That Match…' }).click();
  const dialog = workbench.page.locator('.monaco-dialog-box');
  await dialog.filter({ hasText: 'for good?' }).waitFor();
  await editor.screenshot('erase-asked');
  await dialog.getByRole('button', { name: 'Erase For Good' }).click();
  const toast = workbench.toasts.filter({ hasText: 'nothing of them is left' });
  await toast.waitFor();
  await editor.screenshot('erase-done');
  await toast.getByRole('button', { name: 'Show Receipt' }).click();
  await workbench.page.locator('.monaco-editor', { hasText: 'Nothing is left' }).first().waitFor();
  await editor.screenshot('erase-receipt');
  // The search is asked again by itself, and has the words apart only.
  await memory.frame.getByText('Nothing has exactly "retry budget"').waitFor();
});
