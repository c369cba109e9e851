import { readFileSync, rmSync, existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeHistory } from '../fixtures/make-history';
import type { History } from '../fixtures/make-history';
import { MemoryPage } from './pages/memory';
import { ReaderPage } from './pages/reader';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import { until } from './support/until';

let editor: Editor;
let memory: MemoryPage;
let history: History;
keepEditor(() => editor);

beforeAll(async () => {
  const profile = makeProfile();
  history = makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now(), extra: 3 });
  editor = await openEditor(profile);
  memory = await MemoryPage.open(editor);
  await memory.card('Sessions', 'Retry budget').waitFor();
});

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
