import { judgeHooks, withFinding } from '../../hook/install/hook-rules';
import { hooksStatus } from '../../hook/install/status';
import { canBeMended, readBackupList } from '../../keeper/next-open';
import { findDataDir } from '../../keeper/pointer';
import { fillIn } from '../../protocol/care';
import type { Diagnosis, Finding } from '../../protocol/care';
import { asMemoryError } from '../../protocol/errors';
import type { MemoryError } from '../../protocol/errors';
import { withMemory } from '../memory';
import { readOptions } from '../options';
import { print, printJson } from '../output';
import { hooksPlace } from './hooks';

const signs = { ok: 'ok     ', note: 'note   ', warning: 'WARNING', error: 'ERROR  ' } as const;
/** The command for each remedy. */
const remedyCommands: Readonly<Partial<Record<Finding['remedies'][number], string>>> = {
  back_up: 'backup now',
  restore_backup: 'restore NAME',
  undo_restore: 'restore --undo',
  repair: 'repair',
  compact: 'compact',
  import_now: 'import',
  install_hooks: 'hooks install',
  remove_hooks: 'hooks remove',
};

/** Prints findings and remedies. Exits with the error's code when the memory cannot be opened. */
export async function doctorCommand(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, { report: { type: 'boolean', default: false } });
  const dataDir = await findDataDir(values['data-dir']);
  let failure: MemoryError | undefined;
  const found = await withMemory(dataDir, (memory) => memory.diagnose()).catch(async (error: unknown) => {
    failure = asMemoryError(error);
    return diagnoseClosed(failure, (await readBackupList(dataDir)).length);
  });
  const diagnosis = withFinding(found, judgeHooks(await hooksStatus(hooksPlace(dataDir, undefined))));
  if (values.json) printJson(diagnosis);
  else if (values.report) print(`${diagnosis.report}\n`);
  else for (const finding of diagnosis.findings) print(describe(finding));
  if (failure) throw failure;
}

function describe({ level, message, args, remedies }: Finding): string {
  const help = level === 'ok' ? [] : remedies.flatMap((remedy) => remedyCommands[remedy] ?? []);
  return `${signs[level]}  ${fillIn(message, args)}${help.length > 0 ? `  → ${help.join(', ')}` : ''}\n`;
}

/** The diagnosis of a memory that no keeper can open. */
function diagnoseClosed(error: MemoryError, backups: number): Diagnosis {
  const { code, data } = error;
  const isDamaged = canBeMended(error, 'restore');
  const reason = typeof data?.['reason'] === 'string' ? `, ${data['reason']}` : '';
  const finding: Finding = {
    id: isDamaged ? 'store.open' : 'lock.open',
    area: isDamaged ? 'store' : 'lock',
    level: 'error',
    message: 'The memory cannot be opened: {0}. Backups: {1}',
    args: [code + reason, backups],
    remedies: isDamaged
      ? [
          ...(canBeMended(error, 'repair') ? (['repair'] as const) : []),
          ...(backups > 0 ? (['restore_backup'] as const) : []),
        ]
      : ['show_log', 'reload_window'],
  };
  return {
    at: Date.now(),
    findings: [finding],
    report: `# Claude-Mem: diagnosis\n\n- **error** \`${finding.id}\`: ${fillIn(finding.message, finding.args)}`,
  };
}
