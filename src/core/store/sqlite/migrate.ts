/**
 * Ordered migrations on `user_version`, one transaction each. A database of a newer version is refused and not changed.
 */
import { databaseName } from '../../../protocol/data-folder';
import { MemoryError } from '../../../protocol/errors';
import type { SqlDriver } from './driver';
import { firstSchema } from './migrations/0001-first-schema';
import { meaningAndMarks } from './migrations/0002-meaning-and-marks';
import { distilled } from './migrations/0003-distilled';
import { copiesAndCacheHours } from './migrations/0004-copies-and-cache-hours';
import { indexOfAllScripts } from './migrations/0005-index-of-all-scripts';
import { keyedNames } from './migrations/0006-keyed-names';
import { joinedProjects } from './migrations/0007-joined-projects';
import { giving } from './migrations/0008-giving';
import { shadow } from './migrations/0009-shadow';
import { notes } from './migrations/0010-notes';
import { merges } from './migrations/0011-merges';
import { pinsAndNames } from './migrations/0012-pins-and-names';
import { placeholderCounts } from './migrations/0013-placeholder-counts';
import { pastFixes } from './migrations/0014-past-fixes';
import { editMarks } from './migrations/0015-edit-marks';
import { erasingAndAudit } from './migrations/0016-erasing-and-audit';
import { portable } from './migrations/0017-portable';
import { watches } from './migrations/0018-watches';
import { answersInTheLedger } from './migrations/0019-answers-in-the-ledger';
import { classes } from './migrations/0020-classes';
import { schemaVersionOf } from './schema-of';

export interface Migration {
  version: number;
  /** `derived` tables can be wiped and rebuilt from transcripts; `precious` ones contain what a person wrote. */
  derived: readonly string[];
  precious: readonly string[];
  up(driver: SqlDriver): void;
}

/** One database file and its migrations, in order. */
export interface DatabaseSchema {
  fileName: string;
  migrations: readonly Migration[];
}

export const memorySchema: DatabaseSchema = {
  fileName: databaseName,
  migrations: [
    firstSchema,
    meaningAndMarks,
    distilled,
    copiesAndCacheHours,
    indexOfAllScripts,
    keyedNames,
    joinedProjects,
    giving,
    shadow,
    notes,
    merges,
    pinsAndNames,
    placeholderCounts,
    pastFixes,
    editMarks,
    erasingAndAudit,
    portable,
    watches,
    answersInTheLedger,
    classes,
  ],
};

/** Tables that contain what a person wrote, in any version: never dropped, backed up first. */
export const preciousTables: readonly string[] = [
  ...new Set(memorySchema.migrations.flatMap(({ precious }) => precious)),
];

/** Tables of this version of a schema. */
export const tablesUpTo = ({ migrations }: DatabaseSchema, version: number): string[] =>
  migrations
    .filter((migration) => migration.version <= version)
    .flatMap(({ derived, precious }) => [...derived, ...precious]);

const latestOf = ({ migrations }: DatabaseSchema): number => migrations.at(-1)?.version ?? 0;

export const schemaVersion = latestOf(memorySchema);

/** @throws MemoryError `too_new` when a later version of the extension wrote this database. Changes nothing. */
export function refuseNewer(driver: SqlDriver, schema: DatabaseSchema): void {
  const current = schemaVersionOf(driver);
  const latest = latestOf(schema);
  if (current <= latest) return;
  throw new MemoryError(
    'too_new',
    `This memory was written by a newer version (schema ${current}, this one knows ${latest}). Update the extension.`,
  );
}

/**
 * @param onUpgrade called once, before a database that has tables is changed
 * @throws MemoryError `too_new`
 */
export function migrate(driver: SqlDriver, schema: DatabaseSchema, onUpgrade: () => void = () => {}): void {
  refuseNewer(driver, schema);
  const current = schemaVersionOf(driver);
  if (current > 0 && current < latestOf(schema)) onUpgrade();
  for (const migration of schema.migrations) {
    if (migration.version <= current) continue;
    driver.transaction(() => {
      migration.up(driver);
      driver.exec(`PRAGMA user_version = ${migration.version}`);
    });
  }
}
