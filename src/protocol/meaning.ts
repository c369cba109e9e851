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

export type ModelChoice =
  | { kind: 'off' }
  /** Downloads what is missing: only to be asked with a person's consent. */
  | { kind: 'offer'; id: string; /** Where the models are; the hub itself when absent. */ hub?: string }
  /**
   * A folder with the files of one model: config.json, tokenizer.json, tokenizer_config.json, onnx/model_quantized.onnx
   * or onnx/model.onnx. Absolute.
   */
  | { kind: 'folder'; folder: string };

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

export interface MeaningApi {
  meaning(): Promise<MeaningStatus>;
  /**
   * Resolves when the model is ready. Two callers that want the same share one download; who wants another ends it.
   * @throws MemoryError `cancelled`, `network` and `no_model` with a `reason`, `locked` with reason `disk_full`
   */
  chooseModel(choice: ModelChoice, signal?: AbortSignal): Promise<MeaningStatus>;
  /** Deletes what was downloaded of an offer. The one in use is turned off first. */
  removeModel(id: string): Promise<MeaningStatus>;
}

export const meaningMethods = [
  'meaning',
  'chooseModel',
  'removeModel',
] as const satisfies readonly (keyof MeaningApi)[];
