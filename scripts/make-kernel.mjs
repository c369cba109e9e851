// Compiles the WAT texts of src/core/meaning into kernel-bytes.ts beside them: `node scripts/make-kernel.mjs` after a
// change of one.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import loadWabt from 'wabt';

const folder = fileURLToPath(new URL('../src/core/meaning', import.meta.url));

/** The generated file's text, from the WAT as it is now. */
export async function kernelSource() {
  const wabt = await loadWabt();
  const compile = (name) => {
    const features = { simd: true, relaxed_simd: true };
    const module = wabt.parseWat(name, readFileSync(join(folder, name), 'utf8'), features);
    module.validate();
    const { buffer } = module.toBinary({});
    module.destroy();
    return Buffer.from(buffer).toString('base64');
  };
  const constant = (name, file) => `export const ${name} =\n  '${compile(file)}';\n`;
  return `/** Made from kernel.wat and kernel-relaxed.wat by scripts/make-kernel.mjs; a test holds them together. */\n${constant('kernelBytes', 'kernel.wat')}${constant('relaxedKernelBytes', 'kernel-relaxed.wat')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(folder, 'kernel-bytes.ts'), await kernelSource());
