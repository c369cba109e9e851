import { expect, it } from 'vitest';
import { importsOf, readNoteText } from './note-text';

it('reads name and description of a fact, and whether a rule is for some files only', () => {
  const fact =
    '---\nname: prefers-pnpm\ndescription: "Wants pnpm"\nmetadata:\n  type: user\n---\n\n# Packages\nUse pnpm.\n';
  expect(readNoteText(fact)).toEqual({
    name: 'prefers-pnpm',
    description: 'Wants pnpm',
    hasPaths: false,
    heading: 'Packages',
  });
  expect(readNoteText('---\r\npaths: src/**\r\n---\r\nUse tabs.').hasPaths).toBe(true);
  expect(readNoteText('Use tabs.\n\npaths: are no front matter here')).toEqual({
    name: '',
    description: '',
    hasPaths: false,
    heading: '',
  });
});

it('finds imports of texts, and none in code, addresses or other files', () => {
  const text = [
    'See @docs/style.md and (@./team.md), and @~/mine.txt. Twice: @docs/style.md',
    'Write to ann@example.md, `@inline.md`, @scope/pkg, @package.json.',
    '```',
    '@fenced.md',
    '```',
    '@after.markdown',
  ].join('\n');
  expect(importsOf(text)).toEqual(['docs/style.md', './team.md', '~/mine.txt', 'after.markdown']);
});
