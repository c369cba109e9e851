import { describe, expect, it, vi } from 'vitest';
import { BackgroundTurns, breathe } from './turns';

/** Steps that were done, and a clock that only this test moves. */
function working() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const turns = new BackgroundTurns(() => performance.now());
  const state = { steps: 0, isEnded: false };
  const work = async () => {
    while (!state.isEnded) {
      await turns.turn();
      state.steps++;
    }
  };
  const done = work();
  const pass = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms);
    // A turn begins behind what else waits in this thread.
    await breathe();
    await breathe();
  };
  const end = async () => {
    state.isEnded = true;
    turns.close();
    await done;
    vi.useRealTimers();
  };
  return { turns, state, pass, end };
}

describe('background work', () => {
  it('goes on when nobody asks', async () => {
    const { state, pass, end } = working();
    await pass(0);
    expect(state.steps).toBeGreaterThan(0);
    await end();
  });

  it('rests from one key to the next, and goes on when typing has ended', async () => {
    const { turns, state, pass, end } = working();
    turns.noteQuestion();
    await pass(0);
    const before = state.steps;
    for (let key = 0; key < 5; key++) {
      turns.noteQuestion();
      await pass(300);
    }
    expect(state.steps - before).toBe(0);
    await pass(600);
    expect(state.steps).toBeGreaterThan(before);
    await end();
  });

  it('is not stopped for good by somebody who never stops asking', async () => {
    const { turns, state, pass, end } = working();
    turns.noteQuestion();
    await pass(0);
    const before = state.steps;
    for (let asked = 0; asked < 100; asked++) {
      turns.noteQuestion();
      await pass(100);
    }
    expect(state.steps - before).toBe(2);
    await end();
  });

  it('does not hold up the end of the memory', async () => {
    const { turns, end } = working();
    turns.noteQuestion();
    await breathe();
    await end();
  });
});
