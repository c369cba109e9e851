/** Makes a learning from a hit: opens the form of the Learnings tab, filled in. */
import { shorten } from '../../protocol/text';
import { cleanText } from '../insert/comment';
import type { Parts } from '../parts';

/** A longer text is not read in a form. */
const descriptionLength = 4_000;

export async function draftLearning({ memory, view }: Parts, key: string): Promise<void> {
  const { text, sessionTitle, sessionId } = await (await memory.client()).memoryText(key);
  const clean = cleanText(text).trim();
  const title = shorten(firstWords(clean) || sessionTitle, 100);
  await view.show('draftLearning', {
    title,
    description: clean.slice(0, descriptionLength),
    sourceSessions: [sessionId],
  });
}

/** The first line with content, without Markdown signs. */
function firstWords(text: string): string {
  return (text.split('\n').find((line) => /\p{L}/u.test(line)) ?? '').replace(/^[\s#>*+-]+/, '').replace(/[`*_]/g, '');
}
