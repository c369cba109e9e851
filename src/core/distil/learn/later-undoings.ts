/**
 * Fixes that a later session undid: both fixes of earlier sessions undone in this one, and fixes of this one undone
 * later, because sessions are read in any order.
 */
import type { SessionId } from '../../../protocol/model';
import type { SqlDriver } from '../../store/sqlite/driver';
import { editsBehind } from '../../store/tables/learning-evidence';
import { factsCiting } from '../../store/tables/proposals';
import { callsByUid, laterEdits } from '../../store/tables/session-lines';
import type { CallLine } from '../../store/tables/session-lines';
import { isEdit } from '../reading/outcomes';
import { factKeyOf, learningIdOf } from './candidate';
import type { Candidate, EvidenceDraft } from './candidate';
import type { SessionFacts } from './session-facts';
import { undone } from './undone';

export interface FoundUndoing {
  learning: string;
  /** The session in which it was undone. */
  sessionId: SessionId;
  evidence: EvidenceDraft[];
}

/** Fixes of earlier sessions that this one undid. Only edits count: a `git checkout` days later has another reason. */
export function undoingsHere(driver: SqlDriver, { head, lines }: SessionFacts): FoundUndoing[] {
  const edits = lines.filter((line): line is CallLine => isEdit(line));
  const files = filesOf(edits);
  if (files.length === 0) return [];
  const own = new Set(lines.map(({ uid }) => uid));
  return factsCiting(driver, head.projectId, files).flatMap(({ id, isDeadEnd }) => {
    // A dead end is known to be undone already.
    const behind = isDeadEnd ? [] : callsByUid(driver, editsBehind(driver, id)).filter(({ uid }) => !own.has(uid));
    const last = behind.at(-1);
    const evidence = last
      ? undone(
          behind,
          edits.filter(({ at }) => at > last.at),
        )
      : [];
    return evidence.length > 0 ? [{ learning: id, sessionId: head.id, evidence }] : [];
  });
}

/** Fixes of this session that later ones undid. */
export function undoingsLater(
  driver: SqlDriver,
  { head, lines }: SessionFacts,
  candidates: readonly Candidate[],
): FoundUndoing[] {
  const calls = new Map(lines.flatMap((line) => (line.kind === 'call' ? [[line.uid, line] as const] : [])));
  return candidates
    .filter(({ rule, edits }) => rule === 'fix' && edits.length > 0)
    .flatMap((candidate): FoundUndoing[] => {
      const edits = candidate.edits.flatMap((uid) => calls.get(uid) ?? []);
      const bySession = new Map<SessionId, CallLine[]>();
      for (const { sessionId, line } of laterEdits(driver, head, filesOf(edits), edits.at(-1)?.at ?? candidate.at))
        bySession.set(sessionId, [...(bySession.get(sessionId) ?? []), line]);
      return [...bySession].flatMap(([sessionId, later]) => {
        const evidence = undone(edits, later);
        return evidence.length > 0
          ? [{ learning: learningIdOf(factKeyOf(candidate, head.projectRoot)), sessionId, evidence }]
          : [];
      });
    });
}

const filesOf = (edits: readonly CallLine[]): string[] => [
  ...new Set(edits.flatMap(({ diffs }) => diffs.map(({ file }) => file))),
];
