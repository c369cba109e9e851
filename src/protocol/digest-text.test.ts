import { expect, it } from 'vitest';
import { digestText } from './digest-text';
import type { Digest } from './left';

const words = {
  title: 'Today',
  done: 'Done',
  decided: 'Decided',
  closed: 'Closed',
  open: 'Open',
  nothing: 'Nothing.',
  workedOn: 'Worked on:',
};
const line = (text: string) => ({ text, sessionId: 's', title: 'Zones', turn: 1, at: 0 });
const escape = (text: string) => text.replaceAll('#', '\\#');

it('says nothing when there is nothing', () => {
  expect(digestText({ from: 0, to: 1, projects: [], pending: 0 }, words, escape)).toBe('# Today\n\nNothing.\n');
});

it('has a heading for each project and list, each line once, and escapes all text', () => {
  const session = { sessionId: 's', title: 'Zones', project: 'shop', at: 0, files: 1 };
  const digest: Digest = {
    from: 0,
    to: 1,
    projects: [
      {
        name: 'shop #1',
        sessions: [
          { ...session, done: [line('Added zones'), line('Added zones'), line('# hostile')] },
          { ...session, done: [] },
        ],
        decisions: [],
        openEnds: [line('Labels')],
        closed: [
          { ...line('Tax'), pieceId: 's/open/0', topic: '', times: 1, by: { ...line('Rounded the tax'), how: 'done' } },
        ],
      },
    ],
    pending: 0,
  };
  expect(digestText(digest, words, escape)).toBe(
    '# Today\n\n## shop \\#1\n\n### Done\n\n- Added zones\n- \\# hostile\n- Worked on: Zones\n\n' +
      '### Closed\n\n- Tax → Rounded the tax\n\n### Open\n\n- Labels\n',
  );
});
