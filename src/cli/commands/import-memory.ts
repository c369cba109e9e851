import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { findDataDir } from '../../keeper/pointer';
import { MemoryError } from '../../protocol/errors';
import type { ImportCounts, KindCounts, MemoryImportPreview } from '../../protocol/portable';
import { formatBytes } from '../format';
import { withMemory } from '../memory';
import { readOptionsAndWords } from '../options';
import { print, printJson } from '../output';
import { untilInterrupted, watchPortable } from '../portable';

/** Merges an export, or another memory.db. With --dry-run it only says what would come. */
export async function importMemoryCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptionsAndWords(args, { 'dry-run': { type: 'boolean', default: false } });
  const [from, ...rest] = positionals;
  if (from === undefined || rest.length > 0)
    throw new MemoryError('invalid_input', 'Name the folder of an export, or another memory.db.');
  const dataDir = await findDataDir(values['data-dir']);
  const source = path.resolve(from);
  await withMemory(dataDir, async (memory) => {
    const end = watchPortable(memory);
    try {
      if (values['dry-run']) {
        const preview = await memory.previewMemoryImport(source, untilInterrupted());
        if (values.json) printJson(preview);
        else print(`${describePreview(preview)}${describeCounts(preview, 'would come')}`);
        return;
      }
      const report = await memory.importMemory(randomUUID(), source, untilInterrupted());
      if (values.json) printJson(report);
      else print(`${describeCounts(report, 'new')}${report.redactions} secrets redacted\n`);
    } finally {
      end();
    }
  });
}

function describePreview({ at, bytes, projects }: MemoryImportPreview): string {
  const lines = projects.map(({ name, root, sessions }) => `  ${name}  ${root}  ${sessions} sessions\n`);
  return `of ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}, ${formatBytes(bytes)}\n${lines.join('')}`;
}

const words: Readonly<Record<keyof ImportCounts['skipped'], string>> = {
  known: 'here already',
  ownTranscript: 'left to the transcript that is here',
  forgotten: 'forgotten here',
  erased: 'of a session of which something was erased here',
  excluded: 'excluded here',
  newerHere: 'changed or deleted here later',
  alone: 'without what it belongs to',
  full: 'no place for more',
  machine: 'about the other machine',
};

function describeCounts({ added, changed, skipped }: ImportCounts, name: string): string {
  const lines: [string, KindCounts][] = [
    [name, added],
    ['changed', changed],
    ...(Object.entries(skipped) as [keyof typeof words, KindCounts][]).map(([why, counts]): [string, KindCounts] => [
      words[why],
      counts,
    ]),
  ];
  return lines
    .map(([what, counts]) => [what, Object.entries(counts).map(([kind, count]) => `${count} ${kind}`)] as const)
    .filter(([, counts]) => counts.length > 0)
    .map(([what, counts]) => `${what}: ${counts.join(', ')}\n`)
    .join('');
}
