import { expect, it } from 'vitest';
import { resumeCommand } from './resume-command';

it('names the session', () => {
  expect(resumeCommand('8dab6c26-1f0e_A')).toBe('claude --resume 8dab6c26-1f0e_A');
});

it.each(['', 'a b', 'a;b', '$(a)', 'a\n', '../a', '--print', 'x'.repeat(129), '`a`', 'ä'])('refuses %j', (id) => {
  expect(resumeCommand(id)).toBeUndefined();
});
