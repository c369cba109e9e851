// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryError } from '../../src/protocol/errors';
import { createFakeHost } from '../fake-host';
import type { FakeHost } from '../fake-host';
import { HostProvider } from './host';
import { useResource } from './use-resource';
import type { Resource } from './use-resource';

interface Call {
  question: string;
  signal: AbortSignal;
  answer: (text: string) => Promise<void>;
  fail: (error: Error) => Promise<void>;
}

let calls: Call[] = [];
let seen: Resource<string>;
let root: ReturnType<typeof createRoot>;
let host: FakeHost;

function fetchText(question: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    calls.push({
      question,
      signal,
      answer: (text) => act(async () => resolve(text)),
      fail: (error) => act(async () => reject(error)),
    });
  });
}

function Probe({ question }: { question: string | null }) {
  // oxlint-disable-next-line react/globals -- a probe: its whole purpose is to let the test look inside
  seen = useResource(fetchText, question === null ? null : [question]);
  return null;
}

const ask = (question: string | null) =>
  act(async () =>
    root.render(
      <HostProvider host={host} context={host.context}>
        <Probe question={question} />
      </HostProvider>,
    ),
  );
const connection = (isConnected: boolean) => act(async () => host.emit('connection', { isConnected }));
const call = (index: number): Call => {
  const found = calls[index];
  if (!found) throw new Error(`Only ${calls.length} calls were made.`);
  return found;
};

beforeEach(() => {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  calls = [];
  host = createFakeHost({ sessions: 1 });
  root = createRoot(document.createElement('div'));
});
afterEach(() => act(async () => root.unmount()));

describe('useResource', () => {
  it('fetches once for the same arguments, however often it is drawn', async () => {
    await ask('a');
    await ask('a');
    expect(calls).toHaveLength(1);
    expect(seen).toMatchObject({ data: undefined, isLoading: true, isFresh: false });
    await call(0).answer('A');
    expect(seen).toMatchObject({ data: 'A', isLoading: false, isFresh: true });
  });

  it('cancels the older call when a newer one starts and drops its late answer', async () => {
    await ask('a');
    await ask('b');
    expect(calls.map(({ question, signal }) => [question, signal.aborted])).toEqual([
      ['a', true],
      ['b', false],
    ]);
    await call(1).answer('B');
    await call(0).answer('A');
    expect(seen.data).toBe('B');
  });

  it('drops a late error of a cancelled call', async () => {
    await ask('a');
    await ask('b');
    await call(0).fail(new MemoryError('internal', 'too late'));
    expect(seen.error).toBeUndefined();
    expect(seen.isLoading).toBe(true);
  });

  it('keeps the old data on the screen while it loads, and through an error', async () => {
    await ask('a');
    await call(0).answer('A');
    await ask('b');
    expect(seen).toMatchObject({ data: 'A', isLoading: true, isFresh: false });
    await call(1).fail(new MemoryError('busy', 'no'));
    expect(seen).toMatchObject({ data: 'A', isLoading: false });
    expect(seen.error?.code).toBe('busy');
  });

  it('asks again on reload and forgets the error when the answer comes', async () => {
    await ask('a');
    await call(0).fail(new Error('broken'));
    expect(seen.error?.code).toBe('internal');
    await act(async () => seen.reload());
    expect(seen.isLoading).toBe(true);
    await call(1).answer('A');
    expect(seen).toMatchObject({ data: 'A', error: undefined, isLoading: false });
  });

  it('asks again for what failed when the keeper is back, and for nothing that was answered', async () => {
    await ask('a');
    await call(0).fail(new MemoryError('locked', 'Another program holds the memory.'));
    await connection(false);
    expect(calls).toHaveLength(1);
    await connection(true);
    await call(1).answer('A');
    expect(seen).toMatchObject({ data: 'A', error: undefined, isLoading: false });
    await connection(false);
    await connection(true);
    expect(calls).toHaveLength(2);
  });

  it('asks again for what the leaving keeper cancelled', async () => {
    await ask('a');
    await call(0).fail(new MemoryError('cancelled', 'gone'));
    await connection(true);
    await call(1).answer('A');
    expect(seen.data).toBe('A');
  });

  it('does not take a cancellation for an error', async () => {
    await ask('a');
    await call(0).fail(new MemoryError('cancelled', 'gone'));
    expect(seen).toMatchObject({ error: undefined, isLoading: false });
  });

  it('shows nothing without a question, and does not flash the answer to an earlier one', async () => {
    await ask('a');
    await call(0).answer('A');
    await ask(null);
    expect(seen).toMatchObject({ data: undefined, isLoading: false });
    await ask('b');
    expect(seen).toMatchObject({ data: undefined, isLoading: true });
  });

  it('cancels when it goes away', async () => {
    await ask('a');
    await act(async () => root.render(null));
    expect(call(0).signal.aborted).toBe(true);
  });
});
