/**
 * The real embedding thread with a generated model: its vectors, the order of answers, and crashes. Uses the built
 * thread.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/core/lib/log';
import { examineFolder } from '../../src/core/meaning/model-folder';
import type { UsableModel } from '../../src/core/meaning/model-folder';
import type { EmbedAnswer, EmbedInput } from '../../src/keeper/embed-messages';
import { EmbedThread } from '../../src/keeper/embed-thread';
import type { EmbedTiming } from '../../src/keeper/embed-thread';
import { until } from '../editor/support/until';
import { holdMessagesUntilTheEnd } from '../fixtures/ends-at-once';
import { makeTinyModel } from '../fixtures/tiny-model';

let folder: string;
let model: UsableModel;
const threads: EmbedThread[] = [];
const lost: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-embed-'));
  // A name that breaks code which takes a path for a URL.
  const place = path.join(folder, '模型 #1 %20');
  mkdirSync(place);
  makeTinyModel(place, {
    synonyms: [
      ['login', 'signin', 'authentication'],
      ['bug', 'failure', 'error'],
    ],
  });
  model = await examineFolder(place, []);
});
afterEach(async () => {
  await Promise.all(threads.splice(0).map((thread) => thread.close()));
  lost.length = 0;
  rmSync(folder, { recursive: true, force: true });
});

function start(options: { workerFile?: string; timing?: Partial<EmbedTiming>; model?: UsableModel } = {}): EmbedThread {
  const thread = new EmbedThread({
    workerFile: path.resolve('dist/embed.cjs'),
    model,
    log: silentLog,
    onLost: (reason) => lost.push(reason),
    timing: { backOffMs: [1, 1, 1] },
    ...options,
  });
  threads.push(thread);
  return thread;
}

/**
 * A thread that does what the text says instead of running a model: `crash`, `exit`, `fail`. It records the texts it
 * gets.
 */
function writeActor(): string {
  const file = path.join(folder, 'actor.cjs');
  writeFileSync(
    file,
    `
    const { parentPort, workerData } = require('node:worker_threads');
    const { appendFileSync } = require('node:fs');
    const log = workerData.folder + '/told.txt';
    appendFileSync(log, 'start\\n');
    parentPort.on('message', ({ id, text }) => {
      appendFileSync(log, text + '\\n');
      if (text === 'crash') throw new Error('crashed');
      if (text === 'exit') process.exit(1);
      if (text === 'fail') return parentPort.postMessage({ kind: 'failed', id, message: 'no' });
      parentPort.postMessage({ kind: 'vector', id, vector: Float32Array.of(1, 0) });
    });
    parentPort.postMessage({ kind: 'loaded', dimension: 32, ms: 0 });`,
  );
  return file;
}
const told = () => readFileSync(path.join(model.folder, 'told.txt'), 'utf8').trim().split('\n');
const dot = (one: Float32Array, other: Float32Array) => one.reduce((sum, value, at) => sum + value * other[at]!, 0);

describe('the real model', () => {
  it('gives vectors of length 1, near each other by meaning, the same whatever comes with them and in the next thread', async () => {
    const thread = start({ timing: { idleMs: 50 } });
    const [bug, failure, pasta] = (await thread.embed(
      ['fix the login bug', 'authentication failure', 'tomato pasta'],
      'passage',
    )) as [Float32Array, Float32Array, Float32Array];
    for (const vector of [bug, failure, pasta]) {
      expect(vector).toHaveLength(32);
      expect(dot(vector, vector)).toBeCloseTo(1, 5);
    }
    // They have no word in common.
    expect(dot(bug, failure)).toBeGreaterThan(dot(bug, pasta) + 0.25);
    const long = 'ab '.repeat(400);
    const [cut, huge, again] = await thread.embed([long, long + 'zz '.repeat(2_000_000), 'fix the login bug'], 'query');
    expect(huge).toEqual(cut);
    expect(again).toEqual(bug);
    await until(() => !thread.isLoaded, { what: 'the end of a thread nobody needs' });
    expect(await thread.embed(['fix the login bug'], 'query')).toEqual([bug]);
    expect(lost).toEqual([]);
  });

  it('is read from a folder that has only the full file, and no request is made', async () => {
    const place = path.join(folder, 'full');
    makeTinyModel(place, { files: 'fp32' });
    const only = await examineFolder(place, []);
    expect(only.dtype).toBe('fp32');
    const calls = await loadWatched(only);
    expect(calls).toEqual(['loaded']);
    rmSync(path.join(place, 'tokenizer.json'));
    expect(await loadWatched(only)).toEqual(['unusable']);
  });

  it('says so when it cannot be used, and is not tried again and again', async () => {
    await expect(start({ model: { ...model, dimension: 33 } }).load()).rejects.toMatchObject({
      data: { reason: 'model_unusable' },
    });
    writeFileSync(path.join(model.folder, 'onnx/model_quantized.onnx'), 'this is no model');
    const thread = start();
    await expect(thread.load()).rejects.toMatchObject({ code: 'no_model', data: { reason: 'model_unusable' } });
    await expect(thread.embed(['a'], 'query')).rejects.toMatchObject({ code: 'no_model' });
    expect(lost).toEqual(['model_unusable']);
  });
});

