import { expect, it } from 'vitest';
import { formatContext } from './context-block';

const row = {
  key: 'p1',
  sessionId: '8dab-26',
  sessionTitle: 'Fix the build',
  projectName: 'site',
  at: new Date(2026, 10, 22, 9, 5).getTime(),
  text: 'Use `npm ci`.\n',
};

it('says where a memory comes from', () => {
  expect(formatContext(row)).toBe(
    '> **Claude-Mem:** Fix the build · site · 2026-11-22 09:05 · `8dab-26`\n\nUse `npm ci`.\n',
  );
});

it('keeps a hostile title in its line', () => {
  const [first, second] = formatContext({
    ...row,
    sessionTitle: 'a\n# b\r![x](y)<i>\u202e',
    sessionId: '`x` \n',
  }).split('\n');
  expect(first).toBe(
    String.raw`> **Claude-Mem:** a \# b \!\[x\](y)\<i\>\[U+202E\] · site · 2026-11-22 09:05 · ` + '`x`',
  );
  expect(second).toBe('');
});
