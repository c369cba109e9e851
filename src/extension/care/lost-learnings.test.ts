import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackupInfo } from '../../protocol/care';
import { expectNoLearnings, watchLearnings } from './lost-learnings';

const shown = vi.hoisted(() => [] as string[]);
vi.mock('vscode', () => ({
  env: { language: 'en' },
  l10n: {
    t: (text: string, ...args: unknown[]) => text.replaceAll(/\{(\d)\}/g, (_, at: string) => String(args[Number(at)])),
  },
  window: {
    showWarningMessage: (...words: string[]) => {
      shown.push(words.join(' | '));
      return Promise.resolve(undefined);
    },
  },
}));
vi.mock('./backups', () => ({ restore: vi.fn() }));

const state = new Map<string, unknown>();
let learnings = 0;
let backups: Partial<BackupInfo>[] = [];
let changed = (_: { learnings: boolean }) => {};

function open() {
  const parts = {
    log: { error: vi.fn() },
    extension: {
      globalState: {
        get: (key: string, fallback: unknown) => state.get(key) ?? fallback,
        update: (key: string, value: unknown) => Promise.resolve(void state.set(key, value)),
      },
    },
    memory: {
      dataDir: '/data',
      connection: { isConnected: true },
      status: async () => {
        const found = { learnings };
        await Promise.resolve();
        return found;
      },
      client: () => Promise.resolve({ listBackups: () => Promise.resolve(backups) }),
      onConnection: () => ({ dispose: () => {} }),
      onChanged: (listener: typeof changed) => {
        changed = listener;
        return { dispose: () => {} };
      },
    },
  };
  watchLearnings(parts as never);
  return parts;
}
const kept = () => state.get('claudeMem.learningsKept');
const settled = () => vi.waitFor(() => expect(kept()).toBe(learnings));

beforeEach(() => {
  state.clear();
  shown.length = 0;
  backups = [];
  learnings = 3;
});

describe('learnings that are gone at a start', () => {
  it('are said with the newest backup that has some', async () => {
    open();
    await settled();
    learnings = 0;
    backups = [
      { at: Date.now(), name: 'empty', counts: { sessions: 1, prompts: 1, observations: 1, learnings: 0 } },
      { at: Date.now() - 7_200_000, name: 'good', counts: { sessions: 1, prompts: 1, observations: 1, learnings: 3 } },
    ];
    open();
    await settled();
    expect(shown).toEqual([
      'The memory is empty of learnings, and it had 3. A backup of 2 hr. ago has 3. | Restore Backup',
    ]);
  });

  it('are said without a backup too, with the folder', async () => {
    open();
    await settled();
    learnings = 0;
    open();
    await settled();
    expect(shown).toEqual([expect.stringContaining('No backup has them. If its folder was moved or deleted')]);
  });

  it('are no loss when the last one is deleted while an older count is under way', async () => {
    open();
    learnings = 0;
    changed({ learnings: true });
    await settled();
    open();
    await settled();
    expect(shown).toEqual([]);
  });

  it('are no loss when the person deleted them, one by one or all', async () => {
    open();
    await settled();
    learnings = 0;
    changed({ learnings: true });
    await settled();
    open();
    await settled();
    learnings = 2;
    const parts = open();
    await settled();
    await expectNoLearnings(parts as never);
    learnings = 0;
    open();
    await settled();
    expect(shown).toEqual([]);
  });
});
