/** The ledger of one batch: what became of every byte. */
import type { Redacted } from '../lib/redacted';
import { countUnknown, skipBytes } from '../store/tables/sources';
import type { Ledger } from '../store/tables/sources';
import type { Entry, SkipReason } from '../transcript/schema';
import type { Batch } from '../transcript/tail';

const versionName = /^[\w.+-]{1,40}$/;
const nameOfVersion = (version: Redacted | ''): Redacted | '' => (versionName.test(version) ? version : '');

/** Books every byte of the batch as stored or skipped, with the reason. */
export function bookBytes(
  before: Ledger,
  batch: Batch,
  entries: readonly { entry: Entry<Redacted>; line: number }[],
  facts: {
    skipAll: SkipReason | undefined;
    /** Of the client, for lines that do not name it. */
    version: Redacted | '';
    written: { storedLines: Set<number>; duplicateLines: Set<number>; erasedLines?: Set<number> } | undefined;
    duplicates: Set<number>;
    privates: Set<number>;
  },
): Ledger {
  const ledger: Ledger = {
    ...before,
    bytesSkipped: { ...before.bytesSkipped },
    linesSkipped: { ...before.linesSkipped },
  };
  // Bytes of an incomplete line at the last reading are read now, or are incomplete again.
  const waited = ledger.bytesSkipped.incomplete ?? 0;
  delete ledger.bytesSkipped.incomplete;
  delete ledger.linesSkipped.incomplete;
  ledger.bytesSeen -= waited;
  const reasons = new Map<number, SkipReason>();
  // Titles and token counts are stored although they make no rows.
  const counted = new Set<number>();
  /** Bytes of lines that belong to none of their objects. */
  const apart = new Map<number, number>();
  for (const { entry, line } of entries) {
    if (entry.skip && entry.bytes !== undefined) {
      skipBytes(ledger, entry.skip, entry.bytes);
      apart.set(line, (apart.get(line) ?? 0) + entry.bytes);
    } else if (entry.skip) reasons.set(line, entry.skip);
    if (entry.unknownType !== undefined && !facts.skipAll)
      countUnknown(ledger, entry.unknownType, nameOfVersion(entry.envelope.version ?? facts.version));
    if (entry.bodies.some(({ kind }) => kind === 'title' || kind === 'usage' || kind === 'cost')) counted.add(line);
  }
  batch.lines.forEach((each, line) => {
    ledger.bytesSeen += each.bytes;
    const bytes = each.bytes - (apart.get(line) ?? 0);
    const isStored = facts.written?.storedLines.has(line) ?? false;
    const isDuplicate = facts.duplicates.has(line) || (facts.written?.duplicateLines.has(line) ?? false);
    const own = reasons.get(line);
    if (isStored) ledger.bytesStored += bytes;
    else if (facts.skipAll)
      skipBytes(ledger, own === 'too_long' || own === 'empty' || own === 'malformed' ? own : facts.skipAll, bytes);
    else if (facts.written?.erasedLines?.has(line)) skipBytes(ledger, 'forgotten', bytes);
    else if (!own && !isDuplicate && counted.has(line)) ledger.bytesStored += bytes;
    else skipBytes(ledger, own ?? (isDuplicate ? 'duplicate' : facts.privates.has(line) ? 'private' : 'noise'), bytes);
  });
  if (batch.isEnd && batch.pendingBytes > 0) {
    ledger.bytesSeen += batch.pendingBytes;
    skipBytes(ledger, 'incomplete', batch.pendingBytes);
  }
  return ledger;
}
