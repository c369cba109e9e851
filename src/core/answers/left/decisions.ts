/** Decisions of all sessions of a project: those in force, each with those whose place it took. */
import { overlap, termsOf } from '../../distil/reading/turns';
import { contradicts } from '../../give/contradicting';
import type { SqlDriver } from '../../store/sqlite/driver';
import { amendmentsOf } from '../../store/tables/amendments';
import type { SessionFindings } from '../../store/tables/session-findings';
import { lineOf } from './open-ends';
import type { FoundLine } from './open-ends';

export interface FoundDecision extends FoundLine {
  superseded: FoundLine[];
}

/** Words in common that make a later decision of an amending turn one of the same thing. */
const leastShared = 0.4;
const fewestShared = 3;
/** The same sentence again. */
const same = 0.85;

/** Yields after each session. @param findings of one project, the oldest first. Answers the newest first. */
export function* decisionsOf(
  driver: SqlDriver,
  findings: readonly SessionFindings[],
): Generator<undefined, FoundDecision[]> {
  const amended = new Set(
    amendmentsOf(
      driver,
      findings.map(({ id }) => id),
    ).map(({ earlierId, sessionId, turn }) => `${earlierId} ${sessionId} ${turn}`),
  );
  let inForce: (FoundDecision & { terms: ReadonlySet<string> })[] = [];
  for (const session of findings) {
    for (const line of session.body.decisions.flatMap((claim) => lineOf(session, claim))) {
      const terms = termsOf(line.text);
      const gone = inForce.filter(
        (earlier) =>
          earlier.session !== session &&
          (contradicts(line.text, earlier.text) ||
            (isAmending(amended, earlier, line) && isAboutSame(earlier.terms, terms))),
      );
      const again = inForce.filter(
        (each) => !gone.includes(each) && overlap(each.terms, terms) >= same && each.terms.size >= fewestShared,
      );
      const superseded = [
        ...gone.flatMap(({ superseded: before, ...earlier }) => [plain(earlier), ...before]),
        ...again.flatMap(({ superseded: before }) => before),
      ];
      inForce = [
        ...inForce.filter((each) => !gone.includes(each) && !again.includes(each)),
        { ...line, terms, superseded },
      ];
    }
    yield;
  }
  return inForce.toReversed();
}

const plain = ({ session, text, quote }: FoundLine): FoundLine => ({ session, text, quote });

const isAmending = (amended: ReadonlySet<string>, earlier: FoundLine, { session, quote }: FoundLine): boolean =>
  [quote.turn, quote.turn - 1].some((turn) => amended.has(`${earlier.session.id} ${session.id} ${turn}`));

function isAboutSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  let shared = 0;
  for (const term of one) if (other.has(term)) shared++;
  return shared >= fewestShared && overlap(one, other) >= leastShared;
}
