/** Requests about search by meaning: which model makes vectors, and its progress. */
import * as z from 'zod/mini';
import type { MeaningStatus } from '../meaning';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { id, path, words } from './schemas';

const modelChoice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('off') }),
  /** Downloads missing files, so the person must have agreed. */
  z.object({
    kind: z.literal('offer'),
    id,
    /** Where the models are; the hub itself when absent. */
    hub: z.exactOptional(words),
  }),
  /**
   * A folder with the files of one model: config.json, tokenizer.json, tokenizer_config.json, onnx/model_quantized.onnx
   * or onnx/model.onnx. Absolute.
   */
  z.object({ kind: z.literal('folder'), folder: path }),
]);
export type ModelChoice = z.output<typeof modelChoice>;

export const meaningQuestions = {
  meaning: question({
    about: 'The model for search by meaning: which one, how far it is, and which could be had.',
    takes: [],
    gives: answer<MeaningStatus>(),
    by: 'head',
  }),
  chooseModel: question({
    about:
      'Answers when the model is ready. Two callers that want the same share one download; a caller ' +
      'that wants another ends it. Throws `cancelled`, `network` and `no_model` with a `reason`, ' +
      '`locked` with reason `disk_full`.',
    takes: [['choice', modelChoice]],
    gives: answer<MeaningStatus>(),
    by: 'head',
    writes: true,
    canAbort: true,
  }),
  removeModel: question({
    about: 'Deletes what was downloaded of a model. The one in use is turned off first.',
    takes: [['id', id]],
    gives: answer<MeaningStatus>(),
    by: 'head',
    writes: true,
  }),
  setEmbeddingPaused: question({
    about: 'No text gets a vector until resumed; it survives restarts. Search goes on with those there are.',
    takes: [['isPaused', z.boolean()]],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
};

export type MeaningApi = ApiOf<typeof meaningQuestions>;
