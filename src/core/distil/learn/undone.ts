/** Undone edits, as evidence against what was learnt from them. */
import type { CallLine, SessionLine } from '../../store/tables/session-lines';
import { undoingsAmong } from '../reading/undoings';
import { quoteOf, quoteOfEdit, wordingOf } from './candidate';
import type { EvidenceDraft } from './candidate';
import { changesAfter } from './session-facts';
import type { SessionFacts } from './session-facts';

/** Evidence against edits: one piece for each later line of the session that undoes them. */
export const undoingsOf = (facts: SessionFacts, edits: readonly CallLine[]): EvidenceDraft[] =>
  undone(edits, changesAfter(facts, edits));

/** The same for any later lines, including those of other sessions. */
export const undone = (edits: readonly CallLine[], later: readonly SessionLine[]): EvidenceDraft[] =>
  undoingsAmong(later, edits).map(({ line, how }): EvidenceDraft => ({
    key: `revert:${line.uid}`,
    kind: 'revert',
    speaks: -1,
    ...(how === 'thrownAway'
      ? {
          message: 'thrownAway',
          args: [wordingOf(line.headline, 80)],
          lines: [{ uid: line.uid, quote: quoteOf(line.input) }],
        }
      : { message: 'undoneLater', args: [], lines: [{ uid: line.uid, quote: quoteOfEdit(line) }] }),
    at: line.at,
  }));
