/** Simulates a power loss at any moment of a recorded life of a database, and checks what is left. */
import nodeFs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SqliteEngine } from '../../../src/core/store/sqlite/sqlite';
import { databaseName } from '../../../src/protocol/data-folder';
import { randomFrom } from '../random';
import type { Random } from '../random';
import { openDriver } from './drivers';
import type { DriverKind } from './drivers';
import { FrailDisk, Platters, fillFolder } from './frail-disk';
import type { DiskEvent } from './frail-disk';
import { copyUnmasked, judgeNatively } from './judge';
import { findDamage, lastNumber, prepareWorkload, tendDatabase, writeTransaction } from './workload';

/** Planted faults, each of which must be found. */
export type PlantedFault =
  | 'syncs do nothing'
  | 'folder syncs do nothing'
  | 'writes are torn'
  | 'acknowledged before the commit';

export interface PowerLossOptions {
  engine: SqliteEngine;
  /** The driver of each successive life. */
  lives: readonly DriverKind[];
  transactionsPerLife: number;
  cuts: number;
  seed: number;
  fault?: PlantedFault;
}

export interface PowerLossReport {
  cuts: number;
  /** Number of recorded file calls. */
  events: number;
  /** What was wrong, and after which event. */
  damage: string[];
}

export function losePower(options: PowerLossOptions): PowerLossReport {
  const folder = nodeFs.mkdtempSync(path.join(tmpdir(), 'claude-mem-power-'));
  try {
    const events = plant(record(path.join(folder, 'live'), options), options);
    const random = randomFrom(options.seed + 1);
    const cuts = chooseCuts(events, options.cuts, random);
    const platters = new Platters();
    const damage: string[] = [];
    let taken = 0;
    for (const cut of cuts) {
      for (; taken < cut; taken++) platters.take(events[taken] as DiskEvent);
      const kind = options.lives[random.below(options.lives.length)] as DriverKind;
      const found = findAfter(platters, path.join(folder, 'after'), kind, options.engine, random);
      damage.push(
        ...found.map((line) => `seed ${options.seed}, cut ${cut} of ${events.length}, reopened by ${kind}: ${line}`),
      );
    }
    return { cuts: cuts.length, events: events.length, damage };
  } finally {
    nodeFs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Half of them anywhere, half at the most critical moment: right after an acknowledgement. */
function chooseCuts(events: readonly DiskEvent[], count: number, random: Random): number[] {
  const answers = events.flatMap(({ kind }, index) => (kind === 'acknowledged' ? [index + 1] : []));
  return Array.from({ length: count }, (_, index) =>
    index % 2 === 0 ? (answers[random.below(answers.length)] ?? 0) : random.below(events.length + 1),
  ).sort((a, b) => a - b);
}

/** Records the lives of a database, closed in between. */
function record(folder: string, { engine, lives, transactionsPerLife, seed, fault }: PowerLossOptions): DiskEvent[] {
  nodeFs.mkdirSync(folder, { recursive: true });
  const disk = new FrailDisk(folder);
  const random = randomFrom(seed);
  for (const kind of lives) {
    const { driver, close } = openDriver(kind, engine, folder, disk.calls);
    prepareWorkload(driver);
    const first = lastNumber(driver) + 1;
    for (let n = first; n < first + transactionsPerLife; n++) {
      if (fault === 'acknowledged before the commit') disk.acknowledge(n);
      writeTransaction(driver, n, random);
      disk.acknowledge(n);
      tendDatabase(driver, random);
    }
    close();
  }
  return disk.events;
}

function plant(events: DiskEvent[], { fault, seed }: PowerLossOptions): DiskEvent[] {
  const random = randomFrom(seed + 2);
  if (fault === 'syncs do nothing') return events.filter(({ kind }) => kind !== 'sync');
  if (fault === 'folder syncs do nothing')
    return events.filter(({ kind }, index) => kind !== 'syncFolder' || index === 0);
  // Planted fault: a layer that takes a short write for a complete one.
  if (fault === 'writes are torn')
    return events.map((event) =>
      event.kind === 'write' && event.bytes.length > 1024 && random.once(40)
        ? { ...event, bytes: event.bytes.subarray(0, 1024) }
        : event,
    );
  return events;
}

/**
 * Faults after the power loss: found by native SQLite, by our driver, and by native SQLite after our driver closed it.
 */
function findAfter(
  platters: Platters,
  folder: string,
  kind: DriverKind,
  engine: SqliteEngine,
  random: Random,
): string[] {
  fillFolder(folder, platters.afterPowerLoss(random));
  const { acknowledged } = platters;
  const copy = `${folder}-copy`;
  // SQLite does not know the journal of the fallback.
  const isKnown = !nodeFs.existsSync(path.join(folder, `${databaseName}.pages`));
  const natively = isKnown && acknowledged > 0 ? judgeNatively(copyUnmasked(folder, copy), acknowledged) : [];
  try {
    // A second power loss may happen during the repair.
    if (random.once(3)) interruptRepair(folder, kind, engine, random);
  } catch (error) {
    return [...natively, `cannot be repaired: ${(error as Error).message}`];
  }
  return [...natively, ...findInside(folder, copy, kind, engine, acknowledged, random)];
}

function findInside(
  folder: string,
  copy: string,
  kind: DriverKind,
  engine: SqliteEngine,
  acknowledged: number,
  random: Random,
): string[] {
  try {
    const { driver, close } = openDriver(kind, engine, folder);
    const found = findDamage(driver, acknowledged);
    if (found.length > 0) {
      close();
      return found;
    }
    prepareWorkload(driver);
    const next = lastNumber(driver) + 1;
    writeTransaction(driver, next, random);
    close();
    return judgeNatively(copyUnmasked(folder, copy), next);
  } catch (error) {
    return [`cannot go on: ${(error as Error).message}`];
  }
}

function interruptRepair(folder: string, kind: DriverKind, engine: SqliteEngine, random: Random): void {
  const disk = new FrailDisk(folder);
  const before = disk.events.length;
  openDriver(kind, engine, folder, disk.calls).close();
  const platters = new Platters();
  const cut = before + random.below(disk.events.length - before + 1);
  for (const event of disk.events.slice(0, cut)) platters.take(event);
  fillFolder(folder, platters.afterPowerLoss(random));
}
