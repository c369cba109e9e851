/** Everything in memory that matches a query by itself, for erasing: nothing is loosened, and no hit stands for others. */
import { MemoryError } from '../../protocol/errors';
import type { SearchQuery } from '../../protocol/questions/search';
import { askedQuery } from '../index/asked-query';
import type { FullText } from '../index/full-text';
import { documentKinds } from '../store/tables/documents';
import { emptySelection } from '../store/tables/erase-selection';
import type { EraseSelection } from '../store/tables/erase-selection';

/** @throws MemoryError `invalid_input` when the query is not understood, or names what it should be like */
export function selectMatching(
  index: FullText,
  { isTyping: _, similarTo, ...query }: SearchQuery,
  projectIds: readonly number[] | undefined,
  now: number,
): EraseSelection {
  if (similarTo !== undefined) throw new MemoryError('invalid_input', 'What is only alike cannot be erased together.');
  const selection = emptySelection();
  const lists = {
    [documentKinds.prompt]: selection.prompts,
    [documentKinds.observation]: selection.observations,
    [documentKinds.learning]: selection.learnings,
    [documentKinds.session]: selection.titles,
    [documentKinds.note]: selection.notes,
  };
  for (const { kind, row } of index.strictly(askedQuery(query, projectIds, now))) lists[kind].push(row);
  return selection;
}
