/** One choice for all windows: which model is in use, is being prepared, or remains after a failure. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHub } from '../../../test/fakes/hub';
import type { Hub, HubFaults } from '../../../test/fakes/hub';
import { loadEngine } from '../../../test/fakes/test-memory';
import { makeOffer } from '../../../test/fixtures/model-spec';
import { makeTinyModel } from '../../../test/fixtures/tiny-model';
import { MemoryError } from '../../protocol/errors';
import type { ModelChoice } from '../../protocol/questions/meaning';
import { silentLog } from '../lib/log';
import { openDatabase } from '../store/open';
import type { OpenedDatabase } from '../store/open';
import { meaningApi } from './api';
import { Meaning } from './choice';
import type { MeaningPorts } from './choice';
import { isDownloaded } from './download';
import type { Embedder } from './embedder';
import { examineFolder } from './model-folder';
import { versionedId } from './models';

const engine = await loadEngine();
const [one, other] = [makeOffer('one', 1), makeOffer('other', 2)];
let folder: string;
let hub: Hub;
let database: OpenedDatabase;
let meaning: Meaning;
/** Ids of the embedders that were passed to search. */
let used: (string | undefined)[];
let closed: string[];
let phases: string[];
let failure: MemoryError | undefined;
let lose: ((reason: string) => void) | undefined;

