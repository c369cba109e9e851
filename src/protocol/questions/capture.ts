/** Requests about what is read, the progress, and the status of the memory. */
import * as z from 'zod/mini';
import { dataClasses } from '../classes';
import type { ProjectInfo } from '../model';
import { personalKinds } from '../redaction';
import type { ExcludePreview, FileLedger, FolderLook, ImportReport, MemoryStatus, Page } from '../status';
import { careSettings } from './care';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { count, cursor, path, scope, short } from './schemas';

const ownRules = z.object({
  patterns: z
    .array(
      z.object({
        name: z.string().check(z.minLength(1), z.maxLength(100)),
        pattern: z.string().check(z.minLength(1), z.maxLength(1_000)),
        flags: z.exactOptional(z.string().check(z.regex(/^[imsuv]{0,5}$/))),
      }),
    )
    .check(z.maxLength(20)),
  words: z.array(z.string().check(z.minLength(2), z.maxLength(200))).check(z.maxLength(500)),
  kinds: z.array(z.enum(personalKinds)).check(z.maxLength(personalKinds.length)),
});

const dataClass = z.enum(dataClasses);
const classPolicy = z.object({
  upTo: z.object({ give: dataClass, mcp: dataClass, model: dataClass, export: dataClass, team: dataClass }),
});

const captureSettings = z.object({
  /** Claude config folders to read, most important first. Absolute. */
  configDirs: z.array(path).check(z.maxLength(100)),
  /** Open workspace folders: their projects are imported first. */
  roots: z.array(path).check(z.maxLength(1_000)),
  /** Workspace folders that this window trusts; git is run only there. */
  trustedRoots: z.exactOptional(z.array(path).check(z.maxLength(1_000))),
  /** Globs over project folders that must not be read. */
  exclude: z.array(z.string().check(z.maxLength(4_096))).check(z.maxLength(10_000)),
  /** Name of the sender: excludes are stored per source, so they still apply after its window has closed. */
  source: short,
  /** Longest line read whole, in bytes. */
  maxLineBytes: count,
  /** Whether transcripts are archived; unchanged when absent. */
  isArchiving: z.exactOptional(z.boolean()),
  /** Of 100 prompts, those that a source must help to go on giving; 0 for no bar. Unchanged when absent. */
  giveBar: z.exactOptional(z.number().check(z.gte(0), z.lte(100))),
  /** What may go which way, by class; unchanged when absent. */
  classes: z.exactOptional(classPolicy),
  /** Limits for backups and retention; unchanged when absent. */
  care: z.exactOptional(careSettings),
  /** What a person wants redacted beside secrets; unchanged when absent. */
  redaction: z.exactOptional(ownRules),
});

/** Settings of a head. Sent on connect and whenever one changes. */
export type CaptureSettings = z.output<typeof captureSettings>;

export const captureQuestions = {
  status: question({
    about:
      'How much memory holds, whether it works, and what it takes on the disk. `inScope` counts the sessions there.',
    takes: [['scope', z.optional(scope)]],
    gives: answer<MemoryStatus>(),
    by: 'page',
  }),
  configure: question({
    about: 'Tells memory the settings of a head: what to read, what to leave out, what to keep.',
    takes: [['settings', captureSettings]],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
  importNow: question({
    about:
      'Reads every transcript there is now and answers when it can be searched. Also resumes an import that was cancelled.',
    takes: [],
    gives: answer<ImportReport>(),
    by: 'head',
    writes: true,
    canAbort: true,
  }),
  cancelImport: question({
    about: 'Stops the import of what was there before; live capture goes on. `importNow` takes it up again.',
    takes: [],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  setPaused: question({
    about: 'Pauses all reading until it is resumed; it survives restarts.',
    takes: [['isPaused', z.boolean()]],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  projects: question({
    about: 'Projects that have sessions, the latest first: all, or those of a scope.',
    takes: [['scope', z.optional(scope)]],
    gives: answer<ProjectInfo[]>(),
    by: 'page',
  }),
  previewExcludes: question({
    about:
      'What excludes mean here: how each pattern was read, and which known projects it matches. Those in force when none are given.',
    takes: [['patterns', z.optional(z.array(z.string().check(z.maxLength(4_096))).check(z.maxLength(10_000)))]],
    gives: answer<ExcludePreview[]>(),
    by: 'head',
  }),
  lookIntoFolder: question({
    about: 'What would be found in a config folder, before it is chosen. Nothing is read into the memory.',
    takes: [['folder', path]],
    gives: answer<FolderLook>(),
    by: 'head',
    canAbort: true,
  }),
  ledger: question({
    about: 'What became of the bytes of each transcript file: stored, or passed over and why.',
    takes: [['cursor', z.optional(cursor)]],
    gives: answer<Page<FileLedger>>(),
    by: 'head',
  }),
};

export type CaptureApi = ApiOf<typeof captureQuestions>;
