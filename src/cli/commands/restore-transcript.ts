import { findDataDir } from '../../keeper/pointer';
import { MemoryError } from '../../protocol/errors';
import { formatBytes } from '../format';
import { findConfigDir, withMemory } from '../memory';
import { readOptionsAndWords } from '../options';
import { print, printJson } from '../output';

/** Writes an archived transcript back into Claude Code's folder, so that it can be resumed. */
export async function restoreTranscriptCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptionsAndWords(args, { 'config-dir': { type: 'string' } });
  const [sessionId, ...more] = positionals;
  if (sessionId === undefined || more.length > 0) throw new MemoryError('invalid_input', 'Which session? Give its id.');
  const configDir = findConfigDir(values['config-dir']);
  const restored = await withMemory(await findDataDir(values['data-dir']), async (memory) => {
    await memory.configure({ configDirs: [configDir], roots: [], exclude: [], source: 'cli', maxLineBytes: 16 << 20 });
    return memory.restoreTranscript(sessionId);
  });
  if (values.json) {
    printJson(restored);
    return;
  }
  for (const { path, bytes, outcome } of restored.files)
    print(`${outcome === 'written' ? 'written' : 'there already'}: ${path} (${formatBytes(bytes)})\n`);
  const { redactions, leftOutBytes, cwd, cleanupDays } = restored;
  if (restored.files.some(({ time }) => time === 'fresh'))
    print(`dated now: with its own date Claude Code would delete it again after ${cleanupDays} days\n`);
  else if (restored.files.some(({ time }) => time === 'original'))
    print(`dated as it was: Claude Code deletes it ${cleanupDays} days after that\n`);
  if (redactions > 0) print(`${redactions} secrets are marks now\n`);
  if (leftOutBytes > 0) print(`${formatBytes(leftOutBytes)} were never kept\n`);
  print(`resume it with: claude --resume ${sessionId}${cwd === '' ? '' : `   in ${cwd}`}\n`);
}
