/** What is said about a fix: how much of it stands, and nothing that a transcript could break out of. */
import { expect, it, vi } from 'vitest';
import type { PastFix } from '../../protocol/past-fix';
import { fixRow, hoverText, lampTitle, standingIn, standingLine } from './text';

vi.mock('vscode', () => ({
  env: { language: 'en' },
  l10n: {
    t: (text: string, ...args: unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)])),
  },
}));

const fix = (more: Partial<PastFix> = {}): PastFix => ({
  id: 't:1',
  sessionId: 's1',
  title: 'Budget for the $(gear) client',
  turn: 1,
  at: Date.now() - 3 * 86_400_000,
  match: 'same',
  likeness: 1,
  error: 'error TS2741: …',
  edits: [{ key: 'o1', index: 0, file: 'src/cart.ts', added: ['  retryBudget: 7,', '  url,'], removed: ['url'] }],
  ...more,
});

it('counts the added lines that still stand, however they are indented', () => {
  const { edits } = fix();
  expect(standingIn(edits, 'a\n\t\tretryBudget: 7,\r\nb')).toEqual({ lines: 1, of: 2 });
  expect(standingIn(edits, '')).toEqual({ lines: 0, of: 2 });
});

it.each([
  [{ lines: 2, of: 4 }, 'The file has changed since: 2 of 4 lines stand.'],
  [{ lines: 4, of: 4 }, 'All of its lines still stand.'],
  [{ lines: 0, of: 0 }, 'The fix only took lines out.'],
  [undefined, 'The file is not in an open folder any more.'],
])('says what is left: %j', (standing, said) => expect(standingLine(standing)).toBe(said));

it('names when and where in the light bulb', () => {
  expect(lampTitle(fix())).toBe('Fixed before, 3 days ago: Budget for the $(gear) client');
  expect(fixRow(fix()).label).toContain(String.raw`Budget for the \$(gear) client`);
});

it('shows the edit as a diff, which its lines cannot end', () => {
  const added = ['```', '[click](command:workbench.action.quit)'];
  const text = hoverText(fix({ edits: [{ key: 'o1', index: 0, file: 'a_b.ts', added, removed: [] }] }), undefined, 'x');
  expect(text).toContain('````diff\n+ ```\n+ [click](command:workbench.action.quit)\n````');
  expect(text).toContain(String.raw`a\_b.ts`);
});

it('does not take Markdown of a title', () => {
  const text = hoverText(fix({ title: '[free](command:quit) **now**' }), undefined, 'command:ours');
  expect(text).toContain(String.raw`\[free\](command:quit) \*\*now\*\*`);
});

it('shows so many lines of a long edit and no more', () => {
  const added = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  const text = hoverText(fix({ edits: [{ key: 'o1', index: 0, file: 'a.ts', added, removed: [] }] }), undefined, 'x');
  expect(text.match(/^\+ /gm)).toHaveLength(8);
  expect(text).toContain('…');
});
