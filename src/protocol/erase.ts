/** What is erased by row, turn, time or search, and the receipt that says what is left of it. */
import type { RowKey } from './row-key';

export type ErasePhase = 'looking' | 'rows' | 'texts' | 'archive' | 'overwriting' | 'backups' | 'proof';

/** How far an erasure is; `done` and `total` count sessions, rows or blocks of the archive. */
export interface EraseProgress {
  phase: ErasePhase;
  done: number;
  total: number;
  /** Until the first row is erased it can be cancelled. */
  canCancel: boolean;
}

export interface EraseExample {
  key: RowKey;
  title: string;
  /** Its first words. */
  text: string;
  at: number;
}

/** What an erasure would take. */
export interface ErasePreview {
  prompts: number;
  observations: number;
  /** Sessions that show one of these rows. */
  sessions: number;
  /** Of these, such as have no other row and go as a whole. */
  wholeSessions: number;
  /** Only a search finds these; their titles are made anew from the first prompt. */
  titles: number;
  learnings: number;
  notes: number;
  /** Summaries that are made again from what stays. */
  summaries: number;
  backups: number;
  /** Databases that a restore or a repair put aside. */
  aside: number;
  /** The first of the rows in time, at most 5. */
  examples: EraseExample[];
  /** Titles of accepted learnings that quote one of the rows: they stay. */
  quoting: string[];
}

export type ErasedKind =
  | 'rows'
  | 'turn'
  | 'range'
  | 'query'
  | 'session'
  | 'project'
  | 'everything'
  | 'archive'
  | 'again';

/** Parts of the data folder, as a receipt counts them. */
export type ScannedPart = 'database' | 'journal' | 'archive' | 'vectors' | 'backup' | 'log' | 'brief' | 'other';

export interface ScannedFiles {
  part: ScannedPart;
  files: number;
  /** Bytes that were looked at; packed files and blocks are unpacked. */
  bytes: number;
  /** Pieces of the erased texts that were found; 0 when it is clean. */
  found: number;
}

/** A folder that memory was exported to before something was erased. */
export interface ScannedExport {
  folder: string;
  bytes: number;
  /** Pieces of the erased texts that still stand in it. */
  found: number;
}

/** All of it is signed. It has no word of what was erased. */
export interface ReceiptBody {
  version: 1;
  /** That of the request. */
  id: string;
  kind: ErasedKind;
  /** Epoch milliseconds: when it was asked for, and when the files had been searched. */
  askedAt: number;
  provedAt: number;
  erased: { prompts: number; observations: number; sessions: number; titles: number; learnings: number; notes: number };
  backupsReplaced: number;
  /** Pieces of the erased texts that were searched for. */
  pieces: number;
  /** Pieces that also stand in what stays, so that they say nothing. */
  shared: number;
  /** Pieces that were found in the database before; 0 when that was not looked at. */
  foundBefore: number;
  /** Rows of which pieces were taken: all, or of very many some thousands that lie evenly among them. */
  sampled: number;
  /** Of these, rows too short, or too much like others, for a piece of their own. */
  withoutPiece: number;
  files: ScannedFiles[];
  /** Files that were not searched, by name. */
  leftOut: string[];
  /** Known exports that are still there: only the person may change them, so they are no part of the residue. */
  exports?: ScannedExport[];
  /** True when a second backup folder could not be reached; there it is erased as soon as it is. */
  isSecondUnreached?: true;
  /** Sum of `found`. */
  residue: number;
  /** Public key of the memory, SPKI in base64: checks the signature without the memory. */
  publicKey: string;
}

export interface Receipt {
  body: ReceiptBody;
  /** Ed25519 over the JSON of `body`, in base64. */
  signature: string;
}

export interface CheckedReceipt extends Receipt {
  /** The signature fits, and the key is that of this memory. */
  isGenuine: boolean;
  /** Its hash stands in the audit log. */
  isInAudit: boolean;
}
