import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMessagesApi } from '../fakes/messages-api';
import type { FakeMessagesApi } from '../fakes/messages-api';
import { makeHistory } from '../fixtures/make-history';
import { MemoryPage } from './pages/memory';
import { ReaderPage } from './pages/reader';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import { until } from './support/until';

const title = 'Retry budget for the flamingo client';
let api: FakeMessagesApi;
let editor: Editor;
let memory: MemoryPage;
let reader: ReaderPage;
keepEditor(() => editor);

beforeAll(async () => {
  api = await startMessagesApi();
  const profile = makeProfile({
    settings: {
      'claudeMem.model.enabled': true,
      'claudeMem.model.baseUrl': api.url,
      'claudeMem.model.fastModel': 'claude-haiku-5-5',
      'claudeMem.model.strongModel': 'claude-haiku-5-5',
    },
  });
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now(), extra: 4 });
  editor = await openEditor(profile, { viewport: { width: 1400, height: 900 } });
  memory = await MemoryPage.open(editor);
  await memory.firstRun.getByRole('button', { name: 'Got It' }).click();
});
afterAll(() => api.close());

const section = (name: string) =>
  memory.frame.getByRole('radiogroup', { name: 'Section' }).getByRole('radio', { name, exact: true });

describe('a model, with a key of one’s own', () => {
  it('is asked nothing without a key', async () => {
    await memory.showTab('Insights');
    await section('Cost').click();
    await memory.frame.getByText('On, but there is no API key: nothing is sent.').waitFor();
    expect(api.requests).toEqual([]);
  });

  it('gets its key by a covered field', async () => {
    await memory.frame.getByRole('button', { name: 'Set API Key…' }).click();
    const input = editor.workbench.quickInput.locator('input.input');
    await input.waitFor();
    expect(await input.getAttribute('type')).toBe('password');
    await input.fill(api.key);
    await editor.page.keyboard.press('Enter');
    await memory.frame.getByText(/^On: sessions you choose are sent to 127\.0\.0\.1/).waitFor();
    await editor.screenshot('spending');
    expect(api.requests).toEqual([]);
  });

  it('summarises one session after a click, with what it cost', async () => {
    await memory.showTab('Timeline');
    await memory.card('Sessions', title).first().locator('.card-title').click();
    reader = await ReaderPage.find(editor, title);
    await reader.summary.getByRole('button', { name: /^Summarise with a model/ }).click();
    await reader.summary
      .getByText(/By claude-haiku-5-5/)
      .first()
      .waitFor();
    await editor.screenshot('summary-by-model');
    expect(api.requests).toHaveLength(1);
  });

  it('shows the rules’ own version again on demand', async () => {
    const versions = reader.summary.getByRole('combobox', { name: 'Version' });
    await versions.selectOption({ label: await versions.locator('option', { hasText: 'Made by rules' }).innerText() });
    await reader.summary.locator('.summary-made > span', { hasText: 'Made by rules' }).waitFor();
  });

  it('is in the list of what left this machine', async () => {
    await editor.workbench.runCommand('Claude-Mem: Show What Left This Machine');
    const row = memory.frame.locator('.task', { hasText: 'claude-haiku-5-5 → 127.0.0.1' });
    await row.filter({ hasText: 'Answered' }).waitFor();
    await editor.screenshot('sent');
    expect(await row.innerText()).toMatch(/secrets kept back: \d/);
  });

  it('summarises all only after the estimate was shown and agreed to', async () => {
    await section('Cost').click();
    await memory.frame.getByRole('button', { name: 'Estimate' }).click();
    await memory.frame.getByText('Fit under today’s ceiling').waitFor();
    await memory.frame.getByRole('button', { name: 'As a batch: half the price, within a day' }).click();
    await memory.frame.getByRole('button', { name: 'Start…' }).click();
    await editor.workbench.dialog.filter({ hasText: 'summarised by a model?' }).waitFor();
    await editor.screenshot('backfill');
    await editor.page.keyboard.press('Escape');
    await editor.workbench.dialog.waitFor({ state: 'detached' });
    expect(api.requests).toHaveLength(1);
    await memory.frame.getByRole('button', { name: 'Start…' }).click();
    await editor.workbench.dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await until(() => api.requests.length > 3, { what: 'more sessions at the model' });
  });

  it('leaves its key in no file but the editor’s own secrets', () => {
    const places = [editor.profile.globalStorage, join(editor.profile.userData, 'User')].flatMap((folder) =>
      listFiles(folder),
    );
    expect(places.length).toBeGreaterThan(5);
    expect(places.filter((file) => readFileSync(file).includes(api.key))).toEqual([]);
    expect(editor.consoleLines.filter((line) => line.includes(api.key))).toEqual([]);
  });
});

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
}
