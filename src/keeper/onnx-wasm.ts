/**
 * Stands in for onnxruntime-node, -common and -web inside the bundle of the embedding thread: pure WebAssembly, one
 * file beside the bundle, one thread. Must be loaded before transformers.js looks for a runtime: without a path of its
 * own it would name an address on the web.
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
// Never more than one core, whatever the machine has.
ort.env.wasm.numThreads = 1;

export * from 'onnxruntime-web/wasm';

/** Under Node transformers.js hands over the path of a model; this runtime wants its bytes. */
export const InferenceSession = {
  create: async (model: string | Uint8Array, options?: ort.InferenceSession.SessionOptions) =>
    ort.InferenceSession.create(typeof model === 'string' ? await readFile(model) : model, options),
};
