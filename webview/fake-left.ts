/** What is left of the made-up history. */
import type { LeftLine, WhatIsLeft } from '../src/protocol/left';

const line = (text: string, turn = 1): LeftLine => ({
  text,
  sessionId: '00000000-0000-4000-8000-000000000000',
  title: 'Courier zones',
  turn,
  at: Date.UTC(2026, 10, 20, 9),
  key: `p${turn}`,
});

export const fakeLeft: WhatIsLeft = {
  openEnds: [
    { ...line('Not done: Cache the parcel labels', 2), pieceId: 'labels/open/0', topic: 'src/labels', times: 2 },
    { ...line('Document the refund page', 3), pieceId: 'refunds/open/0', topic: 'docs', times: 1 },
  ],
  closed: [
    {
      ...line('Not done: Round the tax', 4),
      pieceId: 'tax/open/0',
      topic: 'src/cart',
      times: 1,
      by: { ...line('Rounded the tax.', 5), how: 'done' },
    },
    {
      ...line('Not done: Paint the vans', 11),
      pieceId: 'vans/open/0',
      topic: 'docs',
      times: 1,
      by: { how: 'person', at: Date.UTC(2026, 10, 21, 8) },
    },
  ],
  decisions: [
    { ...line('Use pnpm instead of npm.', 6), topic: 'src/cart', superseded: [line('Use npm instead of pnpm.', 7)] },
  ],
  deadEnds: [{ id: 'l1', title: 'Caching zones in the client fails', isAccepted: false, at: 0 }],
  errors: [{ line: line('TS2304: Cannot find name', 8), sessions: 3, times: 5, fix: line('Edited src/zone.ts', 9) }],
  since: [
    {
      sessionId: '00000000-0000-4000-8000-000000000000',
      title: 'Overnight work',
      project: 'shop',
      at: Date.UTC(2026, 10, 21, 9),
      done: [line('Added zones of the north.', 10)],
      files: 3,
    },
  ],
  topics: [
    { topic: 'src/labels', openEnds: 1, decisions: 0 },
    { topic: 'docs', openEnds: 1, decisions: 0 },
  ],
  sessions: 12,
  pending: 2,
};
