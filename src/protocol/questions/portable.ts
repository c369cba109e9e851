/** Requests about taking the memory elsewhere, and about not using it for a time. */
import * as z from 'zod/mini';
import { dataClasses } from '../classes';
import type { ClassesLeft } from '../classes';
import { exportFormats, mostRestrictedDays } from '../portable';
import type { ExportReport, MemoryImportPreview, MemoryImportReport, Restriction } from '../portable';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { path, requestId, sessionId, time } from './schemas';

const exportRequest = z.object({
  requestId,
  folder: path.check(z.describe('An existing folder, in which one of its own is made.')),
  format: z.enum(exportFormats),
  projectIds: z.exactOptional(z.array(z.int()).check(z.minLength(1), z.maxLength(1_000))),
  sessionIds: z.exactOptional(z.array(sessionId).check(z.minLength(1), z.maxLength(200))),
  onlyLearnings: z.exactOptional(z.boolean()),
  upTo: z
    .exactOptional(z.enum(dataClasses))
    .check(
      z.describe('The highest class that goes along; what the settings say when absent, and `confidential` at most.'),
    ),
});
export type ExportRequest = z.output<typeof exportRequest>;

const exportPart = z.pick(exportRequest, { projectIds: true, sessionIds: true, onlyLearnings: true, upTo: true });
export type ExportPart = z.output<typeof exportPart>;

const importFrom = path.check(z.describe('A folder that was exported, its manifest, or a memory.db.'));

export const portableQuestions = {
  exportMemory: question({
    about:
      'Writes the memory, or a part of it, to a folder. Answers when it is complete; the event `portable` tells how far ' +
      'it is. Cancelled, it leaves nothing.',
    takes: [['request', exportRequest]],
    gives: answer<ExportReport>(),
    by: 'head',
    writes: true,
    canAbort: true,
  }),
  previewExport: question({
    about: 'What an export would leave in the memory because of its class. Nothing is written.',
    takes: [['request', exportPart]],
    gives: answer<ClassesLeft>(),
    by: 'head',
    canAbort: true,
  }),
  previewMemoryImport: question({
    about: 'What an import would bring, and what it would pass over and why. Nothing is changed.',
    takes: [['path', importFrom]],
    gives: answer<MemoryImportPreview>(),
    by: 'head',
    canAbort: true,
  }),
  importMemory: question({
    about:
      'Merges an export or another memory into this one. What is here is not doubled, however often it is called; ' +
      'cancelled, it keeps what has come and goes on from there.',
    takes: [
      ['requestId', requestId],
      ['path', importFrom],
    ],
    gives: answer<MemoryImportReport>(),
    by: 'head',
    writes: true,
    canAbort: true,
  }),
  restrictions: question({
    about: 'Restrictions of processing in force, those that end first before the others.',
    takes: [],
    gives: answer<Restriction[]>(),
    by: 'head',
  }),
  restrictProcessing: question({
    about:
      'From now on, until a time, a project or everything is read but not distilled, given to a model or sent. A ' +
      'restriction of the same that is in force gets the new end.',
    takes: [
      ['until', time.check(z.describe(`At most ${mostRestrictedDays} days from now.`))],
      ['projectId', z.optional(z.int().check(z.describe('Everything when it is left out.')))],
    ],
    gives: answer<Restriction[]>(),
    by: 'head',
    writes: true,
  }),
  liftRestriction: question({
    about: 'Ends a restriction of processing now.',
    takes: [['id', z.int()]],
    gives: answer<Restriction[]>(),
    by: 'head',
    writes: true,
  }),
};

export type PortableApi = ApiOf<typeof portableQuestions>;
