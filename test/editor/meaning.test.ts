/** Search by meaning in the real editor: consent, progress, cancelling, going on, a folder of one's own. The hub is a stand-in on this machine. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHub } from '../fakes/hub';
import type { Hub } from '../fakes/hub';
import { makeHistory } from '../fixtures/make-history';
import { makeOffer } from '../fixtures/model-spec';
import { makeTinyModel } from '../fixtures/tiny-model';
import { bundlePatched } from '../process/patched-bundle';
import { DoctorPage } from './pages/doctor';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import type { Profile } from './support/profile';
import { until } from './support/until';

const { spec, files } = makeOffer('tiny');
let editor: Editor;
let profile: Profile;
let hub: Hub;
keepEditor(() => editor);
afterAll(() => hub.close());

beforeAll(async () => {
  hub = await openHub(files);
  profile = makeProfile({ settings: { 'claudeMem.meaning.hub': hub.url } });
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now() });
  editor = await openEditor(profile);
  await offerTiny();
  await editor.reload();
});

/** The keeper of the installed extension with one more model on offer: the pins of the others fit no file made here. */
async function offerTiny(): Promise<void> {
  const [name = ''] = readdirSync(profile.extensions).filter((each) => each.startsWith('claude-mem-vscode.'));
  const keeper = join(profile.extensions, name, 'dist/keeper.cjs');
  if (!existsSync(keeper)) throw new Error(`No keeper in ${keeper}`);
  const from = 'export const modelSpecs: readonly ModelSpec[] = [';
  await bundlePatched('src/keeper/keeper.worker.ts', keeper, [{ file: 'src/core/meaning/models.ts', from, to: from + JSON.stringify(spec) + ',' }]);
}

const row = (text: string | RegExp): Locator => editor.workbench.quickRows.filter({ hasText: text }).first();

async function openList(): Promise<void> {
  // Offered as soon as memory answers.
  await until(() => editor.workbench.tryCommand('Claude-Mem: Search by Meaning'), { what: 'the command' });
  await row('all-MiniLM-L6-v2').waitFor();
}

/** The list as it is now, closed again. */
async function readList(): Promise<string> {
  await openList();
  const text = `${await editor.workbench.quickInput.locator('input.input').getAttribute('placeholder')}\n${(await editor.workbench.quickRows.allInnerTexts()).join('\n')}`;
  await editor.page.keyboard.press('Escape');
  return text;
}

async function pickTiny(answer: 'Download' | 'Cancel'): Promise<void> {
  await openList();
  await row('tiny').click();
  const { dialog } = editor.workbench;
  await dialog.waitFor();
  expect(await dialog.innerText()).toContain(new URL(hub.url).host);
  if (answer === 'Download') await editor.screenshot('meaning-consent');
  await dialog.getByRole('button', { name: answer }).click();
  await dialog.waitFor({ state: 'detached' });
}

describe('a model on offer', () => {
  it('is listed with its language, size and licence, and nothing is fetched before a yes', async () => {
    await openList();
    expect(await row('multilingual-e5-small').innerText()).toMatch(/About 100 languages · 129 MB · MIT/);
    expect(await row('all-MiniLM-L6-v2').innerText()).toMatch(/English · 22\.6 MB · Apache-2\.0/);
    await editor.screenshot('meaning-list');
    await editor.page.keyboard.press('Escape');
    await pickTiny('Cancel');
    expect(hub.asked).toEqual([]);
  });

  it('shows its progress, can be cancelled, and goes on where it was', async () => {
    hub.faults = { bytesPerSecond: 20_000 };
    await pickTiny('Download');
    const toast = editor.workbench.toasts.filter({ hasText: 'Search by meaning: tiny' });
    await toast.filter({ hasText: /Downloading: \d+ KB of \d+ KB/ }).waitFor();
    await until(async () => Number(/Downloading: (\d+) KB/.exec(await toast.innerText())?.[1] ?? 0) >= 10, { what: 'ten kilobytes' });
    await editor.screenshot('meaning-progress');
    await toast.hover();
    await toast.getByRole('button', { name: 'Cancel' }).click();
    await toast.waitFor({ state: 'detached' });
    expect(await readList()).toMatch(/Downloaded so far: \d+ KB of \d+ KB/);

    hub.faults = {};
    hub.asked.length = 0;
    await pickTiny('Download');
    await editor.page.locator('.statusbar-item', { hasText: 'Search by meaning is ready: tiny' }).waitFor();
    expect(hub.asked.some(({ range }) => range !== undefined)).toBe(true);
    expect(await readList()).toMatch(/In use: tiny[\s\S]*tiny\s*English/);
    await editor.screenshot('meaning-ready');
  });

  it('is still there after a reload, without a request, and the Doctor names it', async () => {
    hub.asked.length = 0;
    await editor.reload();
    expect(await readList()).toContain('In use: tiny');
    expect(hub.asked).toEqual([]);
    const doctor = await DoctorPage.open(editor);
    await doctor.unfold('Language model');
    await doctor.finding('Search by meaning is on, on this computer alone: tiny').waitFor();
    await editor.screenshot('meaning-doctor');
  });
});

describe('a folder', () => {
  it('is chosen in a dialog and becomes ready; one without a model is refused in words', async () => {
    const place = join(profile.dir, 'my model');
    makeTinyModel(place, { dimension: 24 });
    const empty = join(profile.dir, 'no model');
    mkdirSync(join(empty, 'onnx'), { recursive: true });
    await chooseFolder(empty);
    await editor.workbench.toasts.filter({ hasText: 'This folder is not a model that can be read.' }).waitFor();
    expect(await readList()).toContain('In use: tiny');
    await chooseFolder(place);
    await editor.page.locator('.statusbar-item', { hasText: 'Search by meaning is ready: my model' }).waitFor();
    expect(await readList()).toMatch(/In use: my model[\s\S]*Your own folder/);
    await editor.screenshot('meaning-folder');
  });

  it('is turned off, and what was downloaded is removed', async () => {
    await openList();
    await row('Turn Off').click();
    await until(async () => !(await readList()).includes('In use'), { what: 'nothing in use' });
    await openList();
    await row('Remove Downloaded Model').click();
    await editor.page.locator('.statusbar-item', { hasText: 'Removed: tiny' }).waitFor();
    expect(readdirSync(join(profile.globalStorage, 'models'))).toEqual([]);
  });

  it('no window of the editor asked anybody else', () => {
    expect(editor.externalRequests).toEqual([]);
  });
});

/** The dialog of VS Code for the browser: a field for the path, and a button. */
async function chooseFolder(folder: string): Promise<void> {
  await openList();
  await row('Choose a Folder').click();
  const input = editor.workbench.quickInput.locator('input.input');
  await editor.workbench.quickInput.getByRole('button', { name: 'Use This Model' }).waitFor();
  // It puts its own folder into the field first, and what was there before that behind it.
  await row('..').waitFor();
  await until(async () => (await input.inputValue()).includes(profile.workspace), { what: 'the folder it begins with' });
  await input.fill(`${folder}/`);
  // The dialog has gone there: what it shows is what the folder holds.
  await row('onnx').waitFor();
  await editor.workbench.quickInput.getByRole('button', { name: 'Use This Model' }).click();
}
