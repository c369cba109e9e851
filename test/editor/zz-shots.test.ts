import { beforeAll, expect, it } from 'vitest';
import { createSession } from '../../scripts/demo-history/write-session.mjs';
import { makeHistory, sessionIdOf } from '../fixtures/make-history';
import { MemoryPage } from './pages/memory';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import { until } from './support/until';
let editor: Editor; let memory: MemoryPage;
keepEditor(() => editor);
beforeAll(async () => {
  const profile = makeProfile();
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now(), extra: 12 });
  createSession({ id: sessionIdOf(50), cwd: profile.workspace, startedAt: Date.now() - 7_200_000, title: 'A rather long title of a session that goes on and on about the flamingo client', gitBranch: 'feature/a-very-long-branch-name-for-the-flamingo' }).prompt('flamingo again').edit('src/deeply/nested/folder/with-a-very-long-file-name-indeed.ts', 'a', 'b').answer('flamingo done').save(profile.configDir);
  editor = await openEditor(profile, { viewport: { width: 1400, height: 900 } });
  memory = await MemoryPage.open(editor);
  await memory.firstRun.getByRole('button', { name: 'Got It' }).click();
});
async function widen(to: number) {
  const box = (await editor.page.locator('.part.sidebar').boundingBox())!;
  const x = box.x + box.width;
  await editor.page.mouse.move(x, 500); await editor.page.mouse.down(); await editor.page.mouse.move(box.x + to - 5, 500, { steps: 5 }); await editor.page.mouse.move(box.x + to, 500); await editor.page.mouse.up();
}
it('shots', async () => {
  for (const [theme, body, name] of [['Dark Modern', 'vscode-dark', 'dark'], ['Light Modern', 'vscode-light', 'light'], ['Default High Contrast', 'vscode-high-contrast', 'hc']] as const) {
    editor.profile.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': theme }));
    await until(async () => (await memory.frame.evaluate<string>('document.body.className')).split(' ').includes(body), { what: theme });
    for (const width of [300, 600]) {
      await widen(width);
      await memory.search('the flamingo');
      await memory.card('Results', 'Retry budget').waitFor();
      const more = memory.frame.getByRole('button', { name: 'Branch, file and day' });
      if ((await more.getAttribute('aria-expanded')) !== 'true') await more.click();
      await editor.page.mouse.move(1000, 600);
      await editor.screenshot(`shot-${name}-${width}-facets`);
      if ((await more.getAttribute('aria-expanded')) === 'true') await more.click();
      await memory.search('flamingo tool:Bsh after:someday token zebrafish');
      await memory.problems.waitFor();
      await memory.card('Results', 'Retry budget').waitFor();
      await until(async () => !(await memory.frame.locator('.page-body').getAttribute('aria-busy'))?.includes('true'), { what: 'rest' });
      await memory.searchField.press('ArrowDown');
      await editor.page.keyboard.press('w');
      await memory.frame.locator('section.why').waitFor();
      await editor.screenshot(`shot-${name}-${width}-why`);
      await editor.page.keyboard.press('Escape');
    }
  }
  expect(1).toBe(1);
}, 200_000);
