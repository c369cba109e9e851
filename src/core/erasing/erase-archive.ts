/**
 * Takes what was erased out of the archive, block by block: lines of erased rows in the sessions that show them, and any
 * line with a piece of an erased text. The lines stay, without what they say, so that a session can be resumed around them.
 */
import { MemoryError } from '../../protocol/errors';
import type { SessionId } from '../../protocol/model';
import { erasedLines } from '../capture/erased-lines';
import type { ByteFinder } from '../lib/byte-finder';
import type { NameKey } from '../lib/keyed-name';
import type { Turn } from '../lib/turns';
import type { Redactor } from '../observe/redact';
import type { RedactedBytes } from '../observe/redact';
import { linesOfBlock, ownerOfFile, partAfter, replacePart } from '../store/archive/rescan';
import type { ArchivedPart } from '../store/archive/rescan';
import type { SqlDriver } from '../store/sqlite/driver';
import type { ErasedTest } from '../store/tables/erasures';
import { blankLine } from '../transcript/blank-line';
import { parseLine } from '../transcript/parse';
import { newThread, threadEntries } from '../transcript/thread';
import type { ThreadState } from '../transcript/thread';

export interface EraseArchivePorts {
  archive: SqlDriver;
  finder: ByteFinder;
  /** Those whose rows were erased, and those that showed them. */
  sessions: ReadonlySet<SessionId>;
  names: NameKey;
  isErased: ErasedTest;
  redactor: Pick<Redactor, 'redactLines'>;
  turn: Turn;
  onBlock: () => void;
}

/** A part is read again when it was appended to meanwhile. */
const mostTries = 5;

/** Number of blocks that were changed. */
export async function eraseArchived(ports: EraseArchivePorts): Promise<number> {
  const { archive, turn, onBlock } = ports;
  let changed = 0;
  let file = { id: -1, session: '', kind: 'main', thread: newThread, lines: 0 };
  let part = partAfter(archive, 0, -1);
  while (part) {
    if (part.file !== file.id)
      file = { id: part.file, ...ownerOfFile(archive, part.file), thread: newThread, lines: 0 };
    let step: Step | undefined;
    for (let tries = 0; !step && tries < mostTries; tries++) {
      // oxlint-disable-next-line no-await-in-loop -- tried again only when it was appended to meanwhile
      step = await erasePart(ports, part, file);
      if (!step) part = partAfter(archive, part.file, part.n - 1) ?? part;
    }
    if (step?.isChanged) changed++;
    file = { ...file, thread: step?.thread ?? file.thread, lines: file.lines + (step?.lines ?? 0) };
    onBlock();
    part = partAfter(archive, part.file, part.n);
    // oxlint-disable-next-line no-await-in-loop -- questions are answered in between
    await turn();
  }
  return changed;
}

interface Step {
  isChanged: boolean;
  lines: number;
  thread: ThreadState;
}

/** Undefined when the part was appended to meanwhile. */
async function erasePart(
  { archive, finder, sessions, names, isErased, redactor }: EraseArchivePorts,
  part: ArchivedPart,
  file: { session: SessionId; kind: string; thread: ThreadState; lines: number },
): Promise<Step | undefined> {
  let lines: Uint8Array[];
  try {
    lines = linesOfBlock(archive, part.block);
  } catch (error) {
    // It is left to the check that finds damage; nothing of it can be read, and so given back.
    if (MemoryError.is(error, 'corrupt')) return { isChanged: false, lines: 0, thread: file.thread };
    throw error;
  }
  const gone = new Set<number>();
  let { thread } = file;
  if (sessions.has(file.session)) {
    const entries = lines.flatMap((bytes, line) =>
      parseLine(Buffer.from(bytes).toString('utf8').trimEnd(), 0).map((entry) => ({
        // What stands in the archive has passed redaction.
        entry: entry as never,
        line,
      })),
    );
    const threaded = threadEntries(entries, thread, { isAgentFile: file.kind === 'agent', names });
    thread = threaded.state;
    for (const line of erasedLines(entries, threaded, file.session, names, isErased)) gone.add(line);
  }
  lines.forEach((bytes, line) => {
    if (finder.isIn(bytes)) gone.add(line);
  });
  if (gone.size === 0) return { isChanged: false, lines: lines.length, thread };
  const blank = lines.map((bytes, line) => (gone.has(line) ? blankLine(bytes) : bytes));
  if (blank.every((bytes, line) => Buffer.compare(bytes, lines[line]!) === 0))
    return { isChanged: false, lines: lines.length, thread };
  const safe = await redactor.redactLines([...gone].map((line) => blank[line]!));
  const byLine = new Map([...gone].map((line, at) => [line, safe[at]!.bytes]));
  const isDone = replacePart(
    archive,
    part,
    lines.map((bytes, line) => ({
      bytes: byLine.get(line) ?? (bytes as RedactedBytes),
      originalHash: undefined,
      redactions: 0,
    })),
    file.lines,
  );
  return isDone ? { isChanged: true, lines: lines.length, thread } : undefined;
}
