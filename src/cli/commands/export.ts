import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { findDataDir } from '../../keeper/pointer';
import { askedExport } from '../../protocol/classes';
import { MemoryError } from '../../protocol/errors';
import type { MemoryClient } from '../../protocol/memory-api';
import { exportFormats } from '../../protocol/portable';
import type { ExportFormat } from '../../protocol/portable';
import { formatBytes } from '../format';
import { withMemory } from '../memory';
import { readOptionsAndWords } from '../options';
import { print, printJson } from '../output';
import { untilInterrupted, watchPortable } from '../portable';

/** Writes the memory, or a part of it, to a new folder in the one that is named. */
export async function exportCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptionsAndWords(args, {
    format: { type: 'string', default: 'jsonl' },
    project: { type: 'string', multiple: true },
    session: { type: 'string', multiple: true },
    learnings: { type: 'boolean', default: false },
    confidential: { type: 'boolean', default: false },
  });
  const [folder = '.', ...rest] = positionals;
  const format = exportFormats.find((each) => each === values.format);
  if (rest.length > 0) throw new MemoryError('invalid_input', 'Name one folder to export to.');
  if (!format) throw new MemoryError('invalid_input', `--format is one of ${exportFormats.join(', ')}.`);
  const { project: names = [], session: sessionIds = [], learnings: onlyLearnings } = values;
  if (names.length > 0 && sessionIds.length > 0)
    throw new MemoryError('invalid_input', 'Say --project or --session, not both.');
  const dataDir = await findDataDir(values['data-dir']);
  const report = await withMemory(dataDir, async (memory) => {
    const projectIds = await projectsCalled(memory, names);
    const end = watchPortable(memory);
    try {
      return await memory.exportMemory(
        {
          requestId: randomUUID(),
          folder: path.resolve(folder),
          format: format satisfies ExportFormat,
          ...(projectIds.length > 0 && { projectIds }),
          ...(sessionIds.length > 0 && { sessionIds }),
          ...(onlyLearnings && { onlyLearnings }),
          ...(values.confidential && { upTo: askedExport }),
        },
        untilInterrupted(),
      );
    } finally {
      end();
    }
  });
  if (values.json) printJson(report);
  else {
    const { counts, bytes, left } = report;
    print(
      `${counts.sessions ?? 0} sessions, ${counts.learnings ?? 0} learnings, ${formatBytes(bytes)} in ${report.folder}\n` +
        (left
          ? `${left.sessions} sessions, ${left.rows} rows, ${left.learnings} learnings stay: above ${left.upTo}\n`
          : ''),
    );
  }
}

/** @throws MemoryError `not_found` for a name or root that no project has */
export async function projectsCalled(memory: MemoryClient, names: readonly string[]): Promise<number[]> {
  if (names.length === 0) return [];
  const projects = await memory.projects();
  return names.flatMap((name) => {
    const found = projects.filter(({ name: own, root }) => own === name || root === name);
    if (found.length === 0) throw new MemoryError('not_found', `No project in memory is called ${name}.`);
    return found.map(({ id }) => id);
  });
}
