/** Turns texts into vectors. The model runs in a thread of its own. */
export interface Embedder {
  /** Model and version. Vectors of different ids are never compared. */
  readonly id: string;
  readonly dimension: number;
  /** Longest text in tokens; the rest is cut off. */
  readonly maxTokens: number;
  /**
   * Vectors of length 1 in the order of the texts. A query goes before waiting passages; one batch runs at a time.
   * @throws MemoryError `cancelled` (by the signal), `no_model` when the model is gone; anything else when it cannot
   * read one of the texts
   */
  embed(texts: readonly string[], kind: 'query' | 'passage', signal?: AbortSignal): Promise<Float32Array[]>;
}
