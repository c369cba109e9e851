/** The text of a basket in the forms in which it is given. What is in it comes from transcripts, so it is not trusted. */
import { unwrapGiven } from '../../protocol/own-text';
import { cleanText } from '../insert/comment';

/** In a prompt and in CLAUDE.md `@path` makes Claude Code read that file. Broken up visibly; `@Decorator()` is none. */
const mention = /(^|[\s([{<"'`,;:>-])@(?=\S)(?!\w+\()/gm;

/** For a prompt, between our marks: what Claude reads between them is not stored as something new. */
export const textForClaude = (text: string): string => cleanText(text).replace(mention, '$1@ ');

/** For a file that is mentioned: names of files in it are not followed. */
export const textForBrief = (text: string): string => cleanText(text);

/** For a file of the person, where marks would only be in the way. */
export const textForFile = (text: string): string => cleanText(unwrapGiven(text));

/** For CLAUDE.md: no line of it ends the section or begins a comment. */
export function textForInstructions(text: string): string {
  let plain = textForClaude(unwrapGiven(text));
  // Repeated, because taking one out can put another together.
  while (/<!--|-->/.test(plain)) plain = plain.replaceAll('<!--', '').replaceAll('-->', '');
  return plain;
}
