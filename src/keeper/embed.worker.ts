/**
 * The thread of the embedding model, and the only file that imports transformers.js. It reads one folder, makes no
 * network request, and embeds one text at a time: a quantised model takes its scale from the whole batch, so a vector
 * would depend on the other texts in it.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { AutoModel, AutoTokenizer, LogLevel, env } from '@xenova/transformers';
import type { PreTrainedModel, PreTrainedTokenizer } from '@xenova/transformers';
import type { EmbedAnswer, EmbedInput, EmbedRequest } from './embed-messages';

const port = parentPort;
if (!port) throw new Error('embed.cjs runs in a worker thread.');
const { folder, dtype, maxTokens } = workerData as EmbedInput;
/** No token has more letters in any script, so longer text need not be tokenized to be cut. */
const maxLettersPerToken = 24;

env.allowRemoteModels = false;
env.allowLocalModels = true;
env.useFSCache = false;
env.useBrowserCache = false;
// Errors are returned; the library must not write to the editor's console.
env.logLevel = LogLevel.NONE;

interface Output {
  data: Float32Array;
  dims: readonly number[];
}
type Run = (text: string) => Promise<Float32Array>;

async function load(): Promise<Run> {
  const options = { local_files_only: true } as const;
  const tokenizer = await AutoTokenizer.from_pretrained(folder, options);
  const model = await AutoModel.from_pretrained(folder, { ...options, dtype });
  return (text) => embed(tokenizer, model, text);
}

async function embed(tokenizer: PreTrainedTokenizer, model: PreTrainedModel, text: string): Promise<Float32Array> {
  const tokens: unknown = tokenizer(text.slice(0, maxTokens * maxLettersPerToken), {
    truncation: true,
    max_length: maxTokens,
  });
  const outputs = (await model(tokens)) as { last_hidden_state?: Output; token_embeddings?: Output };
  const states = outputs.last_hidden_state ?? outputs.token_embeddings;
  if (!states || states.dims.length !== 3) throw new Error('The model gives no vector for each token.');
  return meanOf(states.data, states.dims[2] ?? 0);
}

/** The mean over all tokens, scaled to length 1. A single text has no padding to leave out. */
function meanOf(states: Float32Array, dimension: number): Float32Array {
  const mean = new Float32Array(dimension);
  for (let at = 0; at < states.length; at++) mean[at % dimension]! += states[at]!;
  const length = Math.hypot(...mean);
  if (!Number.isFinite(length) || length === 0) throw new Error('The model gave no usable vector.');
  return mean.map((value) => value / length);
}

const say = (answer: EmbedAnswer, moved: ArrayBuffer[] = []) => port.postMessage(answer, moved);
const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function respond(run: Run, { id, text }: EmbedRequest): Promise<void> {
  try {
    const vector = await run(text);
    say({ kind: 'vector', id, vector }, [vector.buffer as ArrayBuffer]);
  } catch (error) {
    say({ kind: 'failed', id, message: wordsOf(error) });
  }
}

async function serve(): Promise<void> {
  const startedAt = performance.now();
  const run = await load();
  // Runs once, so that a model that loads but cannot run is reported now with its reason.
  const { length: dimension } = await run('ready');
  port?.on('message', (request: EmbedRequest) => void respond(run, request));
  say({ kind: 'loaded', dimension, ms: Math.round(performance.now() - startedAt) });
}

serve().catch((error: unknown) => {
  say({ kind: 'unusable', message: wordsOf(error) });
});
