import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { run } from '../scripts/run.mjs';

const folder = mkdtempSync(join(tmpdir(), 'a folder with spaces '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a program and arguments with spaces reach a shell whole', async () => {
  const program = join(folder, 'the node');
  symlinkSync(process.execPath, program);
  const script = "process.exit(process.argv[1] === 'two words' ? 7 : 8)";
  await expect(run(program, ['-e', script, 'two words'], { isShell: true })).resolves.toBe(7);
});
