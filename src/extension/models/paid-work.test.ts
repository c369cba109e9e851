/** Nothing is spent without confirmation, and the key is stored in one place only. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackfillEstimate, SpendStatus } from '../../protocol/spend';
import type { Parts } from '../parts';
import { removeApiKey, setApiKey } from './api-key';
import { describeEstimate, startBackfill, summarizeAll, summarizeSession } from './paid-work';

interface InputOptions {
  password?: boolean;
  validateInput: (this: void, value: string) => string | undefined;
}
const editor = vi.hoisted(() => ({
  answer: undefined as string | undefined,
  typed: undefined as string | undefined,
  questions: [] as string[],
  details: [] as string[],
  input: undefined as unknown,
  pick: 0,
  picks: [] as { label: string }[][],
  updates: [] as unknown[][],
}));
vi.mock('vscode', () => ({
  ConfigurationTarget: { Global: 1 },
  commands: { executeCommand: () => Promise.resolve() },
  env: { language: 'en' },
  l10n: {
    t: (text: string, ...args: unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)])),
  },
  window: {
    showInputBox: (options: unknown) => Promise.resolve(((editor.input = options), editor.typed)),
    showWarningMessage: (question: string, options: { detail: string }) =>
      Promise.resolve((editor.questions.push(question), editor.details.push(options.detail), editor.answer)),
    showInformationMessage: (question: string) => Promise.resolve((editor.questions.push(question), editor.answer)),
    showQuickPick: (items: { label: string }[]) => Promise.resolve((editor.picks.push(items), items[editor.pick])),
    setStatusBarMessage: () => {},
  },
  workspace: {
    getConfiguration: () => ({ update: (...args: unknown[]) => Promise.resolve(editor.updates.push(args)) }),
  },
}));

const estimate: BackfillEstimate = {
  sessions: 12,
  inputTokens: 240_000,
  outputTokens: 24_000,
  likelyUsd: 0.2,
  maxUsd: 0.35,
  fits: 8,
  pricesOf: '2026-10-24',
};
let asked: unknown[][];
let state: SpendStatus['state'];
let isEnabled: boolean;
const kept = new Map<string, string>();

function parts(found: Partial<BackfillEstimate> = {}): Parts {
  const note =
    (name: string, answer: unknown) =>
    (...args: unknown[]) =>
      Promise.resolve((asked.push([name, ...args]), answer));
  const client = {
    spend: () => Promise.resolve({ state }),
    estimateBackfill: note('estimate', { ...estimate, ...found }),
    startBackfill: note('start', 'queued'),
    queue: note('queue', 'as it was'),
    summarizeByModel: note('summarize', 'queued'),
  };
  const secrets = {
    store: (name: string, value: string) => Promise.resolve(void kept.set(name, value)),
    delete: (name: string) => Promise.resolve(void kept.delete(name)),
    get: (name: string) => Promise.resolve(kept.get(name)),
  };
  return {
    memory: {
      client: () => Promise.resolve(client),
      scopeOf: () => ({ roots: ['/work'] }),
      settings: { modelEnabled: isEnabled },
    },
    extension: { secrets },
  } as unknown as Parts;
}

beforeEach(() => {
  Object.assign(editor, {
    answer: undefined,
    typed: undefined,
    questions: [],
    details: [],
    pick: 0,
    picks: [],
    updates: [],
  });
  asked = [];
  state = 'ready';
  isEnabled = true;
  kept.clear();
});

describe('a back-fill', () => {
  it('shows what it would cost and starts with a yes only', async () => {
    expect(await startBackfill(parts(), { isBatch: true })).toBe('as it was');
    expect(asked.map(([name]) => name)).toEqual(['estimate', 'queue']);
    expect(editor.questions).toEqual(['Have 12 sessions summarised by a model?']);
    for (const figure of ['240,000', '24,000', '$0.20', '$0.35', '2026-10-24', '8 of them fit', 'half the price'])
      expect(editor.details[0]).toContain(figure);
    editor.answer = 'Start';
    expect(await startBackfill(parts(), { isBatch: true })).toBe('queued');
    expect(asked.at(-1)).toEqual(['start', { isBatch: true }]);
  });

  it('with nothing to do asks nothing', async () => {
    editor.answer = 'Start';
    await startBackfill(parts({ sessions: 0 }), { isBatch: false });
    expect(asked.map(([name]) => name)).toEqual(['estimate', 'queue']);
  });

  it('says when all of it fits', () => {
    expect(describeEstimate({ ...estimate, fits: 12 }, false)).toContain('All fit under today’s ceiling.');
    expect(describeEstimate({ ...estimate, maxUsd: 0.0012 }, false)).toContain('$0.0012');
  });

  it('from the palette begins with where and how', async () => {
    editor.answer = 'Start';
    await summarizeAll(parts());
    expect(editor.picks[0]?.map(({ label }) => label)).toEqual([
      'This workspace · As a batch',
      'This workspace · One after the other',
      'All projects · As a batch',
      'All projects · One after the other',
    ]);
    expect(asked.at(-1)).toEqual(['start', { isBatch: true, scope: { roots: ['/work'] } }]);
  });
});

describe('a single session', () => {
  it('is asked for when all is ready', async () => {
    await summarizeSession(parts(), 's1');
    expect(asked).toEqual([['summarize', 's1']]);
  });

  it.each(['off', 'no_key', 'wrong_key', 'no_model'] as const)(
    'is not asked for while it is %s, and says what is missing',
    async (why) => {
      state = why;
      await summarizeSession(parts(), 's1');
      expect(asked).toEqual([]);
      expect(editor.questions).toHaveLength(1);
    },
  );

  it('models are turned on by a yes', async () => {
    state = 'off';
    editor.answer = 'Turn On';
    await summarizeSession(parts(), 's1');
    expect(editor.updates).toEqual([['claudeMem.model.enabled', true, 1]]);
    expect(asked).toEqual([]);
  });
});

describe('the key', () => {
  it('is typed covered, kept by the editor, and turns nothing on by itself', async () => {
    editor.typed = '  sk-a-made-up-key  ';
    isEnabled = false;
    await setApiKey(parts());
    expect((editor.input as InputOptions).password).toBe(true);
    expect([...kept]).toEqual([['claudeMem.apiKey', 'sk-a-made-up-key']]);
    expect(editor.questions).toEqual(['Models are off: nothing is sent to anyone. Turn them on?']);
    expect(JSON.stringify([editor.updates, editor.questions])).not.toContain('made-up');
    await removeApiKey(parts());
    expect(kept.size).toBe(0);
  });

  it('that is none is not taken, and cancelling keeps the old one', async () => {
    kept.set('claudeMem.apiKey', 'the-old-one');
    await setApiKey(parts());
    expect(kept.get('claudeMem.apiKey')).toBe('the-old-one');
    const { validateInput } = editor.input as InputOptions;
    expect(['', 'short', 'has a space in it', 'schlüssel-mit-ü'].map((value) => typeof validateInput(value))).toEqual([
      'string',
      'string',
      'string',
      'string',
    ]);
    expect(validateInput(' sk-a-made-up-key ')).toBeUndefined();
  });
});
