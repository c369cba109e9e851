/**
 * A generated model with a weight, in the real editor: its queue is shown and can be paused, it improves the order, and
 * whatever happens to it during a search, the same sessions are found and no error is shown.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSession } from '../../scripts/demo-history/write-session.mjs';
import { sessionIdOf } from '../fixtures/make-history';
import { makeTinyModel } from '../fixtures/tiny-model';
import { DoctorPage } from './pages/doctor';
import { MemoryPage } from './pages/memory';
import { ModelList } from './pages/model-list';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { patchKeeper, prependToModelThread } from './support/patched-extension';
import { makeProfile } from './support/profile';
import type { Profile } from './support/profile';
import { until } from './support/until';

const count = 30;
const baskets = 10;
const topic = (number: number) => String.fromCodePoint(97 + Math.floor(number / 10), 107 + (number % 10));
/** Three words for one meaning: texts, titles and questions have no words in common. */
const textWord = (number: number) => `alfa${topic(number)}`;
const titleWord = (number: number) => `omega${topic(number)}`;
const questionWord = (number: number) => `gamma${topic(number)}`;
const titleOf = (number: number) => `${titleWord(number)} basket${number % baskets}`;
/** The session meant by the topic is the oldest of its basket, so words alone rank it last. */
const meant = count;
const query = `"basket${meant % baskets}" ${questionWord(meant)}`;

let editor: Editor;
let profile: Profile;
let memory: MemoryPage;
let list: ModelList;
let place: string;
keepEditor(() => editor);

/**
 * Controlled by files above the model's folder: with `wait` it answers no question until the file is deleted, with
 * `die` it ends.
 */
const obedient = `
const { parentPort, workerData } = require('node:worker_threads'), { existsSync } = require('node:fs');
parentPort.on('message', () => {
  const file = (name) => workerData.folder + '-' + name;
  while (existsSync(file('wait'))) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  if (existsSync(file('die'))) process.exit(1);
});
`;

beforeAll(async () => {
  profile = makeProfile();
  place = join(profile.dir, 'my model');
  makeTinyModel(place, {
    dimension: 64,
    synonyms: Array.from({ length: count + 2 }, (_, number) => [
      textWord(number),
      titleWord(number),
      questionWord(number),
    ]),
  });
  for (let number = 1; number <= count; number++) writeSession(number);
  editor = await openEditor(profile);
  prependToModelThread(profile, obedient);
  // A machine that runs tests is busy, and the queue would wait.
  await patchKeeper(profile, [
    { file: 'src/keeper/machine.ts', from: 'whyWait() {', to: 'whyWait() { return undefined;' },
  ]);
  await editor.reload();
  list = new ModelList(editor);
});

function writeSession(number: number, hoursAgo = number): void {
  createSession({
    id: sessionIdOf(number),
    cwd: profile.workspace,
    startedAt: Date.now() - hoursAgo * 3_600_000,
    title: titleOf(number),
  })
    // The latest repeat the word, so that words are sure of them; the others are alike, and meaning decides between them.
    .prompt(`${`basket${number % baskets} `.repeat(number <= count / 2 ? 4 : 1)}${textWord(number)}`)
    .answer(`${textWord(number)} basket${number % baskets}`)
    .save(profile.configDir);
}

/** Waits for a text of the queue in the open list. */
const queueSays = (text: RegExp) => list.row(text).waitFor();

