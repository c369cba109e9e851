/** Requests of the Doctor's page, which are answered even when no keeper can open the memory. */
import { withFinding } from '../../hook/install/hook-rules';
import { canBeMended, readBackupList } from '../../keeper/next-open';
import type { Diagnosis, Finding, FindingArea, Remedy } from '../../protocol/care';
import { asMemoryError } from '../../protocol/errors';
import type { MemoryError } from '../../protocol/errors';
import type { MemoryClient } from '../../protocol/memory-api';
import type { editorQuestions } from '../../protocol/questions/editor';
import type { ApiOf, AskedBy } from '../../protocol/questions/question';
import type { FileLedger, Page } from '../../protocol/status';
import type { Examination } from '../../protocol/webview';
import { canUndoRestore, restore } from '../care/backups';
import { applyRemedy, remedyLabels } from '../care/remedies';
import { examineHooks } from '../give/hooks';
import { logError } from '../log';
import { explain } from '../messages';
import type { Parts } from '../parts';

type DoctorQuestions = AskedBy<typeof editorQuestions, 'doctor'>;
export type DoctorMethod = keyof DoctorQuestions;
type DoctorApi = ApiOf<DoctorQuestions>;

export function createDoctorApi(parts: Parts): DoctorApi {
  return {
    examine: () => examine(parts),
    applyRemedy: (remedy) => applyRemedy(parts, remedy),
    restoreBackup: (name) => restore(parts, { kind: 'restore', name }),
    listUneven: async (cursor) => listUneven(await parts.memory.client(), cursor),
  };
}

/** A memory that cannot be opened is no error here, because that is the most important finding. */
async function examine(parts: Parts): Promise<Examination> {
  const { memory, log } = parts;
  const { dataDir } = memory;
  // The keeper does not read the settings of a person.
  const hooks = await examineHooks(parts).catch(() => undefined);
  const whole = (diagnosis: Diagnosis) => (hooks ? withFinding(diagnosis, hooks) : diagnosis);
  const shared = () => ({ hasUndo: canUndoRestore(dataDir), labels: remedyLabels() });
  try {
    const client = await memory.retry();
    const [diagnosis, backups, { sizes }] = await Promise.all([
      client.diagnose(),
      client.listBackups(),
      client.status(),
    ]);
    return { diagnosis: whole(diagnosis), backups, sizes, ...shared() };
  } catch (error) {
    logError(log, 'examining memory', error);
    const backups = await readBackupList(dataDir);
    return { diagnosis: whole(diagnoseClosed(asMemoryError(error), backups.length > 0)), backups, ...shared() };
  }
}

/** Area of the diagnosis for a reason of the keeper, other than the lock. */
const areas: Readonly<Partial<Record<string, FindingArea>>> = {
  read_only: 'disk',
  disk_full: 'disk',
  not_a_folder: 'disk',
  no_socket_folder: 'disk',
  corrupt: 'store',
  too_new: 'store',
  emptied: 'store',
  truncated: 'store',
  foreign: 'store',
  header: 'store',
  schema: 'store',
  pages: 'store',
  internal: 'store',
};

function diagnoseClosed(error: MemoryError, hasBackups: boolean): Diagnosis {
  const { code, data } = error;
  const reason = typeof data?.['reason'] === 'string' ? data['reason'] : code;
  const area = areas[reason] ?? 'lock';
  const finding: Finding = {
    id: `${area}.open`,
    area,
    level: 'error',
    message: 'The memory cannot be opened: {0}',
    args: [explain(error)],
    remedies: remediesOf(error, hasBackups),
  };
  // Codes only, because an error's message may contain file names.
  return {
    at: Date.now(),
    findings: [finding],
    report:
      `# Claude-Mem: diagnosis\n\n${new Date().toISOString()}\n\n- **error** \`${finding.id}\`: The ` +
      `memory cannot be opened: ${code}, ${reason}`,
  };
}

function remediesOf(error: MemoryError, hasBackups: boolean): Remedy[] {
  const mending: Remedy[] = [
    ...(canBeMended(error, 'repair') ? (['repair'] as const) : []),
    ...(hasBackups && canBeMended(error, 'restore') ? (['restore_backup'] as const) : []),
  ];
  return [...mending, 'show_log', 'reload_window'];
}

/** The ledger's pages contain every file, and files with skipped bytes may be far apart. */
async function listUneven(client: Pick<MemoryClient, 'ledger'>, cursor?: string): Promise<Page<FileLedger>> {
  for (let next = cursor; ;) {
    const page: Page<FileLedger> = await client.ledger(next);
    const items = page.items.filter((file) => missingBytes(file) !== 0 || Object.keys(file.bytesSkipped).length > 0);
    if (items.length > 0 || page.next === undefined)
      return {
        ...page,
        items: items.toSorted((one, other) => Math.abs(missingBytes(other)) - Math.abs(missingBytes(one))),
      };
    next = page.next;
  }
}

function missingBytes({ bytesSeen, bytesStored, bytesSkipped }: FileLedger): number {
  return bytesSeen - bytesStored - Object.values(bytesSkipped).reduce((sum, bytes) => sum + bytes, 0);
}
