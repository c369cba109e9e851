/**
 * Names in the data folder: what an earlier version wrote must be found again, so a name that is changed here needs a
 * migration. Tests spell the names out, and fail when one is changed.
 */

/** The memory. */
export const databaseName = 'memory.db';
/** The database that replaces the live one at the next start. */
export const nextDatabaseName = 'memory.next.db';
/** The database before the last restore, kept so that the restore can be undone. */
export const beforeRestoreName = 'memory.before-restore.db';
/** What a repair replaced. */
export const damagedDatabaseName = 'memory.damaged.db';
/** The transcripts themselves. */
export const archiveName = 'archive.db';
export const nextArchiveName = 'archive.next.db';
export const damagedArchiveName = 'archive.damaged.db';

/** Endings of what stands beside a database: the write-ahead log and the journal of a masked file … */
export const walSuffix = '.vwal';
export const maskedJournalSuffix = '.vjournal';
/** … the journal of the fallback … */
export const pageJournalSuffix = '.pages';
/** … a log that belongs to another database … */
export const asideSuffix = '-aside';
/** … and a copy that takes the place of a file of another keeper. */
export const takenSuffix = '.taken';

/** Where the keeper answers, with a token. */
export const keeperFileName = 'keeper.json';
/** Held by the keeper of this host as long as it lives. */
export const lockName = 'keeper.lock';
/** Whose turn it is, across hosts. A draft of a claim has more behind this name. */
export const claimName = (generation: number): string => `keeper-${generation}.claim`;
export const claimPattern = /^keeper-(\d+)\.claim/;
/** That the disk layer works here, for this release. */
export const selfTestName = 'self-test.json';

/** What care did when, and what is still to be erased. */
export const careFileName = 'care.json';
/** A restore or a repair for the keeper that opens next. */
export const wishFileName = 'next-open.json';

export const backupFolder = 'backups';
export const logFolder = 'logs';
/** A folder for each model inside. */
export const modelsFolder = 'models';
/** A model's vectors, made from the database. */
export const vectorsFileName = (model: string): string => `vectors-${model}.int8`;
export const vectorsFilePattern = /^vectors-.+\.int8$/;
