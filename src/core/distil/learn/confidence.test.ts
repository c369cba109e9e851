import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EvidenceWeight } from '../../store/tables/learning-evidence';
import { confidenceOf, sureFrom } from './confidence';

const piece = (
  kind: EvidenceWeight['kind'],
  speaks: -1 | 0 | 1,
  more: Partial<EvidenceWeight> = {},
): EvidenceWeight => ({ key: kind, kind, speaks, value: null, sessionId: 's', ...more });
const verified = piece('verification', 1);
const again = piece('reconfirmation', 1, { sessionId: 'other' });

describe('confidence', () => {
  it('of a verified fix is sure when it was kept, agreed to or met again, until something speaks against it', () => {
    expect(confidenceOf('fix', 'proposed', [verified])).toBeLessThan(sureFrom);
    for (const more of [piece('survival', 1, { value: 1 }), piece('reaction', 1), again])
      expect(confidenceOf('fix', 'proposed', [verified, more])).toBeGreaterThanOrEqual(sureFrom);
    for (const against of [
      piece('reaction', -1, { value: 1 }),
      piece('reaction', -1, { value: 0 }),
      piece('revert', -1),
      piece('survival', -1, { value: 0 }),
      piece('verification', -1),
    ]) {
      expect(confidenceOf('fix', 'proposed', [verified, against])).toBeLessThan(sureFrom);
    }
  });

  it('of a fix that nothing proves is not sure, however many lines there are', () => {
    expect(
      confidenceOf(
        'fix',
        'proposed',
        Array.from({ length: 20 }, () => piece('line', 1)),
      ),
    ).toBeLessThan(sureFrom);
  });

  it('grows with every session that says so, less each time, and only once a session', () => {
    const said = (count: number) =>
      confidenceOf(
        'check',
        'proposed',
        Array.from({ length: count + 1 }, (_, at) => piece('line', 1, { sessionId: `s${at}` })),
      );
    expect(said(0)).toBeLessThan(sureFrom);
    for (let count = 0; count < 4; count++) expect(said(count + 1)).toBeGreaterThan(said(count));
    expect(said(2) - said(1)).toBeLessThan(said(1) - said(0));
    expect(confidenceOf('check', 'proposed', [piece('line', 1), piece('line', 1), again, again])).toBe(said(1));
    // Git is asked about a session that is known already, so this is no further session.
    expect(confidenceOf('check', 'proposed', [piece('line', 1), piece('presence', 0, { sessionId: '' })])).toBe(
      said(0),
    );
  });

  it('stays between 0 and 1, and falls with anything that speaks against', () => {
    const kinds = fc.constantFrom<EvidenceWeight['kind']>(
      'line',
      'survival',
      'verification',
      'reaction',
      'revert',
      'reconfirmation',
      'presence',
    );
    const pieces = fc.array(
      fc.record({
        key: fc.string(),
        kind: kinds,
        speaks: fc.constantFrom<-1 | 0 | 1>(-1, 0, 1),
        value: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        sessionId: fc.string(),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(pieces, fc.constantFrom('proposed' as const, 'accepted' as const), (evidence, state) => {
        const confidence = confidenceOf('fix', state, evidence);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
        expect(confidenceOf('fix', state, [...evidence, piece('revert', -1)])).toBeLessThanOrEqual(confidence);
      }),
    );
  });
});
