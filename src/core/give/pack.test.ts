import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateTokens } from '../lib/tokens';
import { pack } from './pack';
import type { Weighed } from './pack';

const day = Date.UTC(2026, 10, 20);
const terms = (text: string) => new Set(text.split(/\W+/).map((term) => term.toLowerCase()));
function piece(session: string, text: string, value: number, more: Partial<Weighed> = {}): Weighed {
  return {
    id: `${session}/done/${text.length}`,
    kind: 'done',
    text,
    sessionId: session,
    title: `Session ${session}`,
    project: { id: 1, name: 'shop', root: '/work/shop' },
    at: day,
    value,
    terms: terms(text),
    ...more,
  };
}

const words = ['basket', 'invoice', 'retry', 'lock', 'cache', 'parser', 'queue', 'token', '统一', 'naïve'];
const anyPiece = fc
  .record({
    session: fc.nat(12),
    chosen: fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 30 }),
    value: fc.double({ min: 0, max: 1, noNaN: true }),
    at: fc.nat(1e6),
    by: fc.option(fc.nat(12), { nil: undefined }),
    kind: fc.constantFrom('learning' as const, 'decision' as const, 'said' as const),
  })
  .map(({ session, chosen, value, at, by, kind }) =>
    piece(`s${session}`, chosen.join(' '), value, {
      kind,
      id: `s${session}/${kind}/${chosen.join('')}`,
      at: day + at,
      ...(by !== undefined && { amendedBy: { sessionId: `s${by}`, title: 'later', at: day } }),
    }),
  );

describe('what is packed', () => {
  it('never has more tokens than asked for, whatever the pieces, and is the same in any order of them', () => {
    fc.assert(
      fc.property(fc.array(anyPiece, { maxLength: 60 }), fc.nat(2000), (pieces, budget) => {
        const packed = pack(pieces, budget);
        expect(packed.tokens).toBe(packed.text === '' ? 0 : estimateTokens(packed.text));
        expect(packed.tokens).toBeLessThanOrEqual(budget);
        expect(packed.text === '').toBe(packed.items.length === 0);
        expect(pack(pieces.toReversed(), budget).text).toBe(packed.text);
      }),
    );
  });

  it('says each thing once, in the words of the piece that is worth more', () => {
    const packed = pack(
      [
        piece('a', 'the retry budget of the flamingo client is seven attempts', 0.5),
        piece('b', 'the retry budget of the flamingo client is now seven attempts', 0.9),
        piece('c', 'invoices are rounded half to even in each line', 0.4),
      ],
      800,
    );
    expect(packed.items.map(({ sessionId }) => sessionId)).toEqual(['b', 'c']);
  });

  it('cites session and day, and stands between lines by which it is known again', () => {
    const { text } = pack([piece('0123456789ab', 'Retries stop after seven attempts.', 1)], 500);
    expect(text.split('\n')).toEqual([
      '<claude-mem-memory>',
      expect.stringContaining('earlier Claude Code sessions'),
      '## 2026-11-20, "Session 0123456789ab" (session 01234567)',
      '- Done: Retries stop after seven attempts.',
      '</claude-mem-memory>',
    ]);
  });

  it('tells an amendment before what it amends, however much more that is worth', () => {
    const packed = pack(
      [
        piece('old', 'Backoff is capped at sixty seconds', 1, {
          kind: 'decision',
          amendedBy: { sessionId: 'new', title: 'Cap it at thirty', at: day + 86_400_000 },
        }),
        piece('new', 'Thirty seconds is the ceiling for waiting now', 0.1, { kind: 'decision' }),
        piece('more', 'Logs are rotated daily by the runner', 0.5),
      ],
      800,
    );
    expect(packed.items.map(({ sessionId }) => sessionId)).toEqual(['new', 'old', 'more']);
    expect(packed.text).toContain('(session old), amended on 2026-11-21 by "Cap it at thirty"');
  });

  it('says how much had no room', () => {
    const pieces = Array.from({ length: 30 }, (_, index) =>
      piece(`s${index}`, `fact${index} number${index} only`, 0.5),
    );
    const { items, leftOut } = pack(pieces, 300);
    expect(items.length).toBeGreaterThan(3);
    expect(items.length + leftOut).toBe(30);
  });
});
