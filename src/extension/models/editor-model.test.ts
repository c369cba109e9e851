/** Models of the editor are called after a click and a choice only. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Parts } from '../parts';
import { askEditorModel } from './editor-model';

const editor = vi.hoisted(() => {
  class Refusal extends Error {
    static NoPermissions = () => new Refusal('NoPermissions');
    static Blocked = () => new Refusal('Blocked');
    static NotFound = () => new Refusal('NotFound');
    constructor(readonly code: string) {
      super(code);
    }
  }
  return { Refusal, models: [] as unknown[], pick: [0][0], isCancelled: false };
});
vi.mock('vscode', () => ({
  LanguageModelChatMessage: { User: (text: string) => text },
  LanguageModelError: editor.Refusal,
  ProgressLocation: { Notification: 15 },
  env: { language: 'en' },
  l10n: { t: (text: string) => text },
  lm: { selectChatModels: () => Promise.resolve(editor.models) },
  window: {
    showQuickPick: (items: unknown[]) => Promise.resolve(editor.pick === undefined ? undefined : items[editor.pick]),
    withProgress: (_: unknown, work: (progress: unknown, token: unknown) => unknown) =>
      work(
        {},
        {
          get isCancellationRequested() {
            return editor.isCancelled;
          },
        },
      ),
  },
}));

/** Events in order. */
const steps: string[] = [];
const asked: string[] = [];
let kept: unknown[] = [];
const question = { sessionId: 's1', system: 'Summarise.', text: 'The session.', maxTokens: 100, lastSequence: 7 };
const note = (noted: unknown) => Promise.resolve(void steps.push(`noted ${JSON.stringify(noted)}`));
const parts = () =>
  ({
    memory: {
      client: () =>
        Promise.resolve({
          summaryQuestion: () => Promise.resolve(question),
          noteSummaryAsked: note,
          keepSummary: (answer: unknown) => Promise.resolve((kept.push(answer), { id: 3 })),
        }),
    },
  }) as unknown as Parts;
const model = (answer: () => AsyncIterable<string>, maxInputTokens = 10_000) => ({
  name: 'Some Model',
  vendor: 'acme',
  family: 'some',
  maxInputTokens,
  countTokens: (text: string) => Promise.resolve(text.length),
  sendRequest: (messages: string[]) =>
    Promise.resolve((steps.push('sent'), asked.push(...messages), { text: answer() })),
});
async function* pieces(...texts: string[]): AsyncIterable<string> {
  yield* texts;
}

beforeEach(() => {
  Object.assign(editor, { models: [], pick: 0, isCancelled: false });
  asked.length = 0;
  steps.length = 0;
  kept = [];
});

describe('the model of the editor', () => {
  it('answers in pieces, which are kept as one', async () => {
    editor.models = [model(() => pieces('{"title"', ':"x"}'))];
    expect(await askEditorModel(parts(), 's1')).toEqual({ id: 3 });
    expect(asked).toEqual(['Summarise.\n\nThe session.']);
    expect(kept).toEqual([
      {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        sessionId: 's1',
        text: '{"title":"x"}',
        model: 'acme/some',
        lastSequence: 7,
      },
    ]);
  });

  it('is not asked when the person chooses none', async () => {
    editor.models = [model(() => pieces('x'))];
    editor.pick = undefined;
    expect(await askEditorModel(parts(), 's1')).toBeNull();
    expect(steps).toEqual([]);
  });

  it('that is not there is said in words', async () => {
    await expect(askEditorModel(parts(), 's1')).rejects.toMatchObject({
      code: 'no_model',
      data: { reason: 'no_editor_model' },
    });
  });

  it('is not sent what it cannot read', async () => {
    editor.models = [model(() => pieces('x'), 50)];
    await expect(askEditorModel(parts(), 's1')).rejects.toMatchObject({ data: { reason: 'too_long_for_model' } });
    expect(steps).toEqual([]);
  });

  it('that never ends is cut off', async () => {
    async function* endless() {
      for (;;) yield 'x'.repeat(100);
    }
    editor.models = [model(endless)];
    await askEditorModel(parts(), 's1');
    expect((kept[0] as { text: string }).text.length).toBeLessThanOrEqual(900);
  });

  it.each([
    ['NoPermissions', 'cancelled'],
    ['Blocked', 'no_model'],
    ['NotFound', 'no_model'],
  ] as const)('that refuses (%s) is told as %s, and nothing is kept', async (code, told) => {
    // eslint-disable-next-line require-yield
    async function* refuse(): AsyncIterable<string> {
      throw new editor.Refusal(code);
    }
    editor.models = [model(refuse)];
    await expect(askEditorModel(parts(), 's1')).rejects.toMatchObject({ code: told });
    expect(kept).toEqual([]);
    expect(steps).toEqual([
      expect.stringMatching(/^noted .*"sessionId":"s1","model":"acme\/some","lastSequence":7/),
      'sent',
    ]);
  });

  it('keeps nothing of what was cancelled', async () => {
    async function* cancelled() {
      yield 'half';
      editor.isCancelled = true;
    }
    editor.models = [model(cancelled)];
    expect(await askEditorModel(parts(), 's1')).toBeNull();
    expect(kept).toEqual([]);
    expect(steps).toEqual([expect.stringContaining('noted'), 'sent']);
  });

  it('is not sent what was cancelled before', async () => {
    editor.models = [model(() => pieces('x'))];
    editor.isCancelled = true;
    expect(await askEditorModel(parts(), 's1')).toBeNull();
    expect(steps).toEqual([]);
  });
});
