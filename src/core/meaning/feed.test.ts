/** Which texts get vectors, in what order, and what makes the feed wait. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeEmbedder, wordBag } from '../../../test/fakes/embedders';
import type { FakeEmbedder } from '../../../test/fakes/embedders';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { MemoryError } from '../../protocol/errors';
import { silentLog } from '../lib/log';
import { breathe } from '../lib/turns';
import { countEmbedded, modelsWithVectors, nextVectors } from '../store/tables/vectors';
import type { Embedder } from './embedder';
import { Feed } from './feed';

let test: TestMemory;
let state: { isPaused: boolean; isImporting: boolean; why: 'load' | 'battery' | undefined; fed: number };
beforeEach(async () => {
  test = await openTestMemory();
  state = { isPaused: false, isImporting: false, why: undefined, fed: 0 };
});
afterEach(() => test.close());

const feedOf = (embedder: Embedder): Feed =>
  new Feed(
    {
      driver: test.driver,
      now: () => test.now.value,
      elapsed: () => performance.now(),
      log: silentLog,
      salt: 'salt',
      machine: { whyWait: () => state.why },
      isPausedByUser: () => state.isPaused,
      isImporting: () => state.isImporting,
      turn: breathe,
      onProgress: () => {},
      onFed: () => void state.fed++,
    },
    embedder,
  );
const at = (minutes: number) => ({ timestamp: new Date(Date.UTC(2026, 10, 20) + minutes * 60_000).toISOString() });
async function write(number: number, minutes: number, fill: (transcript: Transcript) => void): Promise<void> {
  const transcript = new Transcript(sessionId(number), { cwd: '/work/shop' });
  transcript.prompt(`question ${number}`, at(minutes));
  fill(transcript);
  await writeTranscript(test.configDir, sessionId(number), transcript);
  await test.import();
}
/** Sessions of one question each, the newest last. */
async function writeMany(from: number, to: number): Promise<void> {
  for (let number = from; number <= to; number++) {
    const transcript = new Transcript(sessionId(number), { cwd: '/work/shop' });
    transcript.prompt(`question ${number}`, at(number));
    await writeTranscript(test.configDir, sessionId(number), transcript);
  }
  await test.import();
}
const textsOf = ({ calls }: FakeEmbedder) => calls.flatMap(({ texts }) => texts);
const rows = () =>
  test.driver.all<{ document: number; chunk_index: number; content_hash: string; model_name: string }>(
    'SELECT * FROM vector_embeddings ORDER BY id',
  );

it('embeds what people wrote, answers, learnings and titles, and of tool calls what they were, not what they printed', async () => {
  await write(1, 1, (transcript) => {
    transcript.thinking('a thought of its own');
    transcript.answer('the answer to it', at(1));
    transcript.tool('Read', { file_path: '/work/shop/src/basket.ts' }, 'PRINTED '.repeat(50));
    transcript.tool('Bash', { command: 'npm test' }, `Error: it broke\n${'at somewhere '.repeat(100)}`, {
      is_error: true,
    });
  });
  await test.memory.saveLearning({
    id: 'learning-1',
    category: 'pattern',
    title: 'A rule',
    description: 'never on Friday',
  });
  const bag = wordBag();
  await feedOf(bag).wake();
  const texts = textsOf(bag);
  expect(texts).toEqual(
    expect.arrayContaining([
      'question 1',
      'the answer to it',
      expect.stringContaining('never on Friday'),
      expect.stringMatching(/^Read .*basket\.ts/s),
      expect.stringMatching(/^Bash npm test\n+Error: it broke/),
    ]),
  );
  expect(texts.join('\n')).not.toMatch(/PRINTED|a thought/);
  expect(texts.find((text) => text.startsWith('Bash'))!.length).toBeLessThan(500);
  expect(state.fed).toBe(1);
});

