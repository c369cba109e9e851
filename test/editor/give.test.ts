import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeHistory } from '../fixtures/make-history';
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
  editor = await openEditor(profile);
});

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
