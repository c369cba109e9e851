/** Tasks run in order, are retried after a failure, and survive the keeper. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { MemoryError } from '../../protocol/errors';
import type { QueueStatus } from '../../protocol/spend';
import { silentLog } from '../lib/log';
import { breathe } from '../lib/turns';
import type { SqlDriver } from '../store/sqlite/driver';
import { TaskQueue } from './queue';
import type { QueuePorts } from './queue';
import type { Task, TaskHandler } from './task';

let test: TestMemory;
let queue: TaskQueue;
let now: number;
const done: string[] = [];
const seen: QueueStatus[] = [];
const note: TaskHandler = async ({ type, subject }) => void done.push(`${type} ${subject}`);

function makeQueue(more: Partial<QueuePorts> = {}): TaskQueue {
  queue = new TaskQueue({
    driver: test.driver,
    clock: { now: () => now },
    log: silentLog,
    random: () => 0,
    worker: 'here',
    handlers: { summarize: note, learn: note },
    isImporting: () => false,
    turn: breathe,
    onProgress: (status) => void seen.push(status),
    timing: { backOffMs: 1000, tellMs: 1 },
    ...more,
  });
  return queue;
}
beforeEach(async () => {
  test = await openTestMemory();
  done.length = 0;
  seen.length = 0;
  now = 1_000_000;
  makeQueue();
});
afterEach(async () => {
  await queue.close();
  await test.close();
});
const states = () => queue.list().items.map(({ state, retries }) => `${state} ${retries}`);
/** Lets the queue check once, at a later time. */
async function after(ms: number): Promise<void> {
  now += ms;
  queue.wake();
  await queue.whenIdle();
}

it('higher priority first, then the one that came first; what is done leaves nothing', async () => {
  queue.enqueueAll([
    { type: 'summarize', subject: 'a' },
    { type: 'summarize', subject: 'b' },
    { type: 'learn', subject: 'a', priority: 5 },
  ]);
  queue.start();
  await queue.whenIdle();
  expect(done).toEqual(['learn a', 'summarize a', 'summarize b']);
  expect(test.driver.all('SELECT * FROM task_queue')).toEqual([]);
  expect(queue.status).toEqual({
    counts: { pending: 0, running: 0, failed: 0, dead: 0, unknown: 0 },
    done: 3,
    total: 3,
    isPaused: false,
  });
});

it('asked twice it is done once, and the wait begins anew', async () => {
  queue.start();
  queue.enqueue({ type: 'summarize', subject: 'a', delayMs: 60_000 });
  await after(50_000);
  queue.enqueue({ type: 'summarize', subject: 'a', delayMs: 60_000 });
  await after(50_000);
  expect(done).toEqual([]);
  await after(10_000);
  expect(done).toEqual(['summarize a']);
});

it('asked for while it runs, it is done again', async () => {
  let isFirst = true;
  makeQueue({
    handlers: {
      summarize: async (task, signal) => {
        if (isFirst) queue.enqueue({ type: 'summarize', subject: 'a' });
        isFirst = false;
        await note(task, signal);
      },
    },
  });
  queue.enqueue({ type: 'summarize', subject: 'a' });
  queue.start();
  await queue.whenIdle();
  await after(1);
  expect(done).toEqual(['summarize a', 'summarize a']);
});

it('what nobody can do is not queued', () => {
  queue.enqueueAll([
    { type: 'export', subject: 'a' },
    { type: 'summarize', subject: 'a', isPaid: true },
  ]);
  expect(states()).toEqual([]);
});