describe('the queue', () => {
  it('is shown in the list, with nothing left to do', async () => {
    await list.chooseFolder(place);
    await editor.page.locator('.statusbar-item', { hasText: 'Search by meaning is ready: my model' }).waitFor();
    await list.open();
    await queueSays(/Pause Embedding[\s\S]*Embedded (\d+) of \1 texts/);
    await editor.screenshot('meaning-queue');
  });

  it('is paused by the person: what is new waits, the Doctor says so, and it goes on when resumed', async () => {
    await list.row('Pause Embedding').click();
    await queueSays(/Resume Embedding[\s\S]*Embedded (\d+) of \1 texts · Paused by you/);
    await editor.page.keyboard.press('Escape');
    writeSession(count + 1, 0.5);
    memory = await MemoryPage.open(editor);
    await memory.firstRun.getByRole('button', { name: 'Got It' }).click();
    await memory.showTab('Timeline');
    await memory.card('Sessions', titleOf(count + 1)).waitFor();
    await list.open();
    await queueSays(/Resume Embedding[\s\S]*Embedded (\d+) of (?!\1 )\d+ texts · Paused by you/);
    await editor.screenshot('meaning-queue-paused');
    await editor.page.keyboard.press('Escape');
    const doctor = await DoctorPage.open(editor);
    await doctor.finding('Paused by you.').waitFor();
    await editor.workbench.closeEditors();
    await list.open();
    await list.row('Resume Embedding').click();
    await queueSays(/Pause Embedding[\s\S]*Embedded (\d+) of \1 texts/);
    await editor.page.keyboard.press('Escape');
  });
});

/** The titles in the list in order, and the displayed number of hits. */
async function answer(): Promise<{ titles: string[]; count: string }> {
  return {
    titles: await memory.titles('Results'),
    count: await memory.frame.locator('.outcome [role=status]').innerText(),
  };
}

async function search(text = query): Promise<void> {
  await memory.search('');
  await memory.search(text);
}

/** By words alone it is the last of the three. */
const isOrderedByMeaning = async () => (await answer()).titles.indexOf(titleOf(meant)) === 1;

/** True when the list answers the present text. */
const isAtRest = async () =>
  until(async () => (await memory.frame.locator('.page-body[data-answers] .hit').count()) === 3, { what: 'an answer' });

describe('a model that has earned its weight', () => {
  it('moves the session that is meant up, and adds none to exact words', async () => {
    const doctor = await DoctorPage.open(editor);
    await doctor.expand('Language model');
    await doctor.finding('Search by meaning counts').waitFor();
    await editor.screenshot('meaning-earned');
    await editor.workbench.closeEditors();
    await search();
    await until(isOrderedByMeaning, { what: 'the order by meaning' });
    expect((await answer()).count).toBe('3 results');
    await editor.screenshot('meaning-search');
  });

  it.each<[string, () => Promise<void>]>([
    [
      'its folder is removed and its thread dies',
      async () => {
        rmSync(place, { recursive: true });
        writeFileSync(`${place}-die`, '');
        rmSync(`${place}-wait`);
      },
    ],
    ['it is turned off', () => list.turnOff()],
  ])('a search is answered by words when %s meanwhile', async (_, unplug) => {
    if (!existsSync(place)) await plugIn();
    await search();
    await until(isOrderedByMeaning, { what: 'the order by meaning' });
    const before = await answer();
    writeFileSync(`${place}-wait`, '');
    await search();
    await isAtRest();
    // The order by words is shown; the model was asked and does not answer.
    expect(await isOrderedByMeaning()).toBe(false);
    await unplug();
    await until(async () => !(await list.read()).includes('In use: my model'), { what: 'the end of the model' });
    const after = await answer();
    expect(after.titles, 'the control: the order is another').not.toEqual(before.titles);
    expect(after.titles.toSorted()).toEqual(before.titles.toSorted());
    expect(after.count).toBe(before.count);
    expect(await memory.frame.locator('[role=alert]').filter({ visible: true }).count()).toBe(0);
    expect(await editor.workbench.toasts.count()).toBe(0);
    await search();
    await isAtRest();
    expect(await answer()).toEqual(after);
    await editor.screenshot('meaning-unplugged');
    rmSync(`${place}-wait`, { force: true });
    rmSync(`${place}-die`, { force: true });
  });
});

/** The same model again: its vectors and trial are still stored. */
async function plugIn(): Promise<void> {
  makeTinyModel(place, {
    dimension: 64,
    synonyms: Array.from({ length: count + 2 }, (_, number) => [
      textWord(number),
      titleWord(number),
      questionWord(number),
    ]),
  });
  await list.chooseFolder(place);
  await until(async () => (await list.read()).includes('In use: my model'), { what: 'the model in use again' });
}
