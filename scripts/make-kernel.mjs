// Compiles the WAT files of src/core/meaning into kernel-bytes.ts. After changing one, run `node
// scripts/make-kernel.mjs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import loadWabt from 'wabt';

const folder = fileURLToPath(new URL('../src/core/meaning', import.meta.url));

/** The text of the generated file for the present WAT files. */
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
  const head =
    '/** Made from kernel.wat and kernel-relaxed.wat by scripts/make-kernel.mjs; a test holds them together. */';
  return `${head}\n${constant('kernelBytes', 'kernel.wat')}${constant('relaxedKernelBytes', 'kernel-relaxed.wat')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(folder, 'kernel-bytes.ts'), await kernelSource());