describe('what fails', () => {
  const fail = vi.fn<TaskHandler>();
  beforeEach(() => {
    fail.mockReset();
    makeQueue({ handlers: { summarize: fail } });
    queue.enqueue({ type: 'summarize', subject: 'a' });
    queue.start();
  });

  it('is tried three times more, each time four times as late, and then put aside until somebody asks', async () => {
    fail.mockRejectedValue(new MemoryError('internal', 'No luck.'));
    await queue.whenIdle();
    // Without jitter: half of the longest wait.
    for (const wait of [500, 2000, 8000]) {
      const tries = fail.mock.calls.length;
      await after(wait - 1);
      expect(fail).toHaveBeenCalledTimes(tries);
      await after(1);
      expect(fail).toHaveBeenCalledTimes(tries + 1);
    }
    expect(queue.list().items).toEqual([
      expect.objectContaining({ state: 'dead', retries: 3, error: 'It failed: {0}', args: ['No luck.'] }),
    ]);
    fail.mockResolvedValue();
    queue.retry(queue.list().items[0]!.id);
    await queue.whenIdle();
    expect(states()).toEqual([]);
  });

  it('keeps its distance when it is asked for again', async () => {
    fail.mockRejectedValue(new MemoryError('internal', 'No luck.'));
    await queue.whenIdle();
    queue.enqueue({ type: 'summarize', subject: 'a' });
    await queue.whenIdle();
    expect(fail).toHaveBeenCalledTimes(1);
    await after(500);
    expect(fail).toHaveBeenCalledTimes(2);
  });

  it('for good is not tried again', async () => {
    fail.mockRejectedValue(new MemoryError('internal', 'Never.', { isFinal: true }));
    await queue.whenIdle();
    expect(states()).toEqual(['dead 0']);
  });

  it('says nothing of what a parser stumbled over', async () => {
    fail.mockImplementation(async () => void JSON.parse('secret words'));
    await queue.whenIdle();
    expect(JSON.stringify(queue.list())).not.toContain('secret');
  });

  it('is revived when its session grew', async () => {
    fail.mockRejectedValue(new MemoryError('internal', 'Never.', { isFinal: true }));
    await queue.whenIdle();
    fail.mockResolvedValue();
    queue.enqueue({ type: 'summarize', subject: 'a' });
    await queue.whenIdle();
    expect(states()).toEqual([]);
  });
});

describe('it waits', () => {
  it('while a person has paused it, also after a restart', async () => {
    queue.setPaused(true);
    makeQueue().start();
    queue.enqueue({ type: 'summarize', subject: 'a' });
    await queue.whenIdle();
    expect(queue.status).toMatchObject({ isPaused: true, whyPaused: 'user' });
    expect(done).toEqual([]);
    queue.setPaused(false);
    await queue.whenIdle();
    expect(done).toEqual(['summarize a']);
  });

  it('while transcripts are imported', async () => {
    let isImporting = true;
    makeQueue({ isImporting: () => isImporting }).start();
    queue.enqueue({ type: 'summarize', subject: 'a' });
    await queue.whenIdle();
    expect(queue.status.whyPaused).toBe('importing');
    isImporting = false;
    await after(0);
    expect(done).toEqual(['summarize a']);
  });

  it('with what costs money, while the rest goes on', async () => {
    makeQueue({ paidHandlers: { summarize: note }, whyPaidWaits: () => ({ why: 'budget' }) }).start();
    queue.enqueueAll([
      { type: 'summarize', subject: 'paid', isPaid: true },
      { type: 'summarize', subject: 'a' },
    ]);
    await queue.whenIdle();
    expect(done).toEqual(['summarize a']);
    expect(queue.status).toMatchObject({ whyPaused: 'budget', counts: { pending: 1 } });
  });
});

it('what a killed keeper had under way is done by the next one, unless it kills each of them', async () => {
  const hang: TaskHandler = () => new Promise(() => {});
  for (let death = 0; death < 4; death++) {
    makeQueue({ worker: `keeper-${death}`, handlers: { summarize: hang }, timing: { tellMs: 1 } });
    queue.enqueueAll(death === 0 ? [{ type: 'summarize', subject: 'a' }] : []);
    queue.start();
    await vi.waitFor(() => expect(states()).toEqual([`running ${death}`]));
    // Killed: it writes nothing any more. The next keeper has another name.
  }
  makeQueue({ worker: 'last' }).start();
  await queue.whenIdle();
  expect(states()).toEqual(['dead 3']);
  expect(done).toEqual([]);
});

