/**
 * A model is downloaded while windows are killed: existing bytes are not downloaded again, and nothing is downloaded
 * without a request. Uses the built keeper and thread.
 */
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MeaningStatus } from '../../src/protocol/meaning';
import { until } from '../editor/support/until';
import { openHub } from '../fakes/hub';
import type { Hub } from '../fakes/hub';
import { makeOffer } from '../fixtures/model-spec';
import { prepareDesk } from './windows';
import type { Desk, Window, WindowOptions } from './windows';

const { spec, files } = makeOffer();
const largest = 'tokenizer.json';
let desk: Desk;
let hub: Hub;
let options: WindowOptions;

beforeEach(async () => {
  desk = await prepareDesk();
  hub = await openHub(files);
  const keeper = await desk.buildKeeper('keeper', [
    {
      file: 'src/core/meaning/models.ts',
      from: 'export const modelSpecs: readonly ModelSpec[] = [',
      to: `export const modelSpecs: readonly ModelSpec[] = [${JSON.stringify(spec)},`,
    },
  ]);
  for (const name of ['embed.cjs', 'ort-wasm-simd-threaded.wasm'])
    symlinkSync(path.resolve('dist', name), path.join(desk.folder, name));
  options = { keeper, env: { WINDOW_HUB: hub.url } };
});
afterEach(async () => {
  await desk.clear();
  await hub.close();
});

const meaning = async (window: Window) => (await window.ask('meaning')) as MeaningStatus;
const bytesHere = async (window: Window) =>
  (await meaning(window)).offers.find(({ id }) => id === 'tiny')?.bytesHere ?? 0;
const rangesOf = (file: string) => hub.asked.filter((each) => each.path.endsWith(file)).map(({ range }) => range);
const isHalfway = (window: Window) =>
  until(async () => (await bytesHere(window)) > 20_000, { what: 'a download under way' });

describe('kill -9 in the middle of a download', () => {
  it('leaves a part that the next one goes on with, when a person asks again', async () => {
    const first = await desk.open(options);
    hub.faults = { stallAfter: 40_000 };
    first.send('model tiny');
    await isHalfway(first);
    await first.kill();
    hub.faults = {};
    hub.asked.length = 0;

    const second = await desk.open(options);
    expect(await meaning(second)).toMatchObject({ phase: 'off', model: null });
    expect(await bytesHere(second)).toBeGreaterThan(20_000);
    expect(hub.asked).toEqual([]);
    expect(await second.ask('model tiny')).toMatchObject({ phase: 'ready', model: { id: 'tiny@01234567' } });
    expect(rangesOf(largest)).toEqual([expect.stringMatching(/^bytes=\d{4,}-$/)]);
    await second.kill();

    hub.asked.length = 0;
    expect(await meaning(await desk.open(options))).toMatchObject({ phase: 'ready' });
    expect(hub.asked).toEqual([]);
  });

  it('of one window is finished by the other that waits for it', async () => {
    const owner = await desk.open(options);
    const other = await desk.open(options);
    hub.faults = { stallAfter: 40_000 };
    owner.send('model tiny');
    const asked = other.ask('model tiny');
    await isHalfway(other);
    // Two windows share one download.
    expect(rangesOf(largest)).toEqual([undefined]);
    hub.faults = {};
    await owner.kill();
    expect(await asked).toMatchObject({ phase: 'ready' });
    expect(rangesOf(largest)).toEqual([undefined, expect.stringMatching(/^bytes=/)]);
  });
});

it('a window that closes does not wait for its model', async () => {
  const window = await desk.open(options);
  await window.ask('model tiny');
  window.send('close');
  await window.reply(({ done }) => done === 'close');
  window.process.stdin?.end();
  await window.exited;
  expect(window.process.exitCode).toBe(0);
});