/** Loads in a thread that records all network access; returns that and the outcome. */
async function loadWatched({ folder: place, dtype }: UsableModel): Promise<string[]> {
  const hook = path.join(folder, 'hook.cjs');
  const seen = path.join(folder, 'seen.txt');
  writeFileSync(seen, '');
  writeFileSync(
    hook,
    `
    const { appendFileSync } = require('node:fs');
    const note = (what) => () => { appendFileSync(${JSON.stringify(seen)}, what + '\\n'); throw new Error('no network'); };
    globalThis.fetch = note('fetch');
    require('node:net').Socket.prototype.connect = note('connect');
    require('node:dns').lookup = note('lookup');`,
  );
  const worker = new Worker(path.resolve('dist/embed.cjs'), {
    workerData: { folder: place, dtype, maxTokens: 8 } satisfies EmbedInput,
    execArgv: ['--require', hook],
  });
  const { kind } = await new Promise<EmbedAnswer>(
    (resolve, reject) => void worker.once('message', resolve).once('error', reject),
  );
  await worker.terminate();
  return [
    ...readFileSync(seen, 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
    kind,
  ];
}

describe('the order of work', () => {
  it('is queries before passages that wait, each in its own order', async () => {
    const thread = start({ workerFile: writeActor() });
    const passages = thread.embed(['p1', 'p2', 'p3'], 'passage');
    const more = thread.embed(['p4'], 'passage');
    const queries = [thread.embed(['q1'], 'query'), thread.embed(['q2'], 'query')];
    await Promise.all([passages, more, ...queries]);
    const seen = told();
    expect(seen.filter((text) => text.startsWith('p'))).toEqual(['p1', 'p2', 'p3', 'p4']);
    // One run may have been started already.
    expect(seen.indexOf('q1')).toBeLessThan(seen.indexOf('p2'));
    expect(seen.indexOf('q2')).toBeLessThan(seen.indexOf('p2'));
  });

  it('leaves out what was cancelled', async () => {
    const thread = start({ workerFile: writeActor() });
    const cancel = new AbortController();
    const first = thread.embed(['kept'], 'passage');
    const dropped = thread.embed(['never', 'never'], 'passage', cancel.signal);
    cancel.abort();
    await expect(dropped).rejects.toMatchObject({ code: 'cancelled' });
    await first;
    await thread.embed(['after'], 'query');
    expect(told()).toEqual(['start', 'kept', 'after']);
    await expect(thread.embed(['x'], 'query', cancel.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('has the words before a text that its makers put there', async () => {
    makeTinyModel(model.folder, { name: 'intfloat/multilingual-e5-small' });
    model = await examineFolder(model.folder, []);
    const thread = start({ workerFile: writeActor() });
    await thread.embed(['apple'], 'query');
    await thread.embed(['apple'], 'passage');
    expect(told()).toEqual(['start', 'query: apple', 'passage: apple']);
  });

  it('goes on after a text that fails', async () => {
    const thread = start({ workerFile: writeActor() });
    const [bad, good] = await Promise.allSettled([
      thread.embed(['a', 'fail', 'b'], 'passage'),
      thread.embed(['good'], 'passage'),
    ]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'internal' } });
    expect(good.status).toBe('fulfilled');
    expect(told()).not.toContain('b');
  });
});

describe('a crash', () => {
  it('is tried again three times, then the model is given up with a reason', async () => {
    const thread = start({ workerFile: writeActor() });
    const [culprit, waiting] = await Promise.allSettled([
      thread.embed(['crash'], 'passage'),
      thread.embed(['later'], 'passage'),
    ]);
    for (const outcome of [culprit, waiting])
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'no_model', data: { reason: 'model_crashed' } },
      });
    expect(told().filter((text) => text === 'start')).toHaveLength(4);
    expect(lost).toEqual(['model_crashed']);
    await expect(thread.embed(['more'], 'query')).rejects.toMatchObject({ code: 'no_model' });
  });

  it('in between loses nothing: what waited is done by the next thread', async () => {
    const file = writeActor();
    // Ends with the first text, and only once.
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(
        "if (text === 'crash')",
        "const { existsSync, writeFileSync } = require('node:fs'); if (text === 'a' && " +
          "!existsSync(log + '.once')) { writeFileSync(log + '.once', ''); process.exit(7); } if (text " +
          "=== 'crash')",
      ),
    );
    const thread = start({ workerFile: file });
    const [one, two] = await Promise.all([thread.embed(['a', 'b'], 'passage'), thread.embed(['c'], 'query')]);
    expect([one.length, two.length]).toEqual([2, 1]);
    expect(told().filter((text) => text === 'start')).toHaveLength(2);
    expect(lost).toEqual([]);
  });

  it('in the moment the model is loaded loses nothing', async () => {
    const file = path.join(folder, 'short.cjs');
    writeFileSync(
      file,
      "require('node:worker_threads').parentPort.postMessage({ kind: 'loaded', dimension: 32, ms: 0 });",
    );
    const held = holdMessagesUntilTheEnd();
    try {
      const thread = start({ workerFile: file });
      await expect(thread.embed(['a'], 'query')).rejects.toMatchObject({ data: { reason: 'model_crashed' } });
      expect(held.seen()).toBe(4);
    } finally {
      held.restore();
    }
  });

  it('while it waits is over when the thread is closed', async () => {
    const thread = start({ workerFile: writeActor(), timing: { backOffMs: [60_000] } });
    // The expectation is set up first, because closing rejects the promise before the thread has ended.
    const stuck = expect(thread.embed(['exit'], 'passage')).rejects.toMatchObject({
      code: 'no_model',
      data: { reason: 'model_gone' },
    });
    await until(() => told().includes('exit'), { what: 'the crash' });
    await thread.close();
    await stuck;
  });
});
