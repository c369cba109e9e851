/**
 * Judges regular expressions that a person wrote: whether they take linear time on any text. It may take seconds, so it
 * runs in a thread that ends with it.
 */
import type { OwnPattern, PatternFault } from '../../protocol/redaction';

/** Undefined fault: it may be applied. */
export interface Verdict {
  fault?: PatternFault;
  /** In the words of the engine or of the judge; empty when there is nothing to add. */
  detail: string;
}

/** Milliseconds for one pattern: first by its automaton, and when that grows too large, by trying attacks. */
const [provingMs, attackingMs] = [3000, 4000];

/** One verdict for each pattern, in order. */
export async function judgePatterns(patterns: readonly OwnPattern[]): Promise<Verdict[]> {
  // Three megabytes, which no other task needs.
  const { checkSync } = await import('recheck/lib/browser.js');
  return patterns.map((each) => {
    let regex: RegExp;
    try {
      regex = new RegExp(each.pattern, each.flags);
    } catch (error) {
      return { fault: 'invalid', detail: error instanceof Error ? error.message : '' };
    }
    if (regex.test('')) return { fault: 'empty', detail: '' };
    // Flags that change nothing about the time, and that the judge does not know.
    const flags = regex.flags.replace('v', 'u').replace('d', '');
    let judged = checkSync(each.pattern, flags, { timeout: provingMs });
    if (judged.status === 'unknown') judged = checkSync(each.pattern, flags, { timeout: attackingMs, checker: 'fuzz' });
    if (judged.status === 'safe') return { detail: '' };
    if (judged.status === 'unknown') return { fault: 'unproven', detail: '' };
    return { fault: 'costly', detail: judged.complexity.summary };
  });
}
