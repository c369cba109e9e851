/** Words about search by meaning: which model turns texts into vectors, and how far it has come. Sizes are bytes. */

import type { MeaningQueue } from './meaning-queue';

/** A model that can be downloaded after a person has agreed. */
export interface ModelOffer {
  /** What `chooseModel` is told. */
  id: string;
  /** Name of its makers. */
  name: string;
  /** `en` understands English; `many` about a hundred languages. */
  languages: 'en' | 'many';
  licence: string;
  bytes: number;
  /** Already on the disk, whole or in part. */
  bytesHere: number;
}

export type MeaningPhase =
  | 'off'
  /** The chosen model is not on this machine; it is fetched only when somebody chooses it again. */
  | 'needs_consent'
  | 'downloading'
  | 'loading'
  | 'ready'
  | 'failed';

export interface ModelInUse {
  /** With its version: vectors of different ids never meet. */
  id: string;
  /** As a person knows it. */
  name: string;
  source: 'offer' | 'folder';
  dimension: number;
}

export interface MeaningStatus {
  phase: MeaningPhase;
  /** The model in use; while another is downloaded, still the one before. */
  model: ModelInUse | null;
  /** Of a download. */
  bytesDone: number;
  bytesTotal: number;
  /** Why it failed: a key of the words in the head, or the words of the system. */
  reason?: string;
  offers: ModelOffer[];
  /** Null where no texts are embedded. */
  queue: MeaningQueue | null;
}
