/** What a head may ask for, checked once. Every refusal says what would be right. */
import type { LearningInput } from '../protocol/memory-api';
import { MemoryError } from '../protocol/errors';
import { learningCategories } from '../protocol/model';

const longest = { title: 300, description: 20_000, context: 20_000, notes: 5_000, tag: 60 } as const;
const mostTags = 20;

/** A page size between 1 and `most`. */
export function checkLimit(limit: number | undefined, usual: number, most: number): number {
  if (limit === undefined) return usual;
  if (!Number.isInteger(limit) || limit < 1 || limit > most) throw new MemoryError('invalid_input', `The number of rows must be between 1 and ${most}.`);
  return limit;
}

export function checkLearning(input: LearningInput): LearningInput {
  const refuse = (message: string): never => {
    throw new MemoryError('invalid_input', message);
  };
  if (!/^[\w-]{8,64}$/.test(input.id)) refuse('A learning needs an id of 8 to 64 letters, digits or dashes.');
  if (!learningCategories.includes(input.category)) refuse(`The category must be one of ${learningCategories.join(', ')}.`);
  if (input.title.trim() === '') refuse('A learning needs a title.');
  if (input.title.length > longest.title) refuse(`The title may have at most ${longest.title} letters.`);
  if (input.description.length > longest.description) refuse(`The description may have at most ${longest.description} letters.`);
  if ((input.context ?? '').length > longest.context) refuse(`The context may have at most ${longest.context} letters.`);
  if ((input.verificationNotes ?? '').length > longest.notes) refuse(`The notes may have at most ${longest.notes} letters.`);
  const tags = [...new Set((input.tags ?? []).map((tag) => tag.trim()).filter((tag) => tag !== ''))];
  if (tags.length > mostTags || tags.some((tag) => tag.length > longest.tag)) refuse(`A learning may have at most ${mostTags} tags of ${longest.tag} letters.`);
  return { ...input, title: input.title.trim(), tags };
}
