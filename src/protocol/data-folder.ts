/**
 * Names in the data folder. Files of earlier versions must be found again, so changing a name needs a migration. Tests
 * spell the names out and fail when one changes.
 */

/** The memory. */
export const databaseName = 'memory.db';
/** The database that replaces the live one at the next start. */
export const nextDatabaseName = 'memory.next.db';
/** The database before the last restore, kept so that the restore can be undone. */
export const beforeRestoreName = 'memory.before-restore.db';
/** What a repair replaced. */
export const damagedDatabaseName = 'memory.damaged.db';
/** The archived transcripts. */
export const archiveName = 'archive.db';
export const nextArchiveName = 'archive.next.db';
export const damagedArchiveName = 'archive.damaged.db';

/** Suffixes of files beside a database: the write-ahead log and the journal of a masked file … */
export const walSuffix = '.vwal';
export const maskedJournalSuffix = '.vjournal';
/** … the journal of the fallback … */
export const pageJournalSuffix = '.pages';
/** … a log set aside because it belongs to another database … */
export const asideSuffix = '-aside';
/** … and a copy that will replace a file of another keeper. */
export const takenSuffix = '.taken';

/** Address and token of the keeper. */
export const keeperFileName = 'keeper.json';
/** Touched by the process that runs the keeper, also while the keeper is busy. */
export const heartbeatName = 'keeper.alive';
/** Locked by the keeper of this host while it lives. */
export const lockName = 'keeper.lock';
/** The claim of a keeper, visible to all hosts. The names of drafts continue after this one. */
export const claimName = (generation: number): string => `keeper-${generation}.claim`;
export const claimPattern = /^keeper-(\d+)\.claim/;
/** Result of the self-test of the disk layer for this version. */
export const selfTestName = 'self-test.json';

/** State of care: when it did what, and what must still be erased. */
export const careFileName = 'care.json';
/** What is being read, and which lines are passed over because they stopped a keeper. */
export const readingNoteName = 'reading.json';
/** What is forgotten and how far the memory had got, for the day the memory is lost. */
export const besideFileName = 'memory.json';
/** A person's own rules of redaction, the last scan, and how patterns were judged. */
export const redactionFileName = 'redaction.json';
/** Marks of erased rows, one JSON a line and erasure, for the day the memory is lost or an older one takes its place. */
export const erasedFileName = 'erased.jsonl';
/** Keys of this memory, by which it signs receipts and chains its audit log. In no backup. */
export const keysFileName = 'keys.json';
/** A restore or repair that the next keeper must do. */
export const wishFileName = 'next-open.json';

/** What Claude Code starts, when it was told of the MCP server. */
export const mcpLauncherName = 'mcp-server.cjs';

/** The plugin for Claude Code, in a marketplace of its own. */
export const pluginFolder = 'claude-plugin';

/** Beginning of a folder for the copy of another memory while it is imported. */
export const importFolderPrefix = 'import-';

export const backupFolder = 'backups';
export const logFolder = 'logs';
/** Contains one folder per model. */
export const modelsFolder = 'models';
/** Copy of a model's vectors. */
export const vectorsFileName = (model: string): string => `vectors-${model}.int8`;
export const vectorsFilePattern = /^vectors-.+\.int8$/;

/** Briefs for new sessions, ready to be read without a keeper, and the index that says which folder has which. */
export const giveFolder = 'give';
export const briefIndexName = 'index.json';
/** What a brief gives, beside its text. */
export const briefPartsName = (file: string): string => file.replace(/\.md$/, '.json');
/** Within it: what each session was given. */
export const givenFolder = 'sessions';
/** The launcher that Claude Code starts, its program, and where it was installed. */
export const hooksFolder = 'hooks';
