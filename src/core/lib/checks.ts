import { MemoryError } from '../../protocol/errors';
/** Validates arguments of heads. Every error says what would be valid. */
import type { LearningInput, SavedSearchInput } from '../../protocol/memory-api';
import { learningCategories } from '../../protocol/model';

const longest = {
  title: 300,
  description: 20_000,
  context: 20_000,
  notes: 5_000,
  tag: 60,
  searchName: 100,
  searchText: 1_000,
} as const;
const maxTags = 20;
const idPattern = /^[\w-]{8,64}$/;

/** A page size between 1 and `most`. */
export function checkLimit(limit: number | undefined, usual: number, most: number): number {
  if (limit === undefined) return usual;
  if (!Number.isInteger(limit) || limit < 1 || limit > most)
    throw new MemoryError('invalid_input', `The number of rows must be between 1 and ${most}.`);
  return limit;
}

/** Least score of a hit, 0 to 1. */
export function checkScore(score: number | undefined): number {
  if (score === undefined) return 0;
  if (!Number.isFinite(score) || score < 0 || score > 1)
    throw new MemoryError('invalid_input', 'The least score must be between 0 and 1.');
  return score;
}

function refuse(message: string): never {
  throw new MemoryError('invalid_input', message);
}

export function checkLearning(input: LearningInput): LearningInput {
  if (!idPattern.test(input.id)) refuse('A learning needs an id of 8 to 64 letters, digits or dashes.');
  if (!learningCategories.includes(input.category))
    refuse(`The category must be one of ${learningCategories.join(', ')}.`);
  if (input.title.trim() === '') refuse('A learning needs a title.');
  if (input.title.length > longest.title) refuse(`The title may have at most ${longest.title} letters.`);
  if (input.description.length > longest.description)
    refuse(`The description may have at most ${longest.description} letters.`);
  if ((input.context ?? '').length > longest.context)
    refuse(`The context may have at most ${longest.context} letters.`);
  if ((input.verificationNotes ?? '').length > longest.notes)
    refuse(`The notes may have at most ${longest.notes} letters.`);
  return { ...input, title: input.title.trim(), tags: checkTags(input.tags ?? []) };
}

/** Trimmed and without duplicates. */
export function checkTags(raw: readonly string[]): string[] {
  const tags = [...new Set(raw.map((tag) => tag.trim()).filter((tag) => tag !== ''))];
  if (tags.length > maxTags || tags.some((tag) => tag.length > longest.tag))
    refuse(`There may be at most ${maxTags} tags of ${longest.tag} letters.`);
  return tags;
}

export function checkSearch(input: SavedSearchInput): SavedSearchInput {
  const [name, text] = [input.name.trim(), input.text.trim()];
  if (!idPattern.test(input.id)) refuse('A saved search needs an id of 8 to 64 letters, digits or dashes.');
  if (name === '' || name.length > longest.searchName)
    refuse(`A saved search needs a name of at most ${longest.searchName} letters.`);
  if (text === '' || text.length > longest.searchText)
    refuse(`A saved search needs a text of at most ${longest.searchText} letters.`);
  if (input.uses !== undefined && !(Number.isInteger(input.uses) && input.uses >= 0))
    refuse('The number of uses must be a whole number.');
  return { ...input, name, text };
}
