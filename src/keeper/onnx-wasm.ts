/**
 * Replaces onnxruntime-node, -common and -web in the bundle of the embedding thread: WebAssembly only, one file beside
 * the bundle, one thread. Must be loaded before transformers.js looks for a runtime, because without a path it would
 * load one from the web.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as ort from 'onnxruntime-web/wasm';

declare const __dirname: string;

const wasmFile = join(__dirname, 'ort-wasm-simd-threaded.wasm');
ort.env.wasm.wasmPaths = { wasm: pathToFileURL(wasmFile).href };
ort.env.wasm.wasmBinary = readFileSync(wasmFile);
// At most one core.
ort.env.wasm.numThreads = 1;

export * from 'onnxruntime-web/wasm';

/** Under Node transformers.js passes the path of a model; this runtime needs its bytes. */
export const InferenceSession = {
  create: async (model: string | Uint8Array, options?: ort.InferenceSession.SessionOptions) =>
    ort.InferenceSession.create(typeof model === 'string' ? await readFile(model) : model, options),
};
