/** Downloads from a stand-in for the hub with all kinds of network faults. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHub } from '../../../test/fakes/hub';
import type { Hub, HubFaults } from '../../../test/fakes/hub';
import { makeOffer } from '../../../test/fixtures/model-spec';
import { bytesHere, checkHub, downloadModel, isDownloaded, removeModel } from './download';
import type { DownloadPorts } from './download';
import { hubAddress, modelSpecs, sizeOfModel, versionedId } from './models';

const offer = makeOffer();
const { spec } = offer;
const total = sizeOfModel(spec);
const largest = 'tokenizer.json';
const sizeOf = (file: string) => offer.files.get(file)!.length;
let folder: string;
let hub: Hub;
let progress: number[];

beforeEach(async () => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'claude-mem-download-')), versionedId(spec));
  hub = await openHub(offer.files);
  progress = [];
});
afterEach(async () => {
  await hub.close();
  rmSync(path.dirname(folder), { recursive: true, force: true });
});

const run = (more: { faults?: HubFaults; signal?: AbortSignal; ports?: Partial<DownloadPorts> } = {}) => {
  hub.faults = more.faults ?? {};
  return downloadModel(
    { fetch, freeBytes: async () => 1e12, ...more.ports },
    {
      spec,
      folder,
      hub: hub.url,
      signal: more.signal ?? new AbortController().signal,
      onBytes: (done) => progress.push(done),
    },
  );
};
const expectWhole = () => {
  expect(isDownloaded(folder, spec)).toBe(true);
  for (const [file, content] of offer.files) expect(readFileSync(path.join(folder, file)).equals(content)).toBe(true);
};
const partOf = (file: string) => path.join(folder, `${file}.part`);
/** The line is cut when a part of the largest file is on the disk. */
const cutLine: HubFaults = {
  cutAfter: 30_000,
  isTaken: () => (statSync(partOf(largest), { throwIfNoEntry: false })?.size ?? 0) > 0,
};