it('goes newest first, people before tools, and new rows before old', async () => {
  for (const [number, minutes] of [
    [1, 20],
    [2, 10],
    [3, 30],
  ] as const)
    await write(number, minutes, (transcript) => transcript.tool('Bash', { command: `run ${number}` }, 'ok'));
  const bag = wordBag();
  const feed = feedOf(bag);
  await feed.wake();
  expect(textsOf(bag).slice(0, 3)).toEqual(['question 3', 'question 1', 'question 2']);
  expect(
    textsOf(bag)
      .slice(3)
      .every((text) => text.startsWith('Bash run')),
  ).toBe(true);
  // Old rows without vectors of another model wait again; a new row arrives meanwhile.
  const other = wordBag('bag@2');
  let isFirst = true;
  other.onCall = async () => {
    if (!isFirst) return;
    isFirst = false;
    await write(4, 1, (transcript) => transcript.answer('fresh', at(1)));
    next.invalidate(false);
  };
  await writeMany(10, 29);
  const next = feedOf(other);
  await next.wake();
  const order = textsOf(other);
  expect(order.indexOf('fresh')).toBe(16);
  expect(order.indexOf('Bash run 1')).toBeGreaterThan(16);
});

it('embeds equal texts once, and copies the vector', async () => {
  for (const number of [1, 2, 3]) await write(number, number, (transcript) => transcript.answer('always the same'));
  const bag = wordBag();
  await feedOf(bag).wake();
  expect(textsOf(bag).filter((text) => text === 'always the same')).toHaveLength(1);
  await write(4, 4, (transcript) => transcript.answer('always the same'));
  await feedOf(bag).wake();
  expect(textsOf(bag).filter((text) => text === 'always the same')).toHaveLength(1);
  const hashes = rows().map(({ content_hash: hash }) => hash);
  expect(hashes.length - new Set(hashes).size).toBe(3);
});

it('goes on after a restart where it stopped, and asks nothing twice', async () => {
  await writeMany(1, 40);
  const bag = wordBag();
  const feed = feedOf(bag);
  let closing: Promise<void> | undefined;
  bag.onCall = () => {
    if (bag.calls.length === 2) closing = feed.close();
  };
  await feed.wake();
  await closing;
  const before = countEmbedded(test.driver, bag.id);
  expect(before).toBe(16);
  await test.reopen();
  const again = wordBag();
  await feedOf(again).wake();
  expect(countEmbedded(test.driver, bag.id)).toBe(40);
  expect(textsOf(again)).toHaveLength(40 - before);
});

describe('waits and says why', () => {
  it.each([
    [
      'user',
      (): void => {
        state.isPaused = true;
      },
      (): void => {
        state.isPaused = false;
      },
    ],
    [
      'importing',
      (): void => {
        state.isImporting = true;
      },
      (): void => {
        state.isImporting = false;
      },
    ],
    [
      'load',
      (): void => {
        state.why = 'load';
      },
      (): void => {
        state.why = undefined;
      },
    ],
    [
      'battery',
      (): void => {
        state.why = 'battery';
      },
      (): void => {
        state.why = undefined;
      },
    ],
  ] as const)('%s', async (why, begin, end) => {
    await writeMany(1, 40);
    const bag = wordBag();
    const feed = feedOf(bag);
    bag.onCall = begin;
    await feed.wake();
    // The batch in progress is the last one.
    expect(bag.calls).toHaveLength(1);
    expect(feed.queue).toMatchObject({ waiting: 24, done: 16, isPaused: true, whyPaused: why, perSecond: 0 });
    bag.onCall = () => {};
    end();
    await feed.wake();
    expect(feed.queue).toMatchObject({ waiting: 0, done: 40, isPaused: false });
    await feed.close();
  });

  it('a model that is gone: until something new is written, and no text is taken for unreadable', async () => {
    await writeMany(1, 40);
    const bag = wordBag();
    const feed = feedOf(bag);
    bag.onCall = () => {
      if (bag.calls.length === 2) throw new MemoryError('no_model', 'It crashed.');
    };
    await feed.wake();
    expect(feed.queue).toMatchObject({ done: 16, whyPaused: 'model', waiting: 24 });
    expect(bag.calls).toHaveLength(2);
    feed.invalidate(false);
    await feed.wake();
    expect(feed.queue).toMatchObject({ done: 40, waiting: 0, isPaused: false });
    expect(rows().every(({ content_hash: hash }) => hash !== '')).toBe(true);
  });
});

