/** Erases rows, and says what was erased and who did what. */
import type { eraseQuestions } from '../../protocol/questions/erase';
import type { ApiOf } from '../../protocol/questions/question';
import type { AuditLog } from '../care/audit-log';
import type { MemoryKeys } from '../care/keys';
import type { Erasing } from '../erasing/erasing';
import { checkedReceipts } from '../erasing/receipts';
import type { SqlDriver } from '../store/sqlite/driver';

interface ErasePorts {
  driver: SqlDriver;
  keys: MemoryKeys;
  erasing: Erasing;
  audit: AuditLog;
}

export function eraseAnswers({ driver, keys, erasing, audit }: ErasePorts): ApiOf<typeof eraseQuestions> {
  return {
    previewErase: (target) => erasing.preview(target),
    erase: (requestId, target, signal) => erasing.erase(requestId, target, signal),
    listReceipts: async () => checkedReceipts({ driver, keys }),
    readAudit: async (filter) => audit.read(filter),
    verifyAudit: () => audit.verify(),
    // Who asks, and what, is noted like any other request.
    noteExport: async () => {},
    noteChatRead: async () => {},
  };
}
