/** Fixes of earlier sessions that this one takes back. */
import type { SqlDriver } from '../store/driver';
import { editsBehind } from '../store/learning-evidence';
import { factsCiting } from '../store/proposals';
import { callsByUid } from '../store/session-lines';
import type { CallLine } from '../store/session-lines';
import type { EvidenceDraft } from './candidate';
import { isEdit } from './outcomes';
import { undone } from './rules/undoings';
import type { SessionFacts } from './session-facts';

export interface FoundUndoing {
  learning: string;
  evidence: EvidenceDraft[];
}

export function laterUndoings(driver: SqlDriver, { head, lines }: SessionFacts): FoundUndoing[] {
  const edits = lines.filter((line): line is CallLine => isEdit(line));
  const files = [...new Set(edits.flatMap(({ diffs }) => diffs.map(({ file }) => file)))];
  if (files.length === 0) return [];
  const own = new Set(lines.map(({ uid }) => uid));
  return factsCiting(driver, head.projectId, files).flatMap(({ id, isDeadEnd }) => {
    // What is a dead end already gets no truer by being taken back again.
    const behind = isDeadEnd ? [] : callsByUid(driver, editsBehind(driver, id)).filter(({ uid }) => !own.has(uid));
    const last = behind.at(-1);
    // Only edits speak here: a `git checkout` days later is about something else.
    const evidence = last ? undone(behind, edits.filter(({ at }) => at > last.at)) : [];
    return evidence.length > 0 ? [{ learning: id, evidence }] : [];
  });
}
