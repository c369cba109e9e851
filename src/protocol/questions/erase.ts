/** Requests to erase rows for good, and about the receipts and the audit log that say so. */
import * as z from 'zod/mini';
import { auditActions, auditors } from '../audit';
import type { AuditCheck, AuditEntry } from '../audit';
import type { CheckedReceipt, ErasePreview, Receipt } from '../erase';
import type { Page } from '../status';
import { answer, question } from './question';
import { count, id, limit, requestId, rowKey, scope, sessionId, time, turn } from './schemas';
import { searchQuery } from './search';

const eraseTarget = z
  .union([
    z.object({ kind: z.literal('rows'), keys: z.array(rowKey).check(z.minLength(1), z.maxLength(1_000)) }),
    z.object({ kind: z.literal('turn'), sessionId, turn }),
    z.object({ kind: z.literal('range'), since: time, until: time, scope: z.exactOptional(scope) }),
    z.object({ kind: z.literal('query'), query: searchQuery }),
  ])
  .check(
    z.describe(
      'Messages and tool calls by key, one turn, all in a span of time (`until` is exclusive), or all that have the words ' +
        'of a search; a search also takes titles, learnings and notes.',
    ),
  );
export type EraseTarget = z.output<typeof eraseTarget>;

const auditFilter = z.object({
  who: z.exactOptional(z.enum(auditors)),
  action: z.exactOptional(z.enum(auditActions)),
  since: z.exactOptional(time),
  until: z.exactOptional(time),
  /** Entries with a lower number; absent for the newest. */
  before: z.exactOptional(count),
  limit: z.exactOptional(limit),
});
export type AuditFilter = z.output<typeof auditFilter>;

export const eraseQuestions = {
  previewErase: question({
    about: 'What an erasure would take: counts, and the first rows as examples. Changes nothing.',
    takes: [['target', eraseTarget]],
    gives: answer<ErasePreview>(),
    by: 'head',
    canAbort: true,
  }),
  erase: question({
    about:
      'Erases for good, in rows, index, vectors, what was made of them, archive and backups, and answers the signed ' +
      'receipt. It can be cancelled until the first row is gone. Throws `not_found` when there is nothing to erase.',
    takes: [
      ['requestId', requestId],
      ['target', eraseTarget],
    ],
    gives: answer<Receipt>(),
    by: 'head',
    writes: true,
    canAbort: true,
  }),
  listReceipts: question({
    about: 'Receipts of what was erased and forgotten, the latest first, each checked. At most 200.',
    takes: [],
    gives: answer<CheckedReceipt[]>(),
    by: 'head',
  }),
  readAudit: question({
    about: 'Entries of the audit log, the latest first: who did what, never the text.',
    takes: [['filter', auditFilter]],
    gives: answer<Page<AuditEntry>>(),
    by: 'head',
  }),
  verifyAudit: question({
    about: 'Checks that no entry of the audit log was changed or removed.',
    takes: [],
    gives: answer<AuditCheck>(),
    by: 'head',
  }),
  noteExport: question({
    about: 'Writes into the audit log that a head has given content away: to a file, to a printer, to the clipboard.',
    takes: [
      ['what', id],
      ['count', count],
    ],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
  noteChatRead: question({
    about: "Writes into the audit log that a tool has read from memory for a model of the editor's chat.",
    takes: [['tool', id]],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
};
