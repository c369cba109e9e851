/** Requests about backups, restore, repair and diagnosis. */
import * as z from 'zod/mini';
import type { BackupInfo, CareOutcome, Diagnosis } from '../care';
import { dataClasses } from '../classes';
import type { DataClass } from '../classes';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { count, path, requestId } from './schemas';

/** Limits that a person sets, 0 for no limit, and where backups go besides. */
export const careSettings = z.object({
  backupMaxBytes: count,
  retentionDays: count,
  retentionMaxBytes: count,
  /** Entries of the audit log stay at least half a year, which laws and companies ask for. */
  auditDays: z.exactOptional(z.int().check(z.minimum(180), z.maximum(36_500))),
  /** Days for which sessions of a class, or of a higher one, are kept; 0 or absent: as long as others. */
  classDays: z.exactOptional(
    z.partialRecord(z.enum(dataClasses), z.int().check(z.minimum(0), z.maximum(36_500))) as unknown as z.ZodMiniType<
      Partial<Record<DataClass, number>>
    >,
  ),
  secondFolder: z.exactOptional(
    z.string().check(z.maxLength(4_096), z.describe('Absolute path of an existing folder; empty when there is none.')),
  ),
});
export type CareSettings = z.output<typeof careSettings>;

export const backupName = z
  .string()
  .check(z.regex(/^[\w.-]{1,200}$/), z.describe('Name of a backup, as `listBackups` has it.'));

const restoreRequest = z.object({
  requestId,
  name: backupName,
  /** A folder laid out as a data folder, as in a second backup folder; this memory's own when left out. */
  from: z.exactOptional(path),
  /**
   * Restores exactly the state of the backup: what a person wrote since is left out, but stays in the undo copy.
   * Forgotten sessions stay forgotten.
   */
  isExact: z.exactOptional(z.boolean()),
});
export type RestoreRequest = z.output<typeof restoreRequest>;

export const careQuestions = {
  listBackups: question({
    about: 'Finished backups, newest first.',
    takes: [],
    gives: answer<BackupInfo[]>(),
    by: 'head',
  }),
  backUp: question({
    about: 'Makes a backup. Answers when it was read back and checked.',
    takes: [['requestId', requestId]],
    gives: answer<BackupInfo>(),
    by: 'head',
    writes: true,
  }),
  restoreBackup: question({
    about: 'Answers when the restored memory answers; the keeper closes and opens again on the way.',
    takes: [['request', restoreRequest]],
    gives: answer<CareOutcome>(),
    by: 'head',
    writes: true,
  }),
  undoRestore: question({
    about: 'Back to what was there before the last restore. Doing it twice goes forward again.',
    takes: [['requestId', requestId]],
    gives: answer<CareOutcome>(),
    by: 'head',
    writes: true,
  }),
  repair: question({
    about: 'Reads everything readable into a new file and makes the rest anew. The old file is kept aside.',
    takes: [['requestId', requestId]],
    gives: answer<CareOutcome>(),
    by: 'head',
    writes: true,
  }),
  rebuildIndex: question({
    about: 'Makes the full-text index anew from the rows.',
    takes: [],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
  compact: question({
    about: 'Gives free pages of the memory file back to the disk.',
    takes: [],
    gives: answer<{ bytesBefore: number; bytesAfter: number }>(),
    by: 'head',
    writes: true,
  }),
  diagnose: question({
    about: 'How memory is, finding by finding, with what helps, and a report without names, paths or text of sessions.',
    takes: [],
    gives: answer<Diagnosis>(),
    by: 'head',
  }),
};

export type CareApi = ApiOf<typeof careQuestions>;
