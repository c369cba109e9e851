/** Errors that more than one session met. */
import { normalizeError } from '../../observe/fingerprint';
import type { SessionFindings } from '../../store/tables/session-findings';
import { lineOf } from './open-ends';
import type { FoundLine } from './open-ends';

export interface FoundError extends FoundLine {
  sessions: number;
  times: number;
  fix?: FoundLine;
}

/** A line that is hardly more than numbers and paths is another error each time. */
const fewestLetters = 12;

/** @param findings the oldest first. Answers those met last first. */
export function recurringErrors(findings: readonly SessionFindings[]): FoundError[] {
  const known = new Map<string, FoundError>();
  for (const session of findings) {
    const own = new Map<string, FoundError>();
    for (const { text, times, evidence, fix } of session.body.errors) {
      const name = normalizeError(text);
      const [quote] = evidence;
      if (!quote || name.replace(/<\w+>/g, '').replace(/[^\p{L}]/gu, '').length < fewestLetters) continue;
      const fixed = fix && lineOf(session, fix)[0];
      const before = own.get(name);
      own.set(name, {
        session,
        text,
        quote,
        sessions: 1,
        times: (before?.times ?? 0) + times,
        ...(fixed && { fix: fixed }),
      });
    }
    for (const [name, error] of own) {
      const before = known.get(name);
      known.set(name, {
        ...(before?.fix && { fix: before.fix }),
        ...error,
        sessions: (before?.sessions ?? 0) + 1,
        times: (before?.times ?? 0) + error.times,
      });
    }
  }
  return [...known.values()].filter(({ sessions }) => sessions > 1).sort((a, b) => b.quote.at - a.quote.at);
}
