/** Rules of one's own in the packed extension: judged in their thread, applied to what is read, told in the Doctor. */
import { beforeAll, expect, it } from 'vitest';
import { makeHistory } from '../fixtures/make-history';
import { DoctorPage } from './pages/doctor';
import { MemoryPage } from './pages/memory';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';

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
