import { findDataDir } from '../../keeper/pointer';
import { auditActions, auditors } from '../../protocol/audit';
import type { AuditCheck, AuditEntry } from '../../protocol/audit';
import { MemoryError } from '../../protocol/errors';
import type { MemoryClient } from '../../protocol/memory-api';
import type { AuditFilter } from '../../protocol/questions/erase';
import { withMemory } from '../memory';
import { readOptions } from '../options';
import { print, printJson, tell } from '../output';
import { timeOf } from './erase';

/** The audit log, the latest first; with --json one entry a line. With --verify it fails when the log was changed. */
export async function auditCommand(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    verify: { type: 'boolean', default: false },
    who: { type: 'string' },
    action: { type: 'string' },
    since: { type: 'string' },
    until: { type: 'string' },
    limit: { type: 'string', default: '100' },
  });
  const filter: AuditFilter = {
    ...(values.who !== undefined && { who: oneOf(auditors, values.who, '--who') }),
    ...(values.action !== undefined && { action: oneOf(auditActions, values.action, '--action') }),
    ...(values.since !== undefined && { since: timeOf(values.since, 0) }),
    ...(values.until !== undefined && { until: timeOf(values.until, 0) }),
  };
  const limit = Number(values.limit);
  if (!Number.isSafeInteger(limit) || limit < 1) throw new MemoryError('invalid_input', '--limit takes a number.');
  await withMemory(await findDataDir(values['data-dir']), async (memory) => {
    if (values.verify) {
      const check = await memory.verifyAudit();
      if (values.json) printJson(check);
      const fault = faultOf(check);
      if (fault !== '') throw new MemoryError('corrupt', fault);
      tell(
        `${check.entries} entries, none changed or removed (${check.unchained} are from before the log had a chain).\n`,
      );
      return;
    }
    await printEntries(memory, filter, limit, values.json);
  });
}

async function printEntries(memory: MemoryClient, filter: AuditFilter, limit: number, isJson: boolean): Promise<void> {
  let left = limit;
  let before: number | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- page after page
    const { items, next } = await memory.readAudit({
      ...filter,
      limit: Math.min(left, 200),
      ...(before !== undefined && { before }),
    });
    for (const entry of items) {
      if (isJson) printJson(entry);
      else print(lineOf(entry));
    }
    left -= items.length;
    before = next === undefined ? undefined : Number(next);
  } while (before !== undefined && left > 0);
}

function lineOf({ no, at, who, action, resource, result, durationMs, details }: AuditEntry): string {
  const more = Object.entries(details).map(([name, value]) => `${name}=${value}`);
  const time = new Date(at).toISOString().slice(0, 19);
  return `${[no, time, who, action, resource, result, `${durationMs} ms`, ...more].join('  ')}\n`;
}

function oneOf<const Names extends readonly string[]>(names: Names, given: string, option: string): Names[number] {
  if (names.includes(given)) return given;
  throw new MemoryError('invalid_input', `${option} takes one of: ${names.join(', ')}.`);
}

function faultOf({ changed, isCut, isOtherKey }: AuditCheck): string {
  if (isOtherKey) return 'The audit log was written with another key, or its ends were changed.';
  if (changed.length > 0) return `Entries were changed or removed, at: ${changed.slice(0, 20).join(', ')}.`;
  return isCut ? 'Entries are missing at the end of the audit log.' : '';
}
