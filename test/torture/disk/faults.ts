/**
 * Makes each file call fail in turn: the result must be an error, not a crash; no acknowledged write may be lost; and
 * the memory must work afterwards.
 */
import nodeFs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OpenedDatabase } from '../../../src/core/store/open';
import type { FileCalls } from '../../../src/core/store/sqlite/file-calls';
import type { SqliteEngine } from '../../../src/core/store/sqlite/sqlite';
import { MemoryError } from '../../../src/protocol/errors';
import { randomFrom } from '../random';
import type { Random } from '../random';
import { openDriver } from './drivers';
import type { DriverKind } from './drivers';
import { copyUnmasked, judgeNatively } from './judge';
import { findDamage, lastNumber, prepareWorkload, tendDatabase, writeTransaction } from './workload';

const faultCodes = ['ENOSPC', 'EIO', 'EACCES', 'EMFILE'] as const;
type FaultCode = (typeof faultCodes)[number];

const callNames = [
  'openSync',
  'closeSync',
  'readSync',
  'writeSync',
  'fsyncSync',
  'fdatasyncSync',
  'fstatSync',
  'statSync',
  'accessSync',
  'unlinkSync',
  'renameSync',
  'ftruncateSync',
] as const;

/** Counts all calls and fails the one with this number, or all from then on. */
class FailingDisk {
  count = 0;
  fault: { at: number; code: FaultCode; isLasting: boolean } | undefined;
  failed: string | undefined;
  readonly calls = Object.fromEntries(
    callNames.map((name) => [
      name,
      (...args: unknown[]) => {
        this.count++;
        const { fault } = this;
        if (fault && (this.count === fault.at || (fault.isLasting && this.count > fault.at))) {
          this.failed ??= name;
          // close(2) closes a handle even when it reports an error.
          if (name === 'closeSync') nodeFs.closeSync(args[0] as number);
          throw Object.assign(new Error(`${fault.code}: injected`), { code: fault.code });
        }
        // No power loss is simulated here, so a real sync would only take time.
        if (name === 'fsyncSync' || name === 'fdatasyncSync') return undefined;
        return (nodeFs[name] as (...all: unknown[]) => unknown)(...args);
      },
    ]),
  ) as unknown as FileCalls;
}

export interface FaultOptions {
  engine: SqliteEngine;
  kind: DriverKind;
  seed: number;
  /** Every how many-th call fails; 1 is every call. */
  stride: number;
  /** Planted fault: acknowledges failed writes. */
  isLying?: boolean;
}

export interface FaultReport {
  /** Number of file calls in a run without faults. */
  calls: number;
  faults: number;
  /** Number of failures by call. */
  failed: Record<string, number>;
  damage: string[];
}

