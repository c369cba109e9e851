/** Two projects that a person shows as one, and takes apart again. */
import { beforeAll, it } from 'vitest';
import { makeHistory } from '../fixtures/make-history';
import { MemoryPage } from './pages/memory';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';

let editor: Editor;
let memory: MemoryPage;
keepEditor(() => editor);
beforeAll(async () => {
  const profile = makeProfile();
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now(), extra: 3 });
  editor = await openEditor(profile);
  memory = await MemoryPage.open(editor);
  await memory.card('Sessions', 'Retry budget').waitFor();
});

const orchard = () => memory.list('Sessions').locator('.card-title', { hasText: 'Orchard task 1' }).first();

async function join(): Promise<void> {
  await editor.workbench.runCommand('Claude-Mem: Join With Another Folder');
  await editor.workbench.quickRows.filter({ hasText: 'orchard' }).click();
  await editor.workbench.quickInput.filter({ hasText: 'With …' }).waitFor();
  await editor.workbench.quickRows.first().click();
  const { dialog } = editor.workbench;
  await dialog.filter({ hasText: 'sessions: 3' }).waitFor();
  await dialog.getByRole('button', { name: 'Join', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

it('shows the sessions of both in the workspace, until that is undone at once', async () => {
  await memory.choose('This workspace');
  await orchard().waitFor({ state: 'detached' });
  await join();
  await orchard().waitFor();
  await editor.screenshot('joined');
  const toast = editor.workbench.toasts.filter({ hasText: 'Sessions: 9' });
  await toast.getByRole('button', { name: 'Undo' }).click();
  await orchard().waitFor({ state: 'detached' });
});

it('takes a join back from the list of joins', async () => {
  await join();
  await orchard().waitFor();
  await editor.workbench.clearToasts();
  await editor.workbench.runCommand('Claude-Mem: Undo Join');
  await editor.workbench.quickRows.filter({ hasText: 'joined by you' }).click();
  await orchard().waitFor({ state: 'detached' });
});
