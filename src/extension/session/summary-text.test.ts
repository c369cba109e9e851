import { expect, it, vi } from 'vitest';
import type { Evidence, SessionSummary } from '../../protocol/summary';
import { formatSummary } from './summary-text';

vi.mock('vscode', () => ({ l10n: { t: (text: string) => text } }));

const evidence: Evidence[] = [{ key: 'p1', sessionId: 's1', turn: 0, at: 0, quote: 'q' }];
const summary: SessionSummary = {
  id: 1,
  sessionId: 's1',
  version: 1,
  source: 'local',
  model: '',
  isPublished: true,
  isBehind: false,
  title: '<img src=x> [run](command:quit)',
  asked: [{ text: 'Fix it', evidence }],
  done: [],
  decisions: [],
  files: [{ path: '/work/src/`a`.ts', edits: 2, isNew: false, evidence }],
  errors: [{ text: 'boom', times: 1, evidence, fix: { text: 'Edited a.ts', evidence } }],
  commands: [{ command: 'npm test', runs: 1, failures: 0, outcome: 'passed', evidence }],
  openEnds: [],
  keyPoints: [],
  droppedClaims: 0,
  quality: 1,
  costUsd: 0,
  rawTokens: 1,
  tokens: 1,
  createdAt: 0,
};

it('is Markdown in which nothing of the session acts, with its source and without empty parts', () => {
  const text = formatSummary(summary, {
    project: { id: 1, name: 'boats*', root: '/b' },
    cwd: '/work',
    startedAt: new Date(2026, 10, 22, 9, 5).getTime(),
  });
  expect(text).toBe(
    [
      '> **Claude-Mem:** boats\\* · 2026-11-22 09:05 · `s1`',
      '## \\<img src=x\\> \\[run\\](command:quit)',
      '### Asked\n\n- Fix it',
      '### Files\n\n- `src/ a .ts` (2)',
      '### Errors\n\n- boom → Edited a.ts',
      '### Commands\n\n- `npm test`: passed',
    ].join('\n\n') + '\n',
  );
});
