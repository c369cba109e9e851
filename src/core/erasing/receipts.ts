/** Receipts: what was erased, which files were searched for what is left of it, and what was found, signed by the memory. */
import type { CheckedReceipt, Receipt, ReceiptBody } from '../../protocol/erase';
import type { AuditLog } from '../care/audit-log';
import { isSignedBy } from '../care/keys';
import type { MemoryKeys } from '../care/keys';
import type { ScanResult } from '../care/scan-files';
import { countMarks, markPieces } from '../lib/byte-finder';
import type { SqlDriver } from '../store/sqlite/driver';
import { isReceiptAudited } from '../store/tables/audit';
import { getReceipt, hashOfReceipt, listReceipts, putErasure, putReceipt } from '../store/tables/erasures';
import type { Erasure } from '../store/tables/erasures';

interface ReceiptPorts {
  driver: SqlDriver;
  keys: MemoryKeys;
  audit: AuditLog;
}

const residueOf = ({ files }: ScanResult): number => files.reduce((sum, { found }) => sum + found, 0);

/** Ends an erasure: keeps its receipt, and throws the marks of its pieces away. */
export function writeReceipt(
  { driver, keys, audit }: ReceiptPorts,
  erasure: Erasure,
  scan: ScanResult,
  now: number,
): Receipt {
  const { id, kind, at, state } = erasure;
  const body: ReceiptBody = {
    version: 1,
    id,
    kind,
    askedAt: at,
    provedAt: now,
    erased: state.erased,
    backupsReplaced: state.backupsReplaced,
    pieces: countMarks(state.pieces),
    shared: state.shared,
    foundBefore: state.foundBefore,
    sampled: state.sampled,
    withoutPiece: state.withoutPiece,
    files: scan.files,
    leftOut: scan.leftOut,
    ...(scan.exports && { exports: scan.exports }),
    ...(scan.isSecondUnreached && { isSecondUnreached: true }),
    residue: residueOf(scan),
    publicKey: keys.publicKey,
  };
  const text = JSON.stringify(body);
  const signature = keys.sign(text);
  driver.transaction(() => {
    putReceipt(driver, id, now, text, signature);
    putErasure(driver, { ...erasure, stage: 'done', state: { ...state, pieces: markPieces([], id), sessions: [] } });
    audit.note({
      action: 'receipt',
      resource: id,
      result: body.residue === 0 ? 'done' : 'failed',
      details: { sha256: hashOfReceipt(text), residue: body.residue, pieces: body.pieces },
    });
  });
  return { body, signature };
}

export const receiptOf = (driver: SqlDriver, id: string): Receipt | undefined => getReceipt(driver, id);

export function checkedReceipts({ driver, keys }: Omit<ReceiptPorts, 'audit'>): CheckedReceipt[] {
  return listReceipts(driver).map(({ text, body, signature }) => ({
    body,
    signature,
    isGenuine: body.publicKey === keys.publicKey && isSignedBy(keys.publicKey, text, signature),
    isInAudit: isReceiptAudited(driver, body.id, hashOfReceipt(text)),
  }));
}