export function failEveryCall(options: FaultOptions): FaultReport {
  const folder = nodeFs.mkdtempSync(path.join(tmpdir(), 'claude-mem-fault-'));
  const report: FaultReport = { calls: 0, faults: 0, failed: {}, damage: [] };
  try {
    const calm = new FailingDisk();
    live(path.join(folder, 'calm'), calm, options);
    report.calls = calm.count;
    for (let at = 1; at <= report.calls; at += options.stride) {
      for (const isLasting of [false, true]) {
        // The error codes alternate; another seed gives each call another code.
        const code = faultCodes[(at + Number(isLasting) + options.seed) % faultCodes.length] as FaultCode;
        const disk = new FailingDisk();
        disk.fault = { at, code, isLasting };
        const found = live(path.join(folder, 'hurt'), disk, options);
        nodeFs.rmSync(path.join(folder, 'hurt'), { recursive: true, force: true });
        if (disk.failed === undefined) continue;
        report.faults++;
        report.failed[disk.failed] = (report.failed[disk.failed] ?? 0) + 1;
        report.damage.push(
          ...found.map(
            (line) =>
              `${options.kind}, ${code} at call ${at} (${disk.failed}${isLasting ? ', lasting' : ''}), seed ${options.seed}: ${line}`,
          ),
        );
      }
    }
    return report;
  } finally {
    nodeFs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Opens, writes, maintains, closes and reopens with the fault, then without it, in the same process. Returns what is
 * wrong.
 */
function live(dataDir: string, disk: FailingDisk, { engine, kind, seed, isLying }: FaultOptions): string[] {
  nodeFs.mkdirSync(dataDir, { recursive: true });
  const random = randomFrom(seed);
  const wrong: string[] = [];
  let acknowledged = 0;
  let opened: OpenedDatabase | undefined;
  const attempt = (what: string, work: () => void): boolean => {
    try {
      work();
      return true;
    } catch (error) {
      if (disk.fault === undefined) wrong.push(`${what} failed without a fault: ${(error as Error).message}`);
      else if (!isClean(error)) wrong.push(`${what} failed with ${String(error)}`);
      return false;
    }
  };
  for (let life = 0; life < 2; life++) {
    attempt('opening', () => (opened = openDriver(kind, engine, dataDir, disk.calls)));
    attempt('preparing', () => opened && prepareWorkload(opened.driver));
    for (let round = 0; round < 5; round++)
      acknowledged = Math.max(acknowledged, write(opened, random, attempt, isLying ?? false));
    if (life === 0) {
      attempt('closing', () => opened?.close());
      opened = undefined;
    }
  }
  disk.fault = undefined;
  // After a full disk has space again: the same process continues, or opens anew.
  if (opened) wrong.push(...findDamage(opened.driver, acknowledged).map((line) => `right after: ${line}`));
  else attempt('opening again', () => (opened = openDriver(kind, engine, dataDir, disk.calls)));
  attempt('preparing again', () => opened && prepareWorkload(opened.driver));
  acknowledged = Math.max(acknowledged, write(opened, random, attempt, false));
  attempt('closing', () => opened?.close());
  attempt('the next start', () => {
    const next = openDriver(kind, engine, dataDir);
    wrong.push(...findDamage(next.driver, acknowledged).map((line) => `after the next start: ${line}`));
    next.close();
  });
  return [...wrong, ...judgeNatively(copyUnmasked(dataDir, `${dataDir}-copy`), acknowledged)];
}

/** One transaction and some maintenance; returns its number when it was acknowledged. */
function write(
  opened: OpenedDatabase | undefined,
  random: Random,
  attempt: (what: string, work: () => void) => boolean,
  isLying: boolean,
): number {
  if (!opened) return 0;
  const { driver } = opened;
  let n = 0;
  const isWritten = attempt('writing', () => {
    n = lastNumber(driver) + 1;
    writeTransaction(driver, n, random);
  });
  attempt('tending', () => tendDatabase(driver, random));
  return isWritten || isLying ? n : 0;
}

/** True for a clear error: one of ours or of SQLite's. */
function isClean(error: unknown): boolean {
  if (MemoryError.is(error)) return true;
  return (
    error instanceof Error &&
    !(error instanceof TypeError || error instanceof RangeError) &&
    error.message !== '' &&
    !/memory access|unreachable|out of memory|abort/i.test(error.message)
  );
}

/** Reads and writes that process fewer bytes than requested, which POSIX allows. */
function shortCalls(random: Random): FileCalls {
  const part = (length: number) => 1 + random.below(length);
  return {
    ...nodeFs,
    readSync: ((handle: number, target: Uint8Array, offset: number, length: number, at: number) =>
      nodeFs.readSync(handle, target, offset, part(length), at)) as typeof nodeFs.readSync,
    writeSync: ((handle: number, bytes: Uint8Array, offset: number, length: number, at: number) =>
      nodeFs.writeSync(handle, bytes, offset, part(length), at)) as typeof nodeFs.writeSync,
  };
}

/** Runs on such a disk; returns what is wrong afterwards. */
export function liveWithShortCalls(engine: SqliteEngine, kind: DriverKind, seed: number): string[] {
  const folder = nodeFs.mkdtempSync(path.join(tmpdir(), 'claude-mem-short-'));
  try {
    const disk = new FailingDisk();
    Object.assign(disk.calls, shortCalls(randomFrom(seed + 1)));
    return live(path.join(folder, 'short'), disk, { engine, kind, seed, stride: 1 });
  } finally {
    nodeFs.rmSync(folder, { recursive: true, force: true });
  }
}
