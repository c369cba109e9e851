/** A summary without the sentences that rest on rows which may not go along. */
import { heldTitle } from './classes';
import type { SessionId } from './model';
import type { Claim, Evidence, SessionSummary } from './summary';

/**
 * Sentences that rest on what may not go are empty and keep their places, by which they are called. A row that is gone is
 * asked for by its session.
 */
export function onlyOpen<S extends SessionSummary>(
  summary: S,
  may: (key: string) => boolean,
  mayTitle: (session: SessionId) => boolean,
): S {
  const isOpen = (evidence: readonly Evidence[]): boolean =>
    evidence.every(({ key, sessionId }) => (key === undefined ? mayTitle(sessionId) : may(key)));
  const claims = (list: readonly Claim[]): Claim[] =>
    list.map((claim) => (isOpen(claim.evidence) ? claim : { text: '', evidence: [] }));
  return {
    ...summary,
    title: mayTitle(summary.sessionId) ? summary.title : heldTitle,
    asked: claims(summary.asked),
    done: claims(summary.done),
    decisions: claims(summary.decisions),
    openEnds: claims(summary.openEnds),
    keyPoints: claims(summary.keyPoints),
    files: summary.files.map((file) => (isOpen(file.evidence) ? file : { ...file, path: '', evidence: [] })),
    commands: summary.commands.map((run) => (isOpen(run.evidence) ? run : { ...run, command: '', evidence: [] })),
    errors: summary.errors.map((error) => {
      const { fix, ...met } = error;
      if (!isOpen(met.evidence)) return { ...met, text: '', evidence: [] };
      return fix && !isOpen(fix.evidence) ? met : error;
    }),
  };
}

/** Keys of all rows that a summary rests on. */
export const keysOfSummary = (summary: SessionSummary): string[] =>
  [
    ...[summary.asked, summary.done, summary.decisions, summary.openEnds, summary.keyPoints].flat(),
    ...summary.files,
    ...summary.commands,
    ...summary.errors,
    ...summary.errors.flatMap(({ fix }) => fix ?? []),
  ].flatMap(({ evidence }) => evidence.flatMap(({ key }) => key ?? []));
