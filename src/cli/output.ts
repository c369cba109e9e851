/**
 * What the command line writes. Titles, folders and snippets come from transcripts: a terminal must not act on escape
 * codes in them, and marks that turn the direction of text must not hide what is written.
 */
import { showInvisible } from '../protocol/visible-text';

/** Results, for people. */
export function print(text: string): void {
  process.stdout.write(showInvisible(text));
}

/** One JSON document. What a terminal would act on is escaped, so the values are the same for a program. */
export function printJson(value: unknown): void {
  process.stdout.write(`${escapeJson(JSON.stringify(value))}\n`);
}

/** Everything else: progress, warnings, errors. */
export function tell(text: string): void {
  process.stderr.write(showInvisible(text));
}

// JSON leaves these as they are: controls above ASCII, marks of direction, and other invisible letters.
// oxlint-disable-next-line no-misleading-character-class
const active = /[\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/g;
const escapeJson = (json: string): string =>
  json.replace(active, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
