/** Generations of an archived file: one whose lines are all in a newer one is not kept. */
import { MemoryError } from '../../../protocol/errors';
import type { SqlDriver } from '../sqlite/driver';
import { eraseFiles, readArchivedFile } from './archive';
import type { FileRow, LeftOut } from './archive';

/**
 * Deletes older generations of a file whose lines are all in the newest one. What is known of their original lines
 * moves to the newest generation.
 */
export function dropContainedGenerations(driver: SqlDriver, path: string): void {
  const [newest, ...older] = driver.all<FileRow>('SELECT * FROM files WHERE path = ? ORDER BY generation DESC', [path]);
  if (!newest) return;
  for (const row of older) {
    const lines = placesOfLines(driver, row.id, newest.id);
    if (!lines) continue;
    driver.transaction(() => {
      for (const { line, original_hash } of driver.all<{ line: number; original_hash: string }>(
        'SELECT line, original_hash FROM changed_lines WHERE file = ?',
        [row.id],
      )) {
        driver.run('INSERT OR IGNORE INTO changed_lines (file, line, original_hash) VALUES (?, ?, ?)', [
          newest.id,
          lines[line] ?? line,
          original_hash,
        ]);
      }
      // A transcript restored from the archive has redaction marks instead of secrets and lacks the lines that were too
      // long, so the counts of the older generation are the right ones.
      const leftOut = { ...(JSON.parse(newest.left_out_json) as object), ...tooLong(row) };
      driver.run('UPDATE files SET redactions = max(redactions, ?), left_out_json = ? WHERE id = ?', [
        row.redactions,
        JSON.stringify(leftOut),
        newest.id,
      ]);
      eraseFiles(driver, [row.id]);
    });
  }
}

const tooLong = ({ left_out_json }: FileRow): object => {
  const { too_long: bytes } = JSON.parse(left_out_json) as Partial<Record<LeftOut, number>>;
  return bytes === undefined ? {} : { too_long: bytes };
};

/** Where each line of `file` stands in `other`, in order; undefined when one is missing there. */
function placesOfLines(driver: SqlDriver, file: number, other: number): number[] | undefined {
  const theirs = linesOf(driver, other);
  const places: number[] = [];
  let at = -1;
  try {
    for (const line of linesOf(driver, file)) {
      let their;
      do {
        their = theirs.next();
        if (their.done) return undefined;
        at++;
      } while (!sameLine(their.value, line));
      places.push(at);
    }
    return places;
  } catch (error) {
    // A damaged generation counts as different from all others, so it is kept.
    if (MemoryError.is(error, 'corrupt')) return undefined;
    throw error;
  }
}

function* linesOf(driver: SqlDriver, file: number): Generator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for (const piece of readArchivedFile(driver, file)) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : Buffer.from(piece);
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      yield bytes.subarray(from, end + 1);
      from = end + 1;
    }
    rest = Buffer.from(bytes.subarray(from));
  }
  if (rest.length > 0) yield rest;
}

/** The last archived line may have lacked its line end. */
const sameLine = (their: Uint8Array, mine: Uint8Array): boolean =>
  Buffer.compare(their.subarray(0, mine.length), mine) === 0 &&
  Buffer.from(their.subarray(mine.length)).toString('latin1').trim() === '';
