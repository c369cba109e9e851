import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSession } from '../../scripts/demo-history/write-session.mjs';
import { makeHistory, sessionIdOf } from '../fixtures/make-history';
import { DoctorPage } from './pages/doctor';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import type { Profile } from './support/profile';
import { until } from './support/until';

let editor: Editor;
let profile: Profile;
let settingsFile: string;
keepEditor(() => editor);

const settings = '{\n\t"model": "opus",\n\t"env": {}\n}\n';
/** A title of the history of this folder. */
const brief = 'Retry budget for the flamingo client';

beforeAll(async () => {
  profile = makeProfile();
  settingsFile = join(profile.configDir, 'settings.json');
  writeFileSync(settingsFile, settings);
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now(), extra: 0 });
  writeFixed();
  editor = await openEditor(profile);
});

const missing = (name: string): string =>
  `error TS2741: Property '${name}' is missing in type '{ url: string; }' but required in type 'ClientOptions'.`;

/** A session that fixed an error; and a file each with the same error, and with one that looks like it. */
function writeFixed(): void {
  const { workspace, configDir } = profile;
  const dayMs = 86_400_000;
  createSession({
    id: sessionIdOf(90),
    cwd: workspace,
    startedAt: Date.now() - 3 * dayMs,
    title: 'The gateway gets a budget for retries',
    gitBranch: 'main',
  })
    .prompt('Make it compile again.')
    .bash('npx tsc --noEmit', `src/gateway.ts(2,14): ${missing('retryBudget')}`, { exitCode: 2 })
    .edit('src/gateway.ts', "{ url: 'x' }", "{\n  url: 'x',\n  retryBudget: 7,\n}")
    .bash('npx tsc --noEmit', '')
    .answer('It compiles again.')
    .save(configDir);
  const source = "export const options: ClientOptions = { url: 'y' };\n";
  for (const name of ['meadow.ts', 'lookalike.ts']) profile.write(name, source);
  profile.write('src/gateway.ts', "export const options: ClientOptions = {\n  url: 'x',\n  retryBudget: 7,\n};\n");
  // The editor of the tests has no server of a language: a task reports the problems.
  const found = [`meadow.ts(1,14): ${missing('retryBudget')}`, `lookalike.ts(1,14): ${missing('shippingZone')}`];
  profile.write('problems.txt', `${found.join('\n')}\n`);
  const pattern = {
    regexp: String.raw`^(\S+?)\((\d+),(\d+)\): error (TS\d+): (.*)$`,
    file: 1,
    line: 2,
    column: 3,
    code: 4,
    message: 5,
  };
  // oxlint-disable-next-line no-template-curly-in-string -- of VS Code
  const problemMatcher = { owner: 'check', fileLocation: ['relative', '${workspaceFolder}'], pattern };
  const task = { label: 'check', type: 'process', command: 'cat', args: ['problems.txt'], problemMatcher };
  profile.write('.vscode/tasks.json', JSON.stringify({ version: '2.0.0', tasks: [task] }));
}

async function answer(button: string): Promise<string> {
  const { dialog } = editor.workbench;
  await dialog.filter({ hasText: 'Give memory to Claude Code?' }).waitFor();
  const shown = await dialog.innerText();
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  return shown;
}

/** What Claude Code would get, as it runs the entry. */
function runEntry(): string {
  const { hooks } = JSON.parse(readFileSync(settingsFile, 'utf8')) as {
    hooks: { SessionStart: { hooks: { command: string }[] }[] };
  };
  const input = JSON.stringify({ session_id: 's1', cwd: profile.workspace, source: 'startup' });
  const command = hooks.SessionStart[0]?.hooks[0]?.command ?? '';
  return spawnSync('/bin/sh', ['-c', command], { input, encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } }).stdout;
}

