/** The archive's part in one reading of a transcript file: lines are archived before their rows are stored. */
import { MemoryError } from '../../protocol/errors';
import type { Redactor } from '../observe/redact';
import { appendToArchive, archivePlace, beginAnew } from '../store/archive/archive';
import type { ArchiveLine, ArchiveOwner, LeftOut } from '../store/archive/archive';
import { dropContainedGenerations } from '../store/archive/generations';
import type { SqlDriver } from '../store/sqlite/driver';
import { blankLine } from '../transcript/blank-line';
import type { SourceFile } from '../transcript/discover';
import { isSameBefore } from '../transcript/tail';
import type { Batch } from '../transcript/tail';

/**
 * Files whose generations were compared since the start. Comparing is expensive, and two that differ stay different.
 */
const compared = new Set<string>();

export class ArchiveRun {
  #startsAnew: boolean;
  #isBroken = false;

  private constructor(
    readonly driver: SqlDriver,
    readonly redactor: Redactor,
    readonly source: SourceFile,
    /** Bytes of the source that are archived. */
    readonly offset: number,
    /** What the archive said of that; it differs when the archived content is another one. */
    readonly archived: number,
    startsAnew: boolean,
  ) {
    this.#startsAnew = startsAnew;
    if (startsAnew) compared.delete(source.path);
  }

  static async begin(driver: SqlDriver, redactor: Redactor, source: SourceFile): Promise<ArchiveRun> {
    const place = archivePlace(driver, source.path);
    const isOther =
      place !== undefined && place.offset > 0 && !(await isSameBefore(source.path, place, redactor.prove));
    const archived = place?.offset ?? 0;
    return new ArchiveRun(driver, redactor, source, isOther ? 0 : archived, archived, isOther);
  }

  /**
   * Archives a batch; it is on disk when the promise resolves. `excluded` holds the numbers of lines in excluded
   * folders, `erased` those of lines that say what a person erased.
   */
  async take(
    batch: Batch,
    owner: ArchiveOwner,
    excluded: ReadonlySet<number>,
    erased: ReadonlySet<number>,
  ): Promise<void> {
    if (this.#isBroken) return;
    const startOffset = batch.cursor.offset - batch.lines.reduce((sum, { bytes }) => sum + bytes, 0);
    const kept = batch.lines.flatMap(({ raw }, line) =>
      raw && !excluded.has(line) ? [{ raw: erased.has(line) ? blankLine(raw) : raw, line }] : [],
    );
    const redacted = await this.redactor.redactLines(kept.map(({ raw }) => raw));
    const byLine = new Map(kept.map(({ line }, index) => [line, redacted[index]]));
    const lines = batch.lines.map(({ bytes: sourceBytes }, line): ArchiveLine => {
      const safe = byLine.get(line);
      const leftOut: LeftOut = excluded.has(line) ? 'excluded' : 'too_long';
      return safe
        ? { bytes: safe.bytes, originalHash: safe.originalHash, redactions: safe.redactions, sourceBytes }
        : { bytes: undefined, leftOut, redactions: 0, sourceBytes };
    });
    try {
      appendToArchive(this.driver, {
        source: this.source,
        owner,
        startOffset,
        lines,
        tailHash: batch.cursor.tailHash,
        startsAnew: this.#startsAnew,
      });
    } catch (error) {
      if (!MemoryError.is(error, 'corrupt')) throw error;
      // The archived content is damaged. The memory continues, and the next reading archives the file from its
      // beginning.
      beginAnew(this.driver, this.source.path);
      this.#isBroken = true;
      return;
    }
    this.#startsAnew = false;
    if (!batch.isEnd || compared.has(this.source.path)) return;
    dropContainedGenerations(this.driver, this.source.path);
    compared.add(this.source.path);
  }
}
