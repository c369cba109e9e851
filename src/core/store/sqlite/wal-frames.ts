/**
 * Reads pages from a write-ahead log that are not in its database yet. Used when the disk layer that wrote the log no
 * longer passes its self-test. @see https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */

export interface WalPages {
  /** Newest committed content by page number, counted from 1. */
  pages: Map<number, Buffer>;
  /** Size of the database in pages after the last commit. */
  pageCount: number;
}

const headerBytes = 32;
const frameHeaderBytes = 24;
const magic = 0x377f_0682;

/**
 * Pages of all complete transactions in the log; undefined when there are none. An incomplete one at the end is left
 * from a crash and skipped.
 */
export function readWal(wal: Buffer, pageSize: number): WalPages | undefined {
  // The lowest bit of the magic tells the byte order of the checksums.
  if (wal.length < headerBytes || (wal.readUInt32BE(0) & ~1) !== magic || wal.readUInt32BE(8) !== pageSize)
    return undefined;
  const word =
    (wal.readUInt32BE(0) & 1) === 1 ? (at: number) => wal.readUInt32BE(at) : (at: number) => wal.readUInt32LE(at);
  let sums: [number, number] = [0, 0];
  const add = (from: number, to: number) => {
    let [first, second] = sums;
    for (let at = from; at < to; at += 8) {
      first = (first + word(at) + second) >>> 0;
      second = (second + word(at + 4) + first) >>> 0;
    }
    sums = [first, second];
  };
  const isSum = (at: number) => wal.readUInt32BE(at) === sums[0] && wal.readUInt32BE(at + 4) === sums[1];
  add(0, 24);
  if (!isSum(24)) return undefined;
  const found: WalPages = { pages: new Map(), pageCount: 0 };
  const open = new Map<number, Buffer>();
  for (let at = headerBytes; at + frameHeaderBytes + pageSize <= wal.length; at += frameHeaderBytes + pageSize) {
    if (wal.compare(wal, 16, 24, at + 8, at + 16) !== 0) break;
    add(at, at + 8);
    add(at + frameHeaderBytes, at + frameHeaderBytes + pageSize);
    if (!isSum(at + 16)) break;
    open.set(wal.readUInt32BE(at), wal.subarray(at + frameHeaderBytes, at + frameHeaderBytes + pageSize));
    const pageCount = wal.readUInt32BE(at + 4);
    if (pageCount === 0) continue;
    for (const [page, content] of open) found.pages.set(page, content);
    found.pageCount = pageCount;
    open.clear();
  }
  return found.pageCount > 0 ? found : undefined;
}
