/** Turns texts into vectors. The model behind it lives in a thread of its own. */
export interface Embedder {
  /** Which model, with its version: vectors of different ids never meet. */
  readonly id: string;
  readonly dimension: number;
  /** Longest text in tokens; the rest is cut. */
  readonly maxTokens: number;
  /**
   * Vectors of length 1, in the order of the texts. A query goes before passages that wait; one run at a time.
   * @throws MemoryError `cancelled` (by the signal), `no_model` when the model is gone; anything else when it cannot
   * read one of the texts
   */
  embed(texts: readonly string[], kind: 'query' | 'passage', signal?: AbortSignal): Promise<Float32Array[]>;
}
