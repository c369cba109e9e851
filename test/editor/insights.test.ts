import { beforeAll, describe, expect, it } from 'vitest';
import { makeHistory } from '../fixtures/make-history';
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
  const profile = makeProfile();
  profile.write('src/flamingo.ts', 'export const budget = 10;\n');
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now(), extra: 8 });
  editor = await openEditor(profile, { viewport: { width: 1400, height: 900 } });
  memory = await MemoryPage.open(editor);
  await memory.firstRun.getByRole('button', { name: 'Got It' }).click();
});

const section = (name: string) =>
  memory.frame.getByRole('radiogroup', { name: 'Section' }).getByRole('radio', { name, exact: true });
const isDrawn = `(() => {
  const canvas = document.querySelector('.plot canvas');
  if (!canvas || canvas.width === 0) return false;
  return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0);
})()`;

describe('the Insights tab', () => {
  it('draws what was done by day, and says it in words', async () => {
    await memory.showTab('Insights');
    await memory.frame.getByRole('img', { name: /^Prompts: [1-9]\d* in 30 days/ }).waitFor();
    await until(() => memory.frame.evaluate<boolean>(isDrawn), { what: 'a drawn plot' });
    await memory.frame.getByText('As a table').first().click();
    await memory.frame.locator('.data[open] tbody tr').nth(2).waitFor();
    await editor.screenshot('insights');
    expect(editor.consoleLines.filter((line) => /Content Security Policy|violates/.test(line))).toEqual([]);
  });

  it.each([
    ['Default High Contrast', 'vscode-high-contrast'],
    ['Light Modern', 'vscode-light'],
    ['Dark Modern', 'vscode-dark'],
  ])('takes the colours of %s', async (theme, bodyClass) => {
    editor.profile.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': theme }));
    await until(() => memory.frame.evaluate<boolean>(`document.body.classList.contains('${bodyClass}')`), {
      what: theme,
    });
    await until(() => memory.frame.evaluate<boolean>(isDrawn), { what: 'a drawn plot' });
    await editor.screenshot(`insights-${bodyClass}`);
  });

  it('shows what is around the file one is in', async () => {
    await editor.workbench.openFile('flamingo.ts');
    await editor.workbench.runCommand('Claude-Mem: Show What Is Around This File');
    const picture = memory.frame.getByRole('group', { name: /^What is around .*flamingo\.ts$/ });
    await picture.waitFor();
    expect(await picture.locator('button.node').count()).toBeGreaterThan(1);
    await editor.screenshot('around');
    await memory.frame
      .getByRole('region', { name: 'Sessions' })
      .getByRole('button', { name: /Retry budget/ })
      .click();
    await ReaderPage.find(editor, 'Retry budget for the flamingo client');
  });

  it('finds by name, and goes on from there', async () => {
    await memory.frame.getByRole('textbox', { name: 'Look for a file, command, error or symbol' }).fill('config');
    await memory.frame
      .getByRole('list', { name: 'Found' })
      .getByRole('button', { name: /config\.js/ })
      .first()
      .click();
    await memory.frame.getByRole('group', { name: /^What is around .*config\.js$/ }).waitFor();
  });

  it('says that nothing was spent and nothing was sent', async () => {
    await section('Cost').click();
    await memory.frame.getByText('Off: nothing is sent to anyone and nothing is spent.').waitFor();
    await memory.frame.getByRole('img', { name: /^Today: \$0\.00 of \$0\.50$/ }).waitFor();
    await editor.workbench.runCommand('Claude-Mem: Show What Left This Machine');
    await memory.frame.getByText('Nothing has left this machine').waitFor();
  });

  it('pauses the work in the background and goes on', async () => {
    await section('Queue').click();
    await memory.frame.getByRole('button', { name: 'Pause', exact: true }).click();
    await memory.frame.getByText('Paused by you').waitFor();
    await editor.screenshot('queue');
    await memory.frame.getByRole('button', { name: 'Resume', exact: true }).click();
    await memory.frame.getByText('Paused by you').waitFor({ state: 'detached' });
  });

  it('asks nobody outside', () => {
    expect(editor.externalRequests).toEqual([]);
  });
});