describe('a download', () => {
  it('brings every file, checked, and says how far it is', async () => {
    await run();
    expectWhole();
    expect(progress.at(-1)).toBe(total);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(hub.asked.map((each) => each.path)).toEqual(
      spec.files.map((file) => `/test/tiny/resolve/0123456789abcdef/${file.path}`),
    );
    hub.asked.length = 0;
    await run();
    expect(hub.asked).toEqual([]);
  });

  it('goes on where a cut line left it', async () => {
    await expect(run({ faults: cutLine })).rejects.toMatchObject({
      code: 'network',
      data: { reason: 'hub_cut' },
    });
    const kept = statSync(partOf(largest)).size;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThanOrEqual(30_000);
    expect(isDownloaded(folder, spec)).toBe(false);
    hub.asked.length = 0;
    await run();
    expectWhole();
    expect(hub.asked[0]).toMatchObject({ range: `bytes=${kept}-` });
    // No byte twice: the rest of one file and the whole next one.
    expect(progress.at(-1)).toBe(total);
  });

  it.each<[string, HubFaults, number]>([
    ['knows no ranges', { noRanges: true }, 1],
    ['refuses ranges', { refuseRanges: true }, 2],
    ['sends another range', { shiftRanges: true }, 2],
  ])('begins anew where the other side %s', async (_, faults, requests) => {
    await expect(run({ faults: cutLine })).rejects.toThrow();
    const kept = statSync(partOf(largest)).size;
    hub.asked.length = 0;
    await run({ faults });
    expectWhole();
    expect(hub.asked.filter((each) => each.path.endsWith(largest)).map((each) => each.range)).toEqual(
      [`bytes=${kept}-`, undefined].slice(0, requests),
    );
  });

  it('asks for nothing when all that was missing is the name', async () => {
    await run();
    renameSync(path.join(folder, largest), partOf(largest));
    hub.asked.length = 0;
    await run();
    expect(hub.asked).toEqual([]);
    expectWhole();
  });

  it.each<[string, (content: Buffer) => Buffer]>([
    ['of the right length', (content) => Buffer.from(content.map((byte) => byte ^ 1))],
    ['that is longer', (content) => Buffer.concat([content, Buffer.from('more')])],
  ])('deletes a file %s that is not the pinned one', async (_, change) => {
    await expect(run({ faults: { change } })).rejects.toMatchObject({
      code: 'network',
      data: { reason: 'hub_wrong_bytes' },
    });
    expect(bytesHere(folder, spec)).toBe(0);
    await run();
    expectWhole();
  });

  it('never ends with a file that is too short', async () => {
    await expect(run({ faults: { change: (content) => content.subarray(0, -1) } })).rejects.toMatchObject({
      data: { reason: 'hub_cut' },
    });
    expect(isDownloaded(folder, spec)).toBe(false);
  });

  it('throws away a part that was spoiled on the disk, or that is too long', async () => {
    await expect(run({ faults: cutLine })).rejects.toThrow();
    truncateSync(partOf(largest), 20_000);
    appendFileSync(partOf(largest), 'spoiled');
    await expect(run()).rejects.toMatchObject({ data: { reason: 'hub_wrong_bytes' } });
    expect(existsSync(partOf(largest))).toBe(false);
    appendFileSync(partOf(largest), Buffer.alloc(sizeOf(largest) + 1));
    await run();
    expectWhole();
  });

  it('is cancelled at once and keeps what it has', async () => {
    const cancel = new AbortController();
    const running = run({
      faults: { bytesPerSecond: 200_000 },
      signal: cancel.signal,
      ports: { fetch: (...args) => (hub.asked.length > 2 && setImmediate(() => cancel.abort()), fetch(...args)) },
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(bytesHere(folder, spec)).toBeGreaterThan(0);
    expect(isDownloaded(folder, spec)).toBe(false);
    await run();
    expectWhole();
  });

  it('takes silence for the end of the line', async () => {
    await expect(run({ faults: { stallAfter: 100 }, ports: { stallMs: 60 } })).rejects.toMatchObject({
      code: 'network',
      data: { reason: 'hub_cut' },
    });
  });

  it.each([
    [404, 'hub_missing'],
    [410, 'hub_missing'],
    [401, 'hub_refused'],
    [429, 'hub_refused'],
    [503, 'hub_refused'],
  ])('says what %i means', async (status, reason) => {
    await expect(run({ faults: { status } })).rejects.toMatchObject({ code: 'network', data: { reason } });
  });

  it('says so when nobody is there', async () => {
    const dead = await openHub(offer.files);
    await dead.close();
    const task = { spec, folder, hub: dead.url, signal: new AbortController().signal, onBytes: () => {} };
    await expect(downloadModel({ fetch, freeBytes: async () => undefined }, task)).rejects.toMatchObject({
      code: 'network',
      data: { reason: 'hub_offline' },
    });
  });

  it('does not begin on a disk that is too small', async () => {
    await expect(run({ ports: { freeBytes: async () => total } })).rejects.toMatchObject({
      code: 'locked',
      data: { reason: 'disk_full' },
    });
    expect(hub.asked).toEqual([]);
  });

  it('follows a redirect with its range, and none away from https or in a circle', async () => {
    await expect(run({ faults: cutLine })).rejects.toThrow();
    const range = `bytes=${statSync(partOf(largest)).size}-`;
    await run({ faults: { redirectTo: hub.url } });
    expectWhole();
    expect(hub.asked.some((each) => each.path.startsWith('/moved') && each.range === range)).toBe(true);
    rmSync(folder, { recursive: true });
    for (const redirectTo of ['http://example.org', `${hub.url}/again`]) {
      await expect(run({ faults: { redirectTo } })).rejects.toMatchObject({ data: { reason: 'hub_refused' } });
    }
  });

  it.each([
    ['https://models.example', 'http://127.0.0.1:9/x', false],
    ['https://models.example', 'https://localhost/x', false],
    ['https://models.example', 'https://cdn.example/x', true],
    ['http://localhost:9', 'http://127.0.0.1:8/x', true],
    ['http://localhost:9', 'http://models.example/x', false],
  ])('from %s to %s: only a hub on this machine leads to this machine', async (from, to, isFollowed) => {
    const asked: string[] = [];
    const ask = (async (url: string) => {
      asked.push(url);
      return url === to
        ? new Response(null, { status: 404 })
        : new Response(null, { status: 302, headers: { location: to } });
    }) as typeof fetch;
    const download = downloadModel(
      { fetch: ask, freeBytes: async () => 1e12 },
      { spec, folder, hub: from, signal: new AbortController().signal, onBytes: () => {} },
    );
    await expect(download).rejects.toMatchObject({ data: { reason: isFollowed ? 'hub_missing' : 'hub_refused' } });
    expect(asked.includes(to)).toBe(isFollowed);
  });

  it('is removed in every version, and nothing else', async () => {
    await run();
    const beside = path.join(path.dirname(folder), 'tiny-other@1');
    mkdirSync(beside);
    await removeModel(path.dirname(folder), 'tiny');
    expect([existsSync(folder), existsSync(beside)]).toEqual([false, true]);
  });
});

describe('the address of the hub', () => {
  it.each([
    [undefined, hubAddress],
    ['', hubAddress],
    [' https://mirror.example/hub/ ', 'https://mirror.example/hub'],
    ['http://127.0.0.1:80', 'http://127.0.0.1:80'],
    ['http://localhost:8', 'http://localhost:8'],
  ])('%j is %s', (given, expected) => {
    expect(checkHub(given)).toBe(expected);
  });

  it.each([
    'http://mirror.example',
    'file:///etc',
    'mirror.example',
    'javascript:alert(1)',
    'http://127.0.0.1.example.org',
  ])('%s is refused', (given) => {
    expect(() => checkHub(given)).toThrow(/https/);
  });
});

it('the pins have the form of pins, and each version is its revision', () => {
  for (const { files, revision, version, repository } of modelSpecs) {
    expect(revision).toMatch(/^[\da-f]{40}$/);
    expect(revision.startsWith(version)).toBe(true);
    expect(repository).toMatch(/^[\w-]+\/[\w.-]+$/);
    for (const { sha256, bytes } of files) expect([/^[\da-f]{64}$/.test(sha256), bytes > 100]).toEqual([true, true]);
    expect(new Set(files.map(({ sha256 }) => sha256)).size).toBe(files.length);
  }
});