it('a keeper that closes in time gives its task back without counting it', async () => {
  makeQueue({
    handlers: {
      summarize: (_, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    },
  });
  queue.enqueue({ type: 'summarize', subject: 'a' });
  queue.start();
  await vi.waitFor(() => expect(states()).toEqual(['running 0']));
  await queue.close();
  expect(states()).toEqual(['pending 0']);
});

it('a task that takes too long is given up and tried again', async () => {
  makeQueue({ handlers: { summarize: () => new Promise(() => {}) }, timing: { leaseMs: 5, tellMs: 1 } });
  queue.enqueue({ type: 'summarize', subject: 'a' });
  queue.start();
  await vi.waitFor(() => expect(states()).toEqual(['failed 1']));
  expect(queue.list().items[0]!.args).toEqual(['It took too long.']);
});

describe('when the end of a task cannot be written', () => {
  /** A driver whose disk is full while `isFull`. */
  const disk = { isFull: false };
  const fullDisk = () =>
    new Proxy(test.driver, {
      get: (driver, name: keyof SqlDriver) => {
        if (name !== 'run')
          return typeof driver[name] === 'function' ? (driver[name] as () => unknown).bind(driver) : driver[name];
        return (...args: Parameters<SqlDriver['run']>) => {
          if (disk.isFull) throw new MemoryError('internal', 'The disk is full.');
          return driver.run(...args);
        };
      },
    });
  beforeEach(() => (disk.isFull = false));

  it.each([
    ['here', false],
    ['for money', true],
  ])('what is done %s is taken back when its time is over, by itself', async (_, isPaid) => {
    const handlers = {
      summarize: async (task: Task, signal: AbortSignal) => {
        await note(task, signal);
        disk.isFull = done.length === 1;
      },
    };
    makeQueue({ driver: fullDisk(), handlers, paidHandlers: handlers, timing: { leaseMs: 50, tellMs: 1 } });
    queue.enqueue({ type: 'summarize', subject: 'a', isPaid });
    queue.start();
    await queue.whenIdle();
    expect(states()).toEqual(['running 0']);
    disk.isFull = false;
    now += 51;
    // No other call wakes the queue.
    await vi.waitFor(() => expect(states()).toEqual([]));
    expect(done).toEqual(['summarize a', 'summarize a']);
  });

  it('is not taken back while it is still at it', async () => {
    let end = () => {};
    makeQueue({
      paidHandlers: { summarize: () => new Promise<void>((resolve) => (end = resolve)) },
      timing: { leaseMs: 50, tellMs: 1 },
    });
    queue.enqueue({ type: 'summarize', subject: 'a', isPaid: true });
    queue.start();
    await vi.waitFor(() => expect(states()).toEqual(['running 0']));
    now += 1000;
    queue.enqueue({ type: 'summarize', subject: 'b' });
    await vi.waitFor(() => expect(done).toEqual(['summarize b']));
    expect(states()).toEqual(['running 0']);
    end();
    await queue.whenIdle();
    expect(states()).toEqual([]);
  });
});

it('others are answered between two tasks, and progress is told seldom', async () => {
  const between: number[] = [];
  makeQueue({
    timing: { tellMs: 200 },
    handlers: { summarize: async (task: Task) => void setImmediate(() => between.push(task.id)) },
  });
  queue.enqueueAll(Array.from({ length: 50 }, (_, index) => ({ type: 'summarize' as const, subject: `s${index}` })));
  let answered = 0;
  const ask = setInterval(() => answered++, 0);
  const started = performance.now();
  queue.start();
  await queue.whenIdle();
  clearInterval(ask);
  expect(between).toHaveLength(50);
  expect(answered).toBeGreaterThan(0);
  expect(seen.length).toBeLessThanOrEqual(1 + (performance.now() - started) / 200);
});

it('says nothing when nothing has changed', async () => {
  queue.start();
  queue.enqueue({ type: 'summarize', subject: 'a' });
  await vi.waitFor(() => expect(seen.at(-1)).toMatchObject({ done: 1, total: 1 }));
  const told = seen.length;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  queue.wake();
  await vi.advanceTimersByTimeAsync(1000);
  vi.useRealTimers();
  expect(seen).toHaveLength(told);
});

it('lists those that need a person first, page by page', () => {
  test.driver.run(
    `INSERT INTO task_queue (type, subject, status, created_at, updated_at)
      VALUES ('learn', 'x', 'dead', 1, 1), ('learn', 'y', 'failed', 1, 1)`,
  );
  queue.enqueueAll(Array.from({ length: 60 }, (_, index) => ({ type: 'summarize' as const, subject: `s${index}` })));
  const first = queue.list();
  expect(first.items.slice(0, 3).map(({ state }) => state)).toEqual(['dead', 'failed', 'pending']);
  const second = queue.list(first.next);
  expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(62);
  expect(second.next).toBeUndefined();
});