describe('memory for Claude Code', () => {
  it('is shown before it is written, and not written without a yes', async () => {
    await editor.workbench.runCommand('Claude-Mem: Give Memory to Claude Code');
    const shown = await answer('Cancel');
    for (const words of [settingsFile, profile.globalStorage, 'SessionStart', 'UserPromptSubmit'])
      expect(shown).toContain(words);
    expect(readFileSync(settingsFile, 'utf8')).toBe(settings);
  });

  it('reaches a session by a program that the editor runs', async () => {
    // The keeper writes the brief when the session has been read and summarised.
    const index = join(profile.globalStorage, 'give/index.json');
    await until(() => existsSync(index) && readFileSync(index, 'utf8').includes(profile.workspace), {
      what: 'a brief for this folder',
      timeoutMs: 110_000,
    });
    await editor.workbench.runCommand('Claude-Mem: Give Memory to Claude Code');
    await answer('Add Hooks');
    await editor.workbench.toasts.filter({ hasText: 'are given memory now' }).waitFor();
    await editor.screenshot('give-installed');
    expect(runEntry()).toContain(brief);
  });

  it('that is half gone is seen by the Doctor, and mended from there', async () => {
    rmSync(join(profile.globalStorage, 'hooks/hook.cjs'));
    const doctor = await DoctorPage.open(editor);
    await doctor.finding('start a program that is gone').waitFor();
    await editor.screenshot('give-doctor');
    await doctor.button('Give Memory to Claude Code…').click();
    await answer('Add Hooks');
    await doctor.area('Hooks').filter({ hasText: 'is given memory at the start' }).waitFor();
    expect(runEntry()).toContain(brief);
  });

  it('is taken back without a trace', async () => {
    await editor.workbench.runCommand('Claude-Mem: Stop Giving Memory to Claude Code');
    await until(() => readFileSync(settingsFile, 'utf8') === settings, { what: 'the settings as they were' });
    expect(editor.externalRequests).toEqual([]);
  });
});

describe('an error that a session fixed', () => {
  /** The problem of the file has the cursor. */
  async function goToProblem(file: string): Promise<void> {
    const { workbench, page } = editor;
    await workbench.openFile(file);
    await page.locator('.squiggly-error').first().waitFor({ timeout: 20_000 });
    await workbench.openPalette(':1:16');
    await page.keyboard.press('Enter');
  }

  it('has a light bulb that says so, and a hover with the edit and what of it stands', async () => {
    const { page, workbench } = editor;
    await workbench.openFile('meadow.ts');
    await workbench.runCommand('Tasks: Run Task');
    await workbench.quickRows.filter({ hasText: 'check' }).first().click();
    await goToProblem('meadow.ts');
    const offered = page.locator('.action-widget').getByText(/^Fixed before, .+: The gateway gets a budget/);
    await until(
      async () => {
        await page.keyboard.press('Control+.');
        if (
          await offered.waitFor({ timeout: 2000 }).then(
            () => true,
            () => false,
          )
        )
          return true;
        await page.keyboard.press('Escape');
        return false;
      },
      { what: 'the fix among the quick fixes', timeoutMs: 60_000 },
    );
    await editor.screenshot('past-fix-lamp');
    await offered.click();
    await workbench.quickRows.filter({ hasText: 'Show the Edit' }).first().waitFor();
    await editor.screenshot('past-fix-acts');
    expect(await workbench.quickInput.locator('input.input').getAttribute('placeholder')).toBe(
      'All of its lines still stand.',
    );
    await page.keyboard.press('Escape');
    await workbench.runCommand('Show or Focus Hover');
    const hover = page.locator('.monaco-hover', { hasText: 'The same error was fixed before' });
    await hover.filter({ hasText: 'retryBudget: 7' }).waitFor();
    await editor.screenshot('past-fix-hover');
    await page.keyboard.press('Escape');
  });

  it('is not taken for one that looks like it', async () => {
    const { page, workbench } = editor;
    await goToProblem('lookalike.ts');
    await page.keyboard.press('Control+.');
    await page.locator('.message', { hasText: 'No code actions available' }).waitFor();
    expect(await page.locator('.action-widget').getByText('Fixed before').count()).toBe(0);
    await editor.screenshot('past-fix-lookalike');
    await page.keyboard.press('Escape');
    await workbench.runCommand('Claude-Mem: Past Fixes for This Error');
    await workbench.toasts.filter({ hasText: 'No fix in memory is surely one for this error.' }).waitFor();
  });

  it('is not offered again when a person says that it is another one', async () => {
    const { page, workbench } = editor;
    await goToProblem('meadow.ts');
    await workbench.runCommand('Claude-Mem: Past Fixes for This Error');
    await workbench.quickRows
      .filter({ hasText: 'Not the Same' })
      .click({ timeout: 8000 })
      .catch(async (error: unknown) => {
        await editor.screenshot('past-fix-palette');
        throw error;
      });
    await workbench.toasts.filter({ hasText: 'not shown for this error again' }).waitFor();
    await workbench.runCommand('Claude-Mem: Past Fixes for This Error');
    await workbench.toasts.filter({ hasText: 'No fix in memory is surely one for this error.' }).first().waitFor();
    await workbench.toasts.getByRole('button', { name: 'Undo' }).first().click();
    await until(
      async () => {
        await workbench.runCommand('Claude-Mem: Past Fixes for This Error');
        const row = workbench.quickRows.filter({ hasText: 'Not the Same' });
        const isThere = await row.waitFor({ timeout: 2000 }).then(
          () => true,
          () => false,
        );
        await page.keyboard.press('Escape');
        return isThere;
      },
      { what: 'the fix again' },
    );
  });
});
