import { describe, expect, it } from 'vitest';
import type { CaptureState, MemoryStatus } from '../protocol/status';
import { describeStatus } from './status-text';
import type { StatusFacts } from './status-text';

const capture: CaptureState = {
  phase: 'idle',
  filesTotal: 40,
  filesDone: 10,
  bytesTotal: 1000,
  bytesDone: 255,
  current: '',
};
const status = {
  sessions: 1234,
  learnings: 3,
  projects: 2,
  forgotten: 0,
  inScope: 128,
  lastCaptureAt: 1_000_000,
  databaseBytes: 5 * 1024 * 1024,
  warnings: [] as MemoryStatus['warnings'],
} as MemoryStatus;
const facts: StatusFacts = {
  connection: { isConnected: true },
  capture,
  status,
  hasWorkspace: true,
  now: 1_000_000 + 5 * 60_000,
  language: 'en',
};
const t = ((text: string, ...args: unknown[]) =>
  text.replaceAll(/\{(\d)\}/g, (_, at: string) => String(args[Number(at)]))) as Parameters<typeof describeStatus>[1];
const describeIt = (changes: Partial<StatusFacts>) => describeStatus({ ...facts, ...changes }, t);

describe('describeStatus', () => {
  it('shows the sessions of this workspace, and the rest in the tooltip', () => {
    const { text, tooltip, label } = describeIt({});
    expect(text).toBe('$(history) 128 sessions');
    expect(tooltip).toContain('Sessions: 1,234 · Learnings: 3 · Projects: 2');
    expect(tooltip).toContain('Last capture 5 min. ago · 5.2 MB on disk');
    expect(label).toBe('Claude-Mem, Sessions of this workspace: 128');
  });

  it.each<[string, Partial<StatusFacts>, string]>([
    ['opening', { connection: { isConnected: false }, capture: undefined, status: undefined }, '$(sync~spin)'],
    ['importing', { capture: { ...capture, phase: 'importing' } }, '$(sync~spin) Importing 25 %'],
    ['paused', { capture: { ...capture, phase: 'paused' } }, '$(debug-pause) 128 sessions'],
    ['failed', { connection: { isConnected: false, reason: 'locked' } }, '$(warning) 128 sessions'],
    ['capture failed', { capture: { ...capture, phase: 'error', reason: 'disk full' } }, '$(warning) 128 sessions'],
    [
      'limited',
      { status: { ...status, warnings: [{ code: 'readonly', message: 'read-only' }] } },
      '$(warning) 128 sessions',
    ],
  ])('%s', (_, changes, expected) => {
    expect(describeIt(changes).text).toBe(expected);
  });

  it('tells of restricted processing, also to those who do not see the icon', () => {
    const project = { id: 1, name: 'a_shop', root: '/work/a_shop' };
    const { text, tooltip, label } = describeIt({
      status: { ...status, restrictions: [{ id: 1, project, from: 0, until: Date.UTC(2026, 11, 24, 12) }] },
    });
    expect(text).toBe('$(circle-slash) 128 sessions');
    expect(tooltip).toContain(String.raw`$(circle-slash) Processing of a\_shop is restricted until 12/24/2026`);
    expect(label).toContain('Processing of a_shop is restricted until 12/24/2026');
  });

  it.each<[string, Partial<MemoryStatus>, boolean, string]>([
    ['one session of the workspace', { inScope: 1 }, true, '$(history) 1 session'],
    ['a workspace without any', { inScope: 0 }, true, '$(history) 1,234 sessions in all projects'],
    ['no workspace', { inScope: 1234 }, false, '$(history) 1,234 sessions'],
    ['an empty memory', { inScope: 0, sessions: 0 }, true, '$(history) 0 sessions'],
  ])('says what it counts: %s', (_, changes, hasWorkspace, expected) => {
    expect(describeIt({ status: { ...status, ...changes }, hasWorkspace }).text).toBe(expected);
  });

  it('says the reason as text, whatever it holds', () => {
    const { tooltip, label } = describeIt({ connection: { isConnected: false, reason: '[x](command:y)' } });
    expect(tooltip).toContain(String.raw`\[x\]\(command:y\)`);
    expect(label).toContain('[x](command:y)');
  });
});