const ports = (): MeaningPorts => ({
  driver: database.driver,
  dataDir: folder,
  clock: { now: () => 1 },
  log: silentLog,
  fetch,
  freeBytes: async () => undefined,
  specs: [one.spec, other.spec],
  createEmbedder: ({ id, dimension, maxTokens }, onLost) => {
    lose = onLost;
    return {
      id,
      dimension,
      maxTokens,
      embed: async () => [],
      load: async () => {
        if (failure) throw failure;
      },
      close: async () => void closed.push(id),
    };
  },
  onEmbedder: (embedder: Embedder | undefined) => void used.push(embedder?.id),
});
const open = () => {
  meaning = new Meaning(ports());
  meaning.onChange(() => void (phases.at(-1) === meaning.status().phase || phases.push(meaning.status().phase)));
  return meaning;
};
const reopen = async () => {
  await meaning.close();
  used = [];
  await open().start();
};
const offer = (id: string): ModelChoice => ({ kind: 'offer', id, hub: hub.url });

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-meaning-'));
  hub = await openHub(one.files);
  database = openDatabase({ engine, dataDir: folder, version: 'test' });
  [used, closed, phases, failure] = [[], [], [], undefined];
  open();
});
afterEach(async () => {
  await meaning.close();
  database.close();
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a model on offer', () => {
  it('is off at first, and nothing is asked of the network before somebody chooses one', async () => {
    await meaning.start();
    await reopen();
    expect(meaning.status()).toMatchObject({
      phase: 'off',
      model: null,
      offers: [{ id: 'one', bytesHere: 0 }, { id: 'other' }],
    });
    expect([hub.asked, used]).toEqual([[], []]);
  });

  it('is downloaded, loaded and used; the next keeper takes it up without the network', async () => {
    const { phase, model } = await meaning.choose(offer('one'));
    expect([phase, model]).toEqual(['ready', { id: 'one@01234567', name: 'one', source: 'offer', dimension: 16 }]);
    expect(phases).toEqual(['downloading', 'loading', 'ready']);
    await hub.close();
    await reopen();
    expect(meaning.status().phase).toBe('ready');
    expect(used).toEqual(['one@01234567']);
    hub = await openHub(one.files);
  });

  it('that is gone from the disk is not fetched again by itself', async () => {
    await meaning.choose(offer('one'));
    await meaning.close();
    rmSync(path.join(folder, 'models'), { recursive: true });
    hub.asked.length = 0;
    await open().start();
    expect(meaning.status()).toMatchObject({ phase: 'needs_consent', model: null });
    expect(hub.asked).toEqual([]);
    await meaning.choose(offer('one'));
    expect(meaning.status().phase).toBe('ready');
  });

  it('is shared by all who want it, and ends when the last one has left', async () => {
    hub.faults = { bytesPerSecond: 200_000 };
    const [first, second] = [new AbortController(), new AbortController()];
    const waiting = [meaning.choose(offer('one'), first.signal), meaning.choose(offer('one'), second.signal)];
    await begun();
    first.abort();
    await expect(waiting[0]).rejects.toMatchObject({ code: 'cancelled' });
    expect(meaning.status().phase).toBe('downloading');
    second.abort();
    await expect(waiting[1]).rejects.toMatchObject({ code: 'cancelled' });
    // Chosen again while the cancelled attempt is still ending: a new attempt is made.
    hub.faults = {};
    expect(await meaning.choose(offer('one'))).toMatchObject({ phase: 'ready' });
    expect(hub.asked.filter((each) => each.path.endsWith('/config.json'))).toHaveLength(1);
  });

  it('goes on for the one who still waits for it', async () => {
    hub.faults = { bytesPerSecond: 400_000 };
    const leaves = new AbortController();
    const [left, stays] = [meaning.choose(offer('one'), leaves.signal), meaning.choose(offer('one'))];
    await begun();
    leaves.abort();
    await expect(left).rejects.toMatchObject({ code: 'cancelled' });
    expect(await stays).toMatchObject({ phase: 'ready' });
  });

  it('gives way to a newer choice, which wins', async () => {
    hub.faults = { stallAfter: 100 };
    const slow = meaning.choose(offer('one'));
    slow.catch(() => {});
    await begun();
    const place = path.join(folder, 'own');
    makeTinyModel(place, { dimension: 16 });
    const [, own] = await Promise.allSettled([slow, meaning.choose({ kind: 'folder', folder: place })]);
    await expect(slow).rejects.toMatchObject({ code: 'cancelled' });
    expect(own).toMatchObject({
      status: 'fulfilled',
      value: { phase: 'ready', model: { name: 'own', source: 'folder' } },
    });
  });

  it.each<[string, HubFaults]>([
    ['a hub that refuses', { status: 503 }],
    ['wrong files', { change: (content) => Buffer.from(content.map((byte) => byte ^ 1)) }],
  ])('leaves the one before in use after %s', async (_, faults) => {
    await useFolder();
    const before = meaning.status();
    hub.faults = faults;
    await expect(meaning.choose(offer('one'))).rejects.toMatchObject({ code: 'network' });
    expect(meaning.status()).toEqual(before);
    expect(closed).toEqual([]);
    await reopen();
    expect(meaning.status().model).toEqual(before.model);
  });

  it('that cannot be loaded is not chosen', async () => {
    failure = new MemoryError('no_model', 'no', { reason: 'model_unusable' });
    await expect(meaning.choose(offer('one'))).rejects.toMatchObject({ code: 'no_model' });
    expect(meaning.status()).toMatchObject({ phase: 'off', model: null });
    expect(closed).toEqual(['one@01234567']);
    expect(isDownloaded(path.join(folder, 'models', versionedId(one.spec)), one.spec)).toBe(true);
  });

  it('is turned off and removed; one that is unknown is named', async () => {
    await meaning.choose(offer('one'));
    expect(await meaning.remove('one')).toMatchObject({ phase: 'off', model: null, offers: [{ bytesHere: 0 }, {}] });
    expect([used.at(-1), closed, existsSync(path.join(folder, 'models', 'one@01234567'))]).toEqual([
      undefined,
      ['one@01234567'],
      false,
    ]);
    await meaning.remove('one');
    await expect(meaning.remove('two')).rejects.toThrow('There are: one, other.');
    await expect(meaning.choose({ kind: 'offer', id: '../../etc' })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('that is lost while it is in use is said to have failed, and can be chosen again', async () => {
    await meaning.choose(offer('one'));
    lose?.('model_crashed');
    expect(meaning.status()).toMatchObject({ phase: 'failed', reason: 'model_crashed', model: null });
    expect(used.at(-1)).toBeUndefined();
    expect(await meaning.choose(offer('one'))).toMatchObject({ phase: 'ready' });
    expect(meaning.status()).not.toHaveProperty('reason');
  });
});

describe('a folder', () => {
  it('is taken up again as long as its files are the same', async () => {
    const place = await useFolder();
    await reopen();
    expect(meaning.status()).toMatchObject({ phase: 'ready', model: { name: 'own' } });
    makeTinyModel(place, { dimension: 16, seed: 99 });
    await reopen();
    expect(meaning.status()).toMatchObject({ phase: 'failed', reason: 'model_changed', model: null });
    expect(used).toEqual([]);
    rmSync(place, { recursive: true });
    await reopen();
    expect(meaning.status()).toMatchObject({ phase: 'failed', reason: 'model_incomplete' });
  });

  it('with the pinned files is that model: their vectors are the same', async () => {
    await meaning.choose(offer('one'));
    const { id } = await examineFolder(path.join(folder, 'models', versionedId(one.spec)), [one.spec]);
    expect(id).toBe('one@01234567');
  });

  it('of another content is another model', async () => {
    const place = path.join(folder, 'own');
    const ids = [];
    for (const options of [
      { seed: 1 },
      { seed: 2 },
      { seed: 1 },
      { seed: 1, files: 'fp32' as const },
      { seed: 1, name: 'x/e5-y' },
    ]) {
      rmSync(place, { recursive: true, force: true });
      makeTinyModel(place, options);
      ids.push((await examineFolder(place, [])).id);
    }
    expect([ids[0] === ids[2], new Set(ids).size]).toEqual([true, 4]);
  });

  it.each(['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx'])(
    'without %s is refused, and the file named',
    async (name) => {
      const place = path.join(folder, 'own');
      makeTinyModel(place);
      rmSync(path.join(place, name), { recursive: true });
      await expect(meaning.choose({ kind: 'folder', folder: place })).rejects.toMatchObject({
        code: 'no_model',
        message: expect.stringContaining(name),
        data: { reason: 'model_incomplete' },
      });
      expect(meaning.status().phase).toBe('off');
    },
  );

  it('must be absolute for a head', async () => {
    const { api } = meaningApi(meaning, { facts: undefined, setPaused: () => {} });
    await expect(api.chooseModel({ kind: 'folder', folder: 'models' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});

async function useFolder(): Promise<string> {
  const place = path.join(folder, 'own');
  makeTinyModel(place, { dimension: 16 });
  await meaning.choose({ kind: 'folder', folder: place });
  return place;
}

/** Resolves when the download has begun. */
function begun(): Promise<void> {
  return new Promise((resolve) => meaning.onChange(() => hub.asked.length > 0 && resolve()));
}
