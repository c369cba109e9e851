/** The prompts behind the figures, each with what it was given and the rows that used it. */
import type { ExamplesQuery } from '../../protocol/questions/give';
import { rowKeyOf } from '../../protocol/row-key';
import type { ShadowExample } from '../../protocol/shadow';
import type { Page } from '../../protocol/status';
import { shorten } from '../../protocol/text';
import type { NameKey } from '../lib/keyed-name';
import type { SqlDriver } from '../store/sqlite/driver';
import { linesByUid } from '../store/tables/lines';
import { listShadows } from '../store/tables/shadows';
import type { ShadowFilter } from '../store/tables/shadows';
import { neverTest } from './choices';
import { partsById } from './pieces-by-id';

const pageSize = 20;
const maxPrompt = 300;
const maxUse = 160;

export function shadowExamples(
  { driver, names }: { driver: SqlDriver; names: NameKey },
  { source, verdict, isGiven, cursor }: ExamplesQuery,
  projectIds: readonly number[] | undefined,
): Page<ShadowExample> {
  const filter: ShadowFilter = {
    projectIds,
    ...(source !== undefined && { source }),
    ...(verdict !== undefined && { verdict }),
    ...(isGiven !== undefined && { isGiven }),
    ...(cursor !== undefined && { after: placeOf(cursor) }),
  };
  const rows = listShadows(driver, filter, pageSize + 1);
  const shown = rows.slice(0, pageSize);
  const items = shown.flatMap((row) => row.items);
  const parts = partsById(driver, items, neverTest(driver, names) ?? (() => false));
  const lines = linesByUid(
    driver,
    items.flatMap(({ use }) => use?.uid ?? []),
  );
  const last = shown.at(-1);
  return {
    items: shown.map(({ uid: _, prompt, text, ...row }): ShadowExample => ({
      sessionId: row.sessionId,
      title: row.title,
      turn: row.turn,
      prompt: shorten(text, maxPrompt),
      at: row.at,
      verdict: row.verdict,
      isGiven: row.isGiven,
      tokens: row.tokens,
      ...(prompt !== null && { key: rowKeyOf({ kind: 'prompt', row: prompt }) }),
      items: row.items.map(({ id, sessionId, source: from, use }) => {
        const line = use && lines.get(use.uid);
        return {
          ...(parts.get(id) ?? { id, ...(sessionId !== undefined && { sessionId }) }),
          source: from,
          ...(use && {
            use: {
              kind: use.kind,
              text: shorten(line?.text ?? '', maxUse),
              ...(line && { key: line.key, turn: line.turn }),
            },
          }),
        };
      }),
    })),
    ...(rows.length > pageSize && last && { next: `${last.at} ${last.uid}` }),
  };
}

/** A cursor of another list begins at its first page. */
function placeOf(cursor: string): { at: number; uid: string } {
  const [at = '', uid = ''] = cursor.split(' ');
  return { at: Number(at) || 0, uid };
}
