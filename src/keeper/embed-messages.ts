/** Messages between the keeper and the thread of the embedding model. */

export interface EmbedInput {
  /** Absolute path of a folder with the files of one model. */
  folder: string;
  /** `q8` reads onnx/model_quantized.onnx, `fp32` onnx/model.onnx. */
  dtype: 'q8' | 'fp32';
  maxTokens: number;
}

export interface EmbedRequest {
  id: number;
  text: string;
}

export type EmbedAnswer =
  | { kind: 'loaded'; dimension: number; ms: number }
  /** The model cannot be used; the thread ends. */
  | { kind: 'unusable'; message: string }
  | { kind: 'vector'; id: number; vector: Float32Array }
  | { kind: 'failed'; id: number; message: string };
