import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSession } from '../../scripts/demo-history/write-session.mjs';
import { makeHistory, sessionIdOf } from '../fixtures/make-history';
import type { History } from '../fixtures/make-history';
import { DoctorPage } from './pages/doctor';
import { MemoryPage } from './pages/memory';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import { holds, until } from './support/until';

let editor: Editor;
let memory: MemoryPage;
let history: History;
keepEditor(() => editor);

beforeAll(async () => {
  const profile = makeProfile();
  history = makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now(), extra: 8 });
  editor = await openEditor(profile);
  memory = await MemoryPage.open(editor);
  await memory.card('Sessions', 'Retry budget').waitFor();
});

/** Imports and waits for the message that it has finished. */
async function importNow(): Promise<void> {
  // The command is not offered during an import, and deleting starts one.
  await until(() => editor.workbench.tryCommand('Claude-Mem: Import Now'), { what: 'the command Import Now' });
  await editor.page.locator('.statusbar-item', { hasText: 'Memory is up to date' }).waitFor();
}

async function confirm(question: string, button: string): Promise<void> {
  await editor.workbench.dialog.filter({ hasText: question }).waitFor();
  await editor.workbench.dialog.getByRole('button', { name: button }).click();
  await editor.workbench.dialog.waitFor({ state: 'detached' });
}

