import { stat } from 'node:fs/promises';
import { findDataDir } from '../../keeper/pointer';
import { MemoryError } from '../../protocol/errors';
import { formatBytes } from '../format';
import { findConfigDir, withMemory } from '../memory';
import { readOptions } from '../options';
import { print, printJson } from '../output';

/** Reads all projects. Idempotent: transcripts that were read are skipped. */
export async function importCommand(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, { 'config-dir': { type: 'string' } });
  const configDir = findConfigDir(values['config-dir']);
  if (!(await stat(configDir).catch(() => undefined))?.isDirectory())
    throw new MemoryError('not_found', `There is no Claude config folder at ${configDir}. Name it with --config-dir.`);
  const dataDir = await findDataDir(values['data-dir']);
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  const report = await withMemory(dataDir, async (memory) => {
    memory.on('capture', ({ phase, filesDone, filesTotal }) => {
      if (process.stderr.isTTY && phase === 'importing') process.stderr.write(`\r${filesDone} of ${filesTotal} files`);
    });
    await memory.configure({ configDirs: [configDir], roots: [], exclude: [], source: 'cli', maxLineBytes: 16 << 20 });
    const done = await memory.importNow(controller.signal);
    if (process.stderr.isTTY) process.stderr.write('\n');
    return done;
  });
  if (values.json) printJson(report);
  else {
    const { sessions, prompts, observations, ledger } = report;
    const skipped = Object.entries(ledger.bytesSkipped)
      .map(([reason, bytes]) => `${reason} ${formatBytes(bytes)}`)
      .join(', ');
    print(`${sessions} sessions, ${prompts} prompts, ${observations} observations from ${report.files} files\n`);
    print(
      `${formatBytes(ledger.bytesSeen)} seen, ${formatBytes(ledger.bytesStored)} stored; passed over: ` +
        `${skipped || 'nothing'}; ${ledger.redactions} secrets redacted\n`,
    );
  }
  if (!report.isComplete) throw new MemoryError('cancelled', 'The import was stopped. Run it again to go on.');
}
