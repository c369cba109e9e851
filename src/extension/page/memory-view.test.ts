import { expect, it, vi } from 'vitest';
import type { WebviewView } from 'vscode';
import { MemoryView } from './memory-view';

vi.mock('vscode', () => ({
  commands: { executeCommand: () => Promise.resolve() },
  env: { language: 'en' },
  l10n: { t: (text: string, ...args: unknown[]) => text.replace('{0}', String(args[0])) },
}));

it('has the number of new proposals on its icon, as soon as the editor has made it', () => {
  const view = new MemoryView(() => ({ host: { sleep: () => {}, send: () => {} }, dispose: () => {} }) as never);
  // Before the view was opened there is nothing that could have a badge.
  view.showNew(2);
  const made = { onDidChangeVisibility: () => {}, onDidDispose: () => {} } as unknown as WebviewView;
  view.resolveWebviewView(made);
  expect(made.badge).toEqual({ value: 2, tooltip: 'Proposed learnings that are new since you last looked: 2' });
  view.showNew(1200);
  expect(made.badge).toEqual({ value: 1200, tooltip: 'Proposed learnings that are new since you last looked: 1,200' });
  view.showNew(0);
  expect(made.badge).toBeUndefined();
});
