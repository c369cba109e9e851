/**
 * Which lines of a transcript say what a person erased: those that make an erased row, results of erased calls, and lines
 * in which the client wrote an erased text once more. Rows are known by their uid, texts by their keyed hash.
 */
import type { SessionId } from '../../protocol/model';
import type { KeyedName, NameKey } from '../lib/keyed-name';
import { erasedMark } from '../store/tables/erasures';
import type { ErasedTest } from '../store/tables/erasures';
import type { Draft } from '../transcript/drafts';
import type { Entry } from '../transcript/schema';
import { digest } from '../transcript/thread';

export interface ThreadedLines {
  drafts: readonly Draft[];
  waiting: readonly Draft[];
}

export function erasedLines(
  entries: readonly { entry: Entry; line: number }[],
  { drafts, waiting }: ThreadedLines,
  session: SessionId,
  names: NameKey,
  isErased: ErasedTest,
): Set<number> {
  const erased = new Set<number>();
  const kept = new Set<number>();
  const calls = new Set<KeyedName>();
  const all = [...drafts, ...waiting];
  for (const draft of all) {
    if (draft.kind === 'call' && isErased(draft.uid)) calls.add(draft.toolUseId);
    if (draft.kind === 'message' || draft.kind === 'call') {
      const answer = draft.kind === 'message' ? draft.answerKey : undefined;
      const isGone = isErased(draft.uid) || (answer !== undefined && isErased(erasedMark.answer(answer)));
      (isGone ? erased : kept).add(draft.line);
    }
  }
  const own = new Set(all.flatMap((draft) => (draft.kind === 'call' ? [draft.toolUseId] : [])));
  for (const draft of all)
    if (draft.kind === 'result') {
      const isOf =
        calls.has(draft.toolUseId) ||
        isErased(draft.orphanUid) ||
        // A call of the same id in this batch is another one.
        (!own.has(draft.toolUseId) && isErased(erasedMark.call(draft.toolUseId, session)));
      (isOf ? erased : kept).add(draft.line);
    }
  for (const { entry, line } of entries) {
    if (kept.has(line) || erased.has(line)) continue;
    for (const body of entry.bodies) {
      const isText = body.kind === 'prompt' || body.kind === 'queue' || body.kind === 'injected';
      if (isText && body.text !== '' && isErased(erasedMark.text(names.of(digest(body.text)), session)))
        erased.add(line);
      if (body.kind === 'title' && isErased(erasedMark.title(session))) erased.add(line);
    }
  }
  return erased;
}
