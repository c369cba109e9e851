/**
 * Search by meaning in the real editor: consent, progress, cancelling, resuming, a folder of one's own. The hub is a
 * stand-in on this machine.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHub } from '../fakes/hub';
import type { Hub } from '../fakes/hub';
import { makeHistory } from '../fixtures/make-history';
import { makeOffer } from '../fixtures/model-spec';
import { makeTinyModel } from '../fixtures/tiny-model';
import { DoctorPage } from './pages/doctor';
import { ModelList } from './pages/model-list';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { patchKeeper } from './support/patched-extension';
import { makeProfile } from './support/profile';
import type { Profile } from './support/profile';
import { until } from './support/until';

const { spec, files } = makeOffer('tiny');
let editor: Editor;
let profile: Profile;
let hub: Hub;
let list: ModelList;
keepEditor(() => editor);
afterAll(() => hub.close());

beforeAll(async () => {
  hub = await openHub(files);
  profile = makeProfile({ settings: { 'claudeMem.meaning.hub': hub.url } });
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now() });
  editor = await openEditor(profile);
  await offerTiny();
  list = new ModelList(editor);
  // On a busy machine VS Code may keep the old extension host, and the keeper in it, over a reload.
  await until(
    async () => {
      await editor.reload();
      return (await list.read()).includes('tiny');
    },
    { what: 'the keeper with the model on offer', timeoutMs: 120_000 },
  );
  // VS Code for the browser gives its extensions the person's settings some time after their start.
  await until(async () => (await list.read()).includes(hubHost()), { what: 'the setting of the hub' });
});

const hubHost = () => new URL(hub.url).host;

/** Adds a tiny model to the offers, because the pins of the real ones match no file made here. */
async function offerTiny(): Promise<void> {
  const from = 'export const modelSpecs: readonly ModelSpec[] = [';
  await patchKeeper(profile, [{ file: 'src/core/meaning/models.ts', from, to: from + JSON.stringify(spec) + ',' }]);
}

async function pickTiny(answer: 'Download' | 'Cancel'): Promise<void> {
  await list.open();
  await list.row('tiny').click();
  const { dialog } = editor.workbench;
  await dialog.waitFor();
  expect(await dialog.innerText()).toContain(hubHost());
  if (answer === 'Download') await editor.screenshot('meaning-consent');
  await dialog.getByRole('button', { name: answer }).click();
  await dialog.waitFor({ state: 'detached' });
}

describe('a model on offer', () => {
  it('is listed with its language, size and licence, and nothing is fetched before a yes', async () => {
    await list.open();
    expect(await list.row('multilingual-e5-small').innerText()).toMatch(/About 100 languages · 135 MB · MIT/);
    expect(await list.row('all-MiniLM-L6-v2').innerText()).toMatch(/English · 24 MB · Apache-2\.0/);
    await editor.screenshot('meaning-list');
    await editor.page.keyboard.press('Escape');
    await pickTiny('Cancel');
    expect(hub.asked).toEqual([]);
  });

  it('shows its progress, can be cancelled, and goes on where it was', async () => {
    hub.faults = { bytesPerSecond: 20_000 };
    await pickTiny('Download');
    const toast = editor.workbench.toasts.filter({ hasText: 'Search by meaning: tiny' });
    await toast.filter({ hasText: /Downloading: [\d.]+ kB of [\d.]+ kB/ }).waitFor();
    await until(async () => Number(/Downloading: ([\d.]+) kB/.exec(await toast.innerText())?.[1] ?? 0) >= 10, {
      what: 'ten kilobytes',
    });
    await editor.screenshot('meaning-progress');
    await toast.hover();
    await toast.getByRole('button', { name: 'Cancel' }).click();
    await toast.waitFor({ state: 'detached' });
    expect(await list.read()).toMatch(/Downloaded so far: [\d.]+ kB of [\d.]+ kB/);

    hub.faults = {};
    hub.asked.length = 0;
    await pickTiny('Download');
    await editor.page.locator('.statusbar-item', { hasText: 'Search by meaning is ready: tiny' }).waitFor();
    expect(hub.asked.some(({ range }) => range !== undefined)).toBe(true);
    expect(await list.read()).toMatch(/In use: tiny[\s\S]*tiny\s*English/);
    await editor.screenshot('meaning-ready');
  });

  it('is still there after a reload, without a request, and the Doctor names it', async () => {
    hub.asked.length = 0;
    await editor.reload();
    expect(await list.read()).toContain('In use: tiny');
    expect(hub.asked).toEqual([]);
    const doctor = await DoctorPage.open(editor);
    await doctor.expand('Language model');
    await doctor.finding('Search by meaning is on, on this computer alone: tiny').waitFor();
    await editor.screenshot('meaning-doctor');
    // The palette gives the focus back to a page in two steps, and on a busy machine the second comes so late that it
    // closes the list that the command has opened.
    await editor.workbench.closeEditors();
  });
});

describe('a folder', () => {
  it('is chosen in a dialog and becomes ready; one without a model is refused in words', async () => {
    const place = join(profile.dir, 'my model');
    makeTinyModel(place, { dimension: 24 });
    const empty = join(profile.dir, 'no model');
    mkdirSync(join(empty, 'onnx'), { recursive: true });
    await list.chooseFolder(empty);
    await editor.workbench.toasts.filter({ hasText: 'This folder is not a model that can be read.' }).waitFor();
    expect(await list.read()).toContain('In use: tiny');
    await list.chooseFolder(place);
    await editor.page.locator('.statusbar-item', { hasText: 'Search by meaning is ready: my model' }).waitFor();
    expect(await list.read()).toMatch(/In use: my model[\s\S]*Your own folder/);
    await editor.screenshot('meaning-folder');
  });

  it('is turned off, and what was downloaded is removed', async () => {
    await list.turnOff();
    await list.open();
    await list.row('Remove Downloaded Model').click();
    await editor.page.locator('.statusbar-item', { hasText: 'Removed: tiny' }).waitFor();
    expect(readdirSync(join(profile.globalStorage, 'models'))).toEqual([]);
  });

  it('no window of the editor asked anybody else', () => {
    expect(editor.externalRequests).toEqual([]);
  });
});
