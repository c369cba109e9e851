/** Rules of the diagnosis about redaction: what is in force, what was refused, and whether all texts were scanned by it. */
import type { PatternFault } from '../../protocol/redaction';
import { dayMs } from '../lib/clock';
import { find } from './finding';
import type { Rule } from './finding';

/** Quoted, so that the report, which people send to others, leaves it out. */
const quoted = (text: string): string => `"${text.replaceAll('"', '')}"`;

const messages: Readonly<Record<PatternFault, string>> = {
  invalid: 'Patterns of redaction that are not applied: {0}. {1} is no regular expression: {2}',
  empty: 'Patterns of redaction that are not applied: {0}. {1} also describes a text without letters.',
  costly:
    'Patterns of redaction that are not applied: {0}. On some texts {1} would take far too long ({2}); bound its repetitions, as in x{1,40} for x+.',
  unproven:
    'Patterns of redaction that are not applied: {0}. How long {1} takes on any text could not be found out; write it more simply.',
  slow: 'Patterns of redaction that are not applied: {0}. {1} took too long on a text and was switched off until the next start.',
};

export const redactionRules: Readonly<Record<string, Rule>> = {
  redactionRefused({ redaction: { refused } }) {
    const [first] = refused;
    if (!first) return undefined;
    const { name, fault, detail } = first;
    return find(
      'store.redaction_refused',
      'warning',
      messages[fault],
      [refused.length, quoted(name), quoted(detail)],
      ['open_settings'],
    );
  },
  redaction({ redaction: { patterns, words, kinds, lastScan, isBehind, isScanning }, now }) {
    const id = 'store.redaction';
    if (isScanning) return find(id, 'note', 'The memory is being scanned by the rules of redaction of today.');
    if (lastScan && lastScan.endedAt === undefined)
      return find(
        id,
        'warning',
        'The last scan of the memory did not come to its end: what was stored before may hold what your rules describe.',
        [],
        ['scan_again'],
      );
    if (isBehind)
      return find(
        id,
        'note',
        'Your rules of redaction (patterns: {0}, words: {1}, kinds: {2}) apply to what is read from now on. What was stored before has not been scanned by them.',
        [patterns, words, kinds.length],
        ['scan_again', 'open_settings'],
      );
    if (lastScan?.endedAt !== undefined)
      return find(
        id,
        'ok',
        'Redaction: patterns of your own: {0}, words: {1}, kinds: {2}. The last scan, {3} days ago, replaced {4} places.',
        [
          patterns,
          words,
          kinds.length,
          Math.max(0, Math.floor((now - lastScan.endedAt) / dayMs)),
          Object.values(lastScan.counts).reduce((sum, count) => sum + count, 0),
        ],
        ['scan_again', 'open_settings'],
      );
    return undefined;
  },
};
