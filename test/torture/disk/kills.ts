/** Kills a writer with SIGKILL at random moments and checks that everything acknowledged exists. */
import { spawn } from 'node:child_process';
import nodeFs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { SqliteEngine } from '../../../src/core/store/sqlite/sqlite';
import { databaseName } from '../../../src/protocol/data-folder';
import { randomFrom } from '../random';
import type { Random } from '../random';
import { openDriver } from './drivers';
import type { DriverKind } from './drivers';
import { copyUnmasked, judgeNatively } from './judge';
import { findDamage, lastNumber } from './workload';

export interface KillOptions {
  engine: SqliteEngine;
  wasmFile: string;
  kind: DriverKind;
  kills: number;
  seed: number;
  /** Planted fault: from this transaction on the writer acknowledges before it commits. */
  liesFrom?: number;
}

export interface KillReport {
  kills: number;
  acknowledged: number;
  /** Number of kills that left a journal with content. */
  withJournal: number;
  damage: string[];
}

/** Kills per memory; then a new one is made, so that kills also hit its beginning. */
const killsPerMemory = 40;

export async function killWriters(options: KillOptions): Promise<KillReport> {
  const folder = nodeFs.mkdtempSync(path.join(tmpdir(), 'claude-mem-kill-'));
  const script = path.join(folder, 'writer.cjs');
  await build({
    entryPoints: ['test/torture/disk/killed-writer.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: script,
    logLevel: 'error',
  });
  const random = randomFrom(options.seed);
  const report: KillReport = { kills: 0, acknowledged: 0, withJournal: 0, damage: [] };
  try {
    let last = 0;
    for (; report.kills < options.kills; report.kills++) {
      const dataDir = path.join(folder, `memory-${Math.floor(report.kills / killsPerMemory)}`);
      if (!nodeFs.existsSync(dataDir)) last = 0;
      nodeFs.mkdirSync(dataDir, { recursive: true });
      const seen = await killOne(script, dataDir, options, random);
      report.acknowledged += seen.length;
      last = seen.at(-1) ?? last;
      if (['.vwal', '.pages'].some((suffix) => sizeOf(path.join(dataDir, databaseName + suffix)) > 0))
        report.withJournal++;
      const { damage, found } = findAfter(dataDir, `${folder}/copy`, last, options);
      report.damage.push(
        ...damage.map((line) => `seed ${options.seed}, kill ${report.kills + 1} of ${options.kind}: ${line}`),
      );
      // A commit whose acknowledgement was not read yet counts: the next writer continues from it.
      last = Math.max(last, found);
    }
    return report;
  } finally {
    nodeFs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Kills a writer after some commits and some more time; returns what it acknowledged. */
async function killOne(
  script: string,
  dataDir: string,
  { kind, wasmFile, liesFrom }: KillOptions,
  random: Random,
): Promise<number[]> {
  const args = [
    script,
    dataDir,
    kind,
    wasmFile,
    String(random.below(1e9)),
    ...(liesFrom === undefined ? [] : [String(liesFrom)]),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const seen: number[] = [];
  // Sometimes right at the opening, else after some commits; a lying writer after its lie.
  const enough = random.once(6) ? -1 : random.below(12);
  const isTime = (line: string) => (liesFrom === undefined ? seen.length > enough : Number(line) > liesFrom);
  const delay = liesFrom === undefined ? random.below(8) : 0;
  await new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line !== 'start') seen.push(Number(line));
      if (isTime(line)) setTimeout(() => child.kill('SIGKILL'), delay);
    });
    child.once('close', () => resolve());
  });
  if (child.signalCode !== 'SIGKILL') throw new Error(`The writer ended by itself: ${child.exitCode}`);
  return seen;
}

function findAfter(
  dataDir: string,
  copy: string,
  acknowledged: number,
  { kind, engine }: KillOptions,
): { damage: string[]; found: number } {
  const damage = kind === 'disk' && acknowledged > 0 ? judgeNatively(copyUnmasked(dataDir, copy), acknowledged) : [];
  try {
    // Checked in a copy, so that the next writer finds what the kill left.
    nodeFs.rmSync(copy, { recursive: true, force: true });
    nodeFs.cpSync(dataDir, copy, { recursive: true });
    const { driver, close } = openDriver(kind, engine, copy);
    const found = acknowledged > 0 ? lastNumber(driver) : 0;
    damage.push(...findDamage(driver, acknowledged));
    close();
    if (kind === 'image') damage.push(...judgeNatively(copyUnmasked(copy, `${copy}-plain`), acknowledged));
    return { damage, found };
  } catch (error) {
    return { damage: [...damage, `cannot be opened: ${(error as Error).message}`], found: 0 };
  }
}

function sizeOf(file: string): number {
  return nodeFs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
