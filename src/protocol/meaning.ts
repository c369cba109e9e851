/** Types for search by meaning: which model makes vectors, and its progress. Sizes are bytes. */

import type { MeaningQueue } from './meaning-queue';

/** A model that can be downloaded with a person's consent. */
export interface ModelOffer {
  /** Argument of `chooseModel`. */
  id: string;
  /** The name its authors gave it. */
  name: string;
  /** `en` understands English; `many` about a hundred languages. */
  languages: 'en' | 'many';
  licence: string;
  bytes: number;
  /** Bytes on disk, of complete and partial files. */
  bytesHere: number;
}

export type MeaningPhase =
  | 'off'
  /** The chosen model is not on this machine; it is downloaded only when a person chooses it again. */
  | 'needs_consent'
  | 'downloading'
  | 'loading'
  | 'ready'
  | 'failed';

interface ModelInUse {
  /** With its version. Vectors of different ids are never compared. */
  id: string;
  /** Name for display. */
  name: string;
  source: 'offer' | 'folder';
  dimension: number;
}

export interface MeaningStatus {
  phase: MeaningPhase;
  /** The model in use; during a download still the former one. */
  model: ModelInUse | null;
  /** Progress of a download. */
  bytesDone: number;
  bytesTotal: number;
  /** Why it failed: a key of the head's messages, or a message of the system. */
  reason?: string;
  offers: ModelOffer[];
  /** Null where no texts are embedded. */
  queue: MeaningQueue | null;
}
