// Compiles src/core/meaning/kernel.wat into kernel-bytes.ts beside it: `node scripts/make-kernel.mjs` after a change of the text.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import loadWabt from 'wabt';

const folder = fileURLToPath(new URL('../src/core/meaning', import.meta.url));

/** The generated file's text, from the WAT as it is now. */
export async function kernelSource() {
  const wabt = await loadWabt();
  const module = wabt.parseWat('kernel.wat', readFileSync(join(folder, 'kernel.wat'), 'utf8'), { simd: true });
  module.validate();
  const { buffer } = module.toBinary({});
  module.destroy();
  return `/** Made from kernel.wat by scripts/make-kernel.mjs; a test holds the two together. */\nexport const kernelBytes =\n  '${Buffer.from(buffer).toString('base64')}';\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(folder, 'kernel-bytes.ts'), await kernelSource());