/** All files of the extension's storage as one text. */
function readStore(): string {
  const folder = editor.profile.globalStorage;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe('pause', () => {
  it('reads nothing until it is resumed, and then what was missed', async () => {
    const { live } = history.sessions;
    await editor.workbench.runCommand('Claude-Mem: Pause Capture');
    await memory.strip.filter({ hasText: 'Capture is paused' }).waitFor();
    await editor.workbench.statusItem.locator('.codicon-debug-pause').waitFor();
    appendFileSync(
      live.fileIn(editor.profile.configDir),
      live.prompt('Did the spoonbill see this?').answer('It did.').takeNew(),
    );
    await memory.search('spoonbill');
    await memory.emptyTitle.filter({ hasText: 'Nothing found' }).waitFor();
    // Long enough for three rounds of the capture.
    await holds(() => memory.emptyTitle.filter({ hasText: 'Nothing found' }).isVisible(), {
      what: 'nothing is read while paused',
    });
    await editor.screenshot('paused');

    await memory.strip.getByRole('button', { name: 'Resume' }).click();
    await memory.findHit('spoonbill', 'Session that is still going');
    await memory.strip.filter({ hasText: 'Capture is paused' }).waitFor({ state: 'detached' });
  });

  it('survives a restart of the extension host', async () => {
    await editor.workbench.runCommand('Claude-Mem: Pause Capture');
    await editor.workbench.statusItem.locator('.codicon-debug-pause').waitFor();
    await editor.reload();
    await editor.workbench.statusItem.locator('.codicon-debug-pause').waitFor();
    await editor.workbench.runCommand('Claude-Mem: Resume Capture');
    await editor.workbench.statusItem.locator('.codicon-debug-pause').waitFor({ state: 'detached' });
    memory = await MemoryPage.open(editor);
  });
});

describe('forgetting a session', () => {
  it('asks first, and does nothing when refused', async () => {
    await memory.showTab('Timeline');
    await memory.pick(memory.card('Sessions', 'Parser fails'), 'Forget Session');
    await confirm('Parser fails on an empty config file', 'Cancel');
    await memory.card('Sessions', 'Parser fails').waitFor();
  });

  it('takes it away for good: an import does not bring it back', async () => {
    await memory.pick(memory.card('Sessions', 'Parser fails'), 'Forget Session');
    await confirm('Parser fails on an empty config file', 'Forget Session');
    await memory.card('Sessions', 'Parser fails').waitFor({ state: 'detached' });
    await importNow();
    const { error } = history.sessions;
    appendFileSync(error.fileIn(editor.profile.configDir), error.prompt('The kakapo is back.').takeNew());
    await importNow();
    expect(await memory.titles('Sessions')).not.toContain('Parser fails on an empty config file');
    for (const word of ['kakapo', 'readConfig']) {
      await memory.search(word);
      await memory.emptyTitle.filter({ hasText: 'Nothing found' }).waitFor();
    }
    expect(existsSync(error.fileIn(editor.profile.configDir))).toBe(true);
  });
});

describe('forgetting a project', () => {
  it('takes all its sessions away', async () => {
    await memory.showTab('Timeline');
    await memory.choose('All projects');
    await memory.card('Sessions', 'Orchard task 3').waitFor();
    await editor.workbench.runCommand('Claude-Mem: Forget Project');
    await editor.workbench.quickRows.filter({ hasText: 'orchard' }).click();
    await confirm('orchard', 'Forget Project');
    await memory.list('Sessions').locator('.card-title', { hasText: 'Orchard' }).first().waitFor({ state: 'detached' });
    await importNow();
    expect((await memory.titles('Sessions')).filter((title) => title.startsWith('Orchard'))).toEqual([]);
    expect(await memory.titles('Sessions')).toContain('Survey the storage layer');
  });
});

describe('scanning again', () => {
  it('says first what it does and how large it is, and at the end what it found', async () => {
    const { workbench } = editor;
    await workbench.runCommand('Claude-Mem: Scan Memory Again');
    await workbench.dialog.filter({ hasText: 'A backup is made afterwards' }).waitFor();
    await editor.screenshot('scan-again');
    await confirm('Scan all memory again?', 'Scan');
    await workbench.toasts.filter({ hasText: 'The memory was scanned' }).waitFor();
    await editor.screenshot('scan-again-done');
    await workbench.toasts.filter({ hasText: 'nothing was found' }).waitFor();
    await memory.findHit('quokka', 'Retry budget');
  });
});

describe('deleting everything', () => {
  it('says what is gone, leaves nothing behind, and keeps the transcripts', async () => {
    await memory.findHit('quokka', 'Retry budget');
    await editor.workbench.runCommand('Claude-Mem: Delete All Memory');
    await editor.workbench.dialog.filter({ hasText: 'gone for good' }).waitFor();
    await editor.screenshot('delete-all');
    await confirm('Delete all memory?', 'Delete All Memory');
    await memory.showTab('Timeline');
    await memory.emptyTitle.filter({ hasText: 'No sessions yet' }).waitFor();
    await importNow();
    await memory.emptyTitle.filter({ hasText: 'No sessions yet' }).waitFor();
    expect(existsSync(history.sessions.retry.fileIn(editor.profile.configDir))).toBe(true);
    await until(() => !/quokka|flamingo|pangolin/i.test(readStore()), { what: 'a store without the deleted words' });
  });

  it('offers to read again what still has a transcript, ticked one by one', async () => {
    const { workbench } = editor;
    await memory.frame.getByRole('button', { name: 'Forgotten Sessions…' }).click();
    await workbench.quickRows.filter({ hasText: 'flamingo' }).first().waitFor();
    await editor.screenshot('forgotten');
    await workbench.quickRows.filter({ hasText: 'flamingo' }).first().getByRole('checkbox').click();
    await workbench.quickInput.getByRole('button', { name: 'OK' }).click();
    await memory.card('Sessions', 'Retry budget').waitFor();
    expect(await memory.titles('Sessions')).toEqual(['Retry budget for the flamingo client']);
  });

  it('takes in what is new afterwards', async () => {
    createSession({
      id: sessionIdOf(60),
      cwd: editor.profile.workspace,
      startedAt: Date.now(),
      title: 'After the deletion',
    })
      .prompt('A godwit lands.')
      .save(editor.profile.configDir);
    await memory.findHit('godwit', 'After the deletion');
  });
});

describe('a config folder that has gone', () => {
  it('is seen by the Doctor, and another one is chosen after a look into it', async () => {
    const { workbench, profile } = editor;
    mkdirSync(join(profile.home, 'moved'));
    renameSync(join(profile.configDir, 'projects'), join(profile.home, 'moved/projects'));
    await memory.frame.getByText('A config folder of Claude Code is not there').filter({ visible: true }).waitFor();
    const doctor = await DoctorPage.open(editor);
    await doctor.finding('The config folder of Claude Code has no sessions in it').waitFor();
    await editor.screenshot('doctor-folder');
    await doctor.button('Choose Folder…').click();
    await workbench.chooseFolder(profile.home, { button: 'Look Into Folder', beginsIn: 'claude', shows: 'moved' });
    await workbench.dialog.filter({ hasText: 'No sessions in this folder' }).waitFor();
    await workbench.dialog.getByRole('button', { name: 'Choose Another…' }).click();
    await workbench.chooseFolder(join(profile.home, 'moved'), {
      button: 'Look Into Folder',
      beginsIn: 'claude',
      shows: 'projects',
    });
    await workbench.dialog.filter({ hasText: /Sessions: 15/ }).waitFor();
    await editor.screenshot('choose-folder');
    await workbench.dialog.getByRole('button', { name: 'Use This Folder' }).click();
    await doctor.finding('The config folder of Claude Code has no sessions in it').waitFor({ state: 'detached' });
    createSession({
      id: sessionIdOf(61),
      cwd: profile.workspace,
      startedAt: Date.now(),
      title: 'In the new folder',
    })
      .prompt('A hoopoe nests.')
      .save(join(profile.home, 'moved'));
    await memory.findHit('hoopoe', 'In the new folder');
  });

  it('can be read in the settings of the machine where the extension runs', async () => {
    await editor.workbench.runCommand('Claude-Mem: Open Settings');
    const settings = editor.page.locator('.settings-editor');
    await settings.locator('.setting-item', { hasText: 'Config Dir' }).first().waitFor();
    expect(await settings.innerText()).not.toContain('No Settings Found');
    await editor.screenshot('settings');
  });
});
