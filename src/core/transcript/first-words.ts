/** The beginning of a transcript, for a list of sessions that are not in the memory. */
import { realpath } from 'node:fs/promises';
import { normalizeFolder } from '../../protocol/paths';
import { parseLine } from './parse';
import { readStart } from './plain-file';

export interface FirstWords {
  /** Folder of the session; empty when no line names it. */
  cwd: string;
  /** Epoch milliseconds of the first dated line; 0 when none is. */
  startedAt: number;
  /** The first prompt of a person, or a title; empty when there is none. Not redacted. */
  title: string;
}

/** Enough for the client's first lines and a prompt. */
const maxBytes = 128 * 1024;

/** Empty when the file cannot be read. */
export async function readFirstWords(path: string): Promise<FirstWords> {
  const words: FirstWords = { cwd: '', startedAt: 0, title: '' };
  // A transcript may be a link to a file, which is not opened as it is.
  const real = await realpath(path).catch(() => path);
  for (const line of (await readStart(real, maxBytes)).toString('utf8').split('\n')) {
    if (line.trim() === '') continue;
    for (const { envelope, bodies } of parseLine(line)) {
      words.cwd ||= envelope.cwd ?? '';
      words.startedAt ||= envelope.at ?? 0;
      for (const body of bodies) {
        if (body.kind === 'prompt' && body.isHuman) words.title ||= body.text;
        if (body.kind === 'title') words.title ||= body.title;
      }
    }
    if (words.cwd !== '' && words.startedAt !== 0 && words.title !== '') break;
  }
  return { ...words, cwd: words.cwd === '' ? '' : normalizeFolder(words.cwd) };
}
