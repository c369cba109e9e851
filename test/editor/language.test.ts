import { beforeAll, describe, expect, it } from 'vitest';
import { makeHistory } from '../fixtures/make-history';
import { MemoryPage } from './pages/memory';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { addLanguage } from './support/language-pack';
import { makeProfile } from './support/profile';
import { until } from './support/until';

const chinese = /\p{Script=Han}/u;
let editor: Editor;
let memory: MemoryPage;
keepEditor(() => editor);

beforeAll(async () => {
  const profile = makeProfile();
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now() });
  addLanguage(profile, 'zh-cn');
  editor = await openEditor(profile, { args: ['--locale', 'zh-cn'] });
  memory = await MemoryPage.open(editor);
  await memory.frame.locator('.card-title').first().waitFor();
});

/** Our own texts that are still English: words outside names, codes and the history's own texts. */
async function readLabels(): Promise<string[]> {
  return memory.frame.evaluate<string[]>(
    `[...document.querySelectorAll('vscode-tab-header, .chip-label, .day, .first-run h2, .first-run ` +
      `dt, .first-run vscode-button')].map((element) => element.textContent.trim())`,
  );
}

describe('简体中文', () => {
  it('is what the view speaks', async () => {
    const labels = await readLabels();
    expect(labels.length).toBeGreaterThan(10);
    for (const label of labels) expect(label).toMatch(chinese);
    await editor.screenshot('zh-cn');
  });

  it('is what the search says', async () => {
    await memory.frame.locator('vscode-tab-header').nth(1).click();
    const field = memory.frame.getByRole('search').getByRole('combobox');
    expect(await field.getAttribute('placeholder')).toMatch(chinese);
    await field.fill('zyzzyvaquux');
    await until(async () => chinese.test(await memory.emptyTitle.innerText()), { what: 'nothing found, in Chinese' });
  });

  it('is what the palette offers', async () => {
    await editor.workbench.openPalette('>Claude-Mem: ');
    const rows = editor.workbench.quickRows.filter({ hasText: 'Claude-Mem: ' });
    await rows.first().waitFor();
    const ours = (await rows.allInnerTexts()).filter((row) => !/Focus on|View/.test(row));
    expect(ours.length).toBeGreaterThan(4);
    for (const row of ours) expect(row.split('\n')[0]).toMatch(chinese);
    await editor.screenshot('zh-cn-palette');
    await editor.page.keyboard.press('Escape');
  });

  it('is what the Doctor says', async () => {
    await editor.workbench.runCommand('Claude-Mem: 打开诊断');
    const frame = await editor.workbench.webviewFrame('.doctor .area-name', 60_000);
    while ((await frame.locator('.area-toggle[aria-expanded="false"]').count()) > 0)
      await frame.locator('.area-toggle[aria-expanded="false"]').first().click();
    const labels = await frame
      .locator('h1, h2, .verdict-text, .area-name, .finding-text, .button, .table th, .quiet')
      .allInnerTexts();
    expect(labels.length).toBeGreaterThan(20);
    for (const label of labels.filter((text) => text !== '')) expect(label).toMatch(chinese);
    await editor.screenshot('zh-cn-doctor');
  });

  it('is what the extension asks', async () => {
    await memory.frame.locator('vscode-tab-header').first().click();
    const card = memory.frame
      .getByRole('listitem')
      .filter({ has: memory.frame.locator('.card-title', { hasText: 'Parser fails' }) });
    await card.hover();
    await card.locator('.card-actions button').last().click();
    await editor.workbench.chooseFromMenu('遗忘会话');
    const { dialog } = editor.workbench;
    await dialog.waitFor();
    expect(await dialog.locator('.dialog-message-text').innerText()).toMatch(chinese);
    await editor.screenshot('zh-cn-dialog');
    await editor.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('is what the status bar reads out', async () => {
    expect(await editor.workbench.statusItem.locator('[aria-label]').first().getAttribute('aria-label')).toMatch(
      chinese,
    );
  });
});