describe('a text that the model cannot read', () => {
  const refuse = (bag: FakeEmbedder, isBad: (text: string) => boolean) => {
    bag.onCall = (texts) => {
      if (texts.some(isBad)) throw new MemoryError('internal', 'The model gave no usable vector.');
    };
  };

  it('stays without a vector, and all others get theirs, at once and later', async () => {
    await writeMany(1, 40);
    const bag = wordBag();
    refuse(bag, (text) => text === 'question 30');
    const feed = feedOf(bag);
    await feed.wake();
    expect(feed.queue).toMatchObject({ done: 40, waiting: 0, isPaused: false });
    expect(state.fed).toBe(1);
    expect(rows().filter(({ content_hash: hash }) => hash === '')).toHaveLength(1);
    expect(nextVectors(test.driver, bag.id, 0, 100)).toHaveLength(39);
    // The text is not embedded again.
    bag.calls.length = 0;
    await writeMany(41, 41);
    feed.invalidate(false);
    await feed.wake();
    expect(textsOf(bag)).toEqual(['question 41']);
  });

  it('lets the other pieces of its document be found', async () => {
    await write(1, 1, (transcript) => transcript.answer(`${'a '.repeat(450)}POISON. ${'b '.repeat(900)}`));
    const bag = wordBag();
    refuse(bag, (text) => text.includes('POISON'));
    await feedOf(bag).wake();
    expect(rows().length).toBeGreaterThan(2);
    expect(rows().filter(({ content_hash: hash }) => hash === '')).toHaveLength(1);
    expect(countEmbedded(test.driver, bag.id)).toBe(2);
  });

  it('is not seen in each of them when the model reads nothing at all', async () => {
    await writeMany(1, 3);
    const bag = wordBag();
    refuse(bag, () => true);
    const feed = feedOf(bag);
    await feed.wake();
    expect(feed.queue).toMatchObject({ done: 0, waiting: 3, whyPaused: 'model' });
    expect(rows()).toEqual([]);
  });
});

it('closes although the model never answers', async () => {
  await write(1, 1, () => {});
  const bag = wordBag();
  const asked = new Promise<void>((tell) => {
    bag.embed = () => {
      tell();
      return new Promise(() => {});
    };
  });
  const feed = feedOf(bag);
  const running = feed.wake();
  await asked;
  await feed.close();
  await running;
  expect(countEmbedded(test.driver, bag.id)).toBe(0);
});

it('has never more than one batch under way', async () => {
  await writeMany(1, 40);
  let [underWay, most] = [0, 0];
  const bag = wordBag();
  bag.onCall = async () => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setImmediate(resolve));
    void feed.wake();
    underWay--;
  };
  const feed = feedOf(bag);
  feed.invalidate(false);
  await Promise.all([feed.wake(), feed.wake()]);
  await feed.wake();
  expect(most).toBe(1);
  expect(feed.queue.done).toBe(40);
});

it('keeps the vectors of the old model until the new one has all, and then deletes them', async () => {
  await writeMany(1, 40);
  await feedOf(wordBag('old@1')).wake();
  const seen: string[][] = [];
  const next = fakeEmbedder('new@1', () => new Float32Array(16).fill(0.25), 16);
  next.onCall = () => void seen.push(modelsWithVectors(test.driver));
  await feedOf(next).wake();
  expect(seen.at(-1)).toEqual(['new@1', 'old@1']);
  expect(modelsWithVectors(test.driver)).toEqual(['new@1']);
  expect(countEmbedded(test.driver, 'new@1')).toBe(40);
});

it('takes the vectors of what is forgotten along, whatever is under way', async () => {
  for (const number of [1, 2]) await write(number, number, (transcript) => transcript.answer(`answer ${number}`));
  const bag = wordBag();
  bag.onCall = async () => {
    if (bag.calls.length === 1) await test.memory.forgetSession(sessionId(1));
  };
  const feed = feedOf(bag);
  await feed.wake();
  expect(countEmbedded(test.driver, bag.id)).toBe(2);
  await test.memory.forgetSession(sessionId(2));
  expect(rows()).toEqual([]);
  await feed.close();
});
