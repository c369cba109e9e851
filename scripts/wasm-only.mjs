// An esbuild plugin: transformers.js with WebAssembly as its only runtime. Its Node build asks for native binaries,
// which no package of ours may contain; in their place it gets src/keeper/onnx-wasm.ts. Fails when the insides have
// moved.
import { join } from 'node:path';
import { root } from './run.mjs';

const ours = join(root, 'src/keeper/onnx-wasm.ts');
const ortBundle = join(root, 'node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs');
const library = join(root, 'node_modules/@xenova/transformers/src/transformers.js');

/** What must be met for the bundle to be right, and where it stands in version 4.3.1. */
const expected = ['src/backends/onnx-node.js', 'onnxruntime-common', 'onnxruntime-web/webgpu'];

export const wasmOnly = {
  name: 'wasm-only',
  setup(build) {
    const met = new Set();
    build.onStart(() => met.clear());
    build.onResolve({ filter: /^@xenova\/transformers$/ }, () => ({ path: library }));
    build.onResolve({ filter: /^onnxruntime-(node|common|web)(\/.*)?$/ }, ({ path, importer }) => {
      met.add(path);
      return { path: importer === ours ? ortBundle : ours };
    });
    // The library hides this one behind createRequire, where no bundler sees it.
    build.onLoad({ filter: /[\\/]backends[\\/]onnx-node\.js$/ }, () => {
      met.add('src/backends/onnx-node.js');
      return {
        contents: `import * as runtime from ${JSON.stringify(ours)};\nexport default runtime;`,
        resolveDir: root,
      };
    });
    build.onEnd(() => {
      const missed = expected.filter((each) => !met.has(each));
      return {
        errors: missed.map((each) => ({
          text: `transformers.js has moved its insides: ${each} was not met. See scripts/wasm-only.mjs.`,
        })),
      };
    });
  },
};
