/** Whether a conversation that goes on has its brief: its transcript says so, whatever client wrote it. */
import { open } from 'node:fs/promises';
import { ownTag } from '../protocol/own-text';

/** Read at most, from both ends: a session is given its brief when it begins, or when it goes on. */
const maxEndBytes = 4 << 20;
const mark = Buffer.from(`<${ownTag}>`);
/** In the lines of all clients, with a text of a hook that ran at the start. */
const startWords = ['SessionStart', 'session-start-hook'];

/** Only a transcript with a conversation in it can say that there is no brief. */
const spoken = ['"type":"user"', '"type":"assistant"'];

/**
 * `missing`: there is no conversation in the transcript, so nobody can say. Old clients begin to go on under a new id, with
 * a file that has a title only. A client that keeps no text of hooks sends it once, and has none when it goes on.
 */
export async function lookForBrief(transcript: string): Promise<'yes' | 'no' | 'missing'> {
  if (!transcript.endsWith('.jsonl')) return 'missing';
  try {
    const handle = await open(transcript, 'r');
    try {
      const found = await handle.stat();
      if (!found.isFile()) return 'missing';
      const ends = [0, ...(found.size > maxEndBytes ? [Math.max(maxEndBytes, found.size - maxEndBytes)] : [])];
      let isSpoken = false;
      for (const start of ends) {
        const bytes = Buffer.alloc(Math.min(maxEndBytes, found.size - start));
        // oxlint-disable-next-line no-await-in-loop -- the second end is seldom needed
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
        const read = bytes.subarray(0, bytesRead);
        if (hasMarkedStart(read)) return 'yes';
        isSpoken ||= spoken.some((words) => read.includes(words));
      }
      return isSpoken ? 'no' : 'missing';
    } finally {
      await handle.close();
    }
  } catch {
    return 'missing';
  }
}

function hasMarkedStart(bytes: Buffer): boolean {
  for (let from = 0; ;) {
    const at = bytes.indexOf(mark, from);
    if (at < 0) return false;
    const newline = bytes.indexOf(10, at);
    const end = newline < 0 ? bytes.length : newline;
    const line = bytes.subarray(bytes.lastIndexOf(10, at) + 1, end);
    if (startWords.some((words) => line.includes(words))) return true;
    from = end;
  }
}
