/**
 * The protocol: only listed methods are answered, errors keep their codes, signals are transmitted, and nothing is
 * called by accident.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageConnection } from 'vscode-jsonrpc';
// oxlint-disable-next-line no-restricted-imports -- a test may use the fakes
import { makeBrokenWire, makeWire } from '../../test/fakes/wire';
import { MemoryError, asMemoryError } from './errors';
import { connect, emit, listen, serve } from './rpc';

interface Api {
  echo(value?: unknown, more?: unknown): Promise<unknown>;
  fail(how: 'memory' | 'plain' | 'text' | 'abort'): Promise<void>;
  wait(label: string, signal?: AbortSignal): Promise<string>;
  count(...all: unknown[]): Promise<number>;
  hidden(): Promise<string>;
}
interface Events {
  changed: { ids: string[] };
  told: string;
}

let left: MessageConnection;
let right: MessageConnection;
let calls: string[];
let aborted: string[];
let started: (label: string) => void;

const api: Api = {
  async echo(value, more) {
    calls.push('echo');
    return [value, more];
  },
  async fail(how) {
    if (how === 'memory') throw new MemoryError('too_new', 'Too new.', { schema: 9 });
    if (how === 'plain') throw new Error('plain trouble');
    if (how === 'abort') throw new DOMException('stopped', 'AbortError');
    // oxlint-disable-next-line typescript/only-throw-error -- what a library may do
    throw 'just text';
  },
  wait: (label, signal) =>
    new Promise((resolve, reject) => {
      started(label);
      if (!signal) return resolve('no signal');
      signal.addEventListener('abort', () => {
        aborted.push(label);
        reject(new DOMException('stopped', 'AbortError'));
      });
    }),
  count: async (...all) => all.length,
  hidden: async () => 'must not be seen',
};

beforeEach(() => {
  calls = [];
  aborted = [];
  started = () => {};
  [left, right] = makeWire();
  serve(right, api, ['echo', 'fail', 'wait', 'count']);
  left.listen();
  right.listen();
});
afterEach(() => {
  left.dispose();
  right.dispose();
});

const remote = () => connect<Api & Record<string, (...args: unknown[]) => Promise<unknown>>>(left);

describe('a call', () => {
  it('carries arguments and answers of any JSON, and undefined in any place', async () => {
    expect(await remote().echo({ a: [1, null, 'x'] }, '汉')).toEqual([{ a: [1, null, 'x'] }, '汉']);
    expect(await remote().echo(undefined, 2)).toEqual([null, 2]);
    expect(await remote().echo()).toEqual([null, null]);
    expect(await remote().count(undefined, undefined, 3)).toBe(3);
  });

  it('that the other side did not name is refused and does nothing', async () => {
    for (const name of [
      'hidden',
      'nothing',
      'constructor',
      '__proto__',
      'toString',
      'hasOwnProperty',
      'valueOf',
      '__defineGetter__',
      'prototype',
      '',
    ]) {
      const call = left.sendRequest('call', { name, args: [], isAbortable: false });
      await expect(call).rejects.toMatchObject({ data: { code: 'invalid_input' } });
    }
    await expect(remote()['hidden']?.()).rejects.toMatchObject({ name: 'MemoryError', code: 'invalid_input' });
    expect(calls).toEqual([]);
  });

  it('of a shape nobody sends is an error, not the end of the connection', async () => {
    for (const params of [
      null,
      {},
      { name: 'echo' },
      { name: 'echo', args: 'text', isAbortable: false },
      { name: 7, args: [] },
      [],
    ])
      await expect(left.sendRequest('call', params)).rejects.toThrow();
    expect(await remote().echo(1)).toEqual([1, null]);
  });

  it('is not made by looking at the client, awaiting it or printing it', async () => {
    const client = remote();
    expect(await Promise.resolve(client)).toBe(client);
    expect((client as unknown as Record<symbol, unknown>)[Symbol.iterator]).toBeUndefined();
    await client.echo();
    expect(calls).toEqual(['echo']);
  });
});

describe('an error', () => {
  it('keeps its code, its words and its data', async () => {
    const error = await remote()
      .fail('memory')
      .catch((thrown: unknown) => thrown);
    expect(MemoryError.is(error, 'too_new')).toBe(true);
    expect(error).toMatchObject({ message: 'Too new.', data: { schema: 9 } });
  });

  it.each([
    ['plain', 'internal', 'plain trouble'],
    ['text', 'internal', 'just text'],
    ['abort', 'cancelled', 'The operation was cancelled.'],
  ] as const)('thrown as %s is %s', async (how, code, message) => {
    await expect(remote().fail(how)).rejects.toMatchObject({ name: 'MemoryError', code, message });
    expect(asMemoryError(new Error('x')).code).toBe('internal');
  });

  it('with a code nobody knows is internal', async () => {
    right.onRequest('call', () => {
      throw Object.assign(new Error('from tomorrow'), { code: -32_000, data: { code: 'made_up' } });
    });
    await expect(remote().echo()).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('a signal', () => {
  const begun = (label: string) =>
    new Promise<void>((resolve) => {
      started = (each) => {
        if (each === label) resolve();
      };
    });

  it('crosses, cancels the work there and the call here', async () => {
    const controller = new AbortController();
    const isBegun = begun('a');
    const call = remote().wait('a', controller.signal);
    await isBegun;
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    expect(aborted).toEqual(['a']);
  });

  it('given before the call keeps it from being made', async () => {
    await expect(remote().wait('a', AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect(calls).toEqual([]);
    expect(aborted).toEqual([]);
  });

  it('of one call leaves the others alone', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const isBegun = begun('b');
    const calling = [remote().wait('a', first.signal), remote().wait('b', second.signal)] as const;
    await isBegun;
    first.abort();
    await expect(calling[0]).rejects.toMatchObject({ code: 'cancelled' });
    expect(aborted).toEqual(['a']);
    second.abort();
    await expect(calling[1]).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('is only there when one was given', async () => {
    expect(await remote().wait('a')).toBe('no signal');
  });
});

describe('an event', () => {
  it('is heard by name, and telling one never throws, even into nowhere', async () => {
    const heard: unknown[] = [];
    const both = new Promise<void>((resolve) => {
      listen<Events>(left, (name, value) => {
        heard.push([name, value]);
        if (heard.length === 2) resolve();
      });
    });
    emit<Events>(right, 'changed', { ids: ['a'] });
    emit<Events>(right, 'told', 'text');
    await both;
    expect(heard).toEqual([
      ['changed', { ids: ['a'] }],
      ['told', 'text'],
    ]);
    right.dispose();
    expect(() => emit<Events>(right, 'told', 'x')).not.toThrow();
  });
});

describe('a connection that is gone', () => {
  it('in the moment a call is written makes that call fail as busy: it may be made again', async () => {
    const broken = makeBrokenWire();
    broken.listen();
    await expect(connect<Api>(broken).wait('a')).rejects.toMatchObject({
      code: 'busy',
      data: { isDisconnected: true },
    });
    broken.dispose();
  });

  it('makes calls fail as busy, those under way and those after', async () => {
    const isBegun = new Promise<void>((resolve) => {
      started = () => resolve();
    });
    const call = remote().wait('a', new AbortController().signal);
    await isBegun;
    left.dispose();
    await expect(call).rejects.toMatchObject({ code: 'busy', data: { isDisconnected: true } });
    await expect(remote().echo()).rejects.toMatchObject({ code: 'busy' });
  });
});
