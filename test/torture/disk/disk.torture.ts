/**
 * The long forms: `npm run torture -- disk [--seed N] [--part N] [--only power,kills,faults,strangers,clocks]`. Prints
 * the table of docs/reliability.md.
 */
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadSqlite } from '../../../src/core/store/sqlite/sqlite';
import type { SqliteEngine } from '../../../src/core/store/sqlite/sqlite';
import { jumpInTime } from './clock';
import { driverKinds } from './drivers';
import type { DriverKind } from './drivers';
import { failEveryCall, liveWithShortCalls } from './faults';
import { letOthersIn } from './foreign';
import { judgeName } from './judge';
import { killWriters } from './kills';
import { losePower } from './power-loss';
import type { PlantedFault } from './power-loss';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, part: { type: 'string', default: '1' }, only: { type: 'string' } },
});
const seed = Number(values.seed);
/** `--part 0.1` does a tenth of everything. */
const part = Number(values.part);
const wasmFile = path.resolve('dist/sql-wasm.wasm');
const rows: string[][] = [];
let failures = 0;

/** Records a run: it must find nothing, or with a planted fault it must find something. */
function note(what: string, did: string, damage: readonly string[], isControl = false): void {
  const isRight = isControl ? damage.length > 0 : damage.length === 0;
  if (!isRight) failures++;
  const verdict = isControl
    ? isRight
      ? `damage seen (${damage.length})`
      : 'NO DAMAGE SEEN'
    : isRight
      ? '0 lost, 0 corrupt'
      : `${damage.length} FAULTS`;
  rows.push([what, did, verdict]);
  console.log(`${isRight ? 'ok' : 'FAILED'}  ${what}: ${did}; ${verdict}`);
  if (!isRight) for (const line of damage.slice(0, 20)) console.log(`        ${line}`);
}

function powerLosses(engine: SqliteEngine): void {
  const lives: readonly (readonly [string, readonly DriverKind[]])[] = [
    ['disk', ['disk', 'disk']],
    ['image', ['image', 'image']],
    ['disk and image in turn', ['disk', 'image', 'disk', 'image']],
  ];
  for (const [name, kinds] of lives) {
    let cuts = 0;
    let events = 0;
    const damage: string[] = [];
    for (let run = 0; run < Math.ceil(20 * part); run++) {
      const report = losePower({ engine, lives: kinds, transactionsPerLife: 60, cuts: 70, seed: seed * 1000 + run });
      cuts += report.cuts;
      events += report.events;
      damage.push(...report.damage);
    }
    note(`power loss, ${name}`, `${cuts} cuts in ${events} file calls`, damage);
  }
  for (const fault of [
    'syncs do nothing',
    'folder syncs do nothing',
    'writes are torn',
    'acknowledged before the commit',
  ] satisfies PlantedFault[]) {
    for (const kind of driverKinds) {
      const report = losePower({ engine, lives: [kind], transactionsPerLife: 30, cuts: 60, seed, fault });
      note(`control: ${fault}, ${kind}`, `${report.cuts} cuts`, report.damage, true);
    }
  }
}

async function kills(engine: SqliteEngine): Promise<void> {
  for (const kind of driverKinds) {
    const report = await killWriters({ engine, wasmFile, kind, kills: Math.ceil(510 * part), seed });
    note(
      `SIGKILL, ${kind}`,
      `${report.kills} kills, ${report.acknowledged} transactions acknowledged, ${report.withJournal} times with a journal left`,
      report.damage,
    );
    const control = await killWriters({ engine, wasmFile, kind, kills: 3, seed, liesFrom: 5 });
    note(`control: acknowledged before the commit, ${kind}`, `${control.kills} kills`, control.damage, true);
  }
}

function faults(engine: SqliteEngine): void {
  for (const kind of driverKinds) {
    const report = failEveryCall({ engine, kind, seed, stride: part === 1 ? 1 : Math.ceil(1 / part) });
    const failed = Object.entries(report.failed)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
    note(
      `failing file calls, ${kind}`,
      `${report.faults} faults (ENOSPC, EIO, EACCES, EMFILE; once and lasting) over ${report.calls} calls: ${failed}`,
      report.damage,
    );
    const control = failEveryCall({ engine, kind, seed, stride: kind === 'disk' ? 40 : 4, isLying: true });
    note(`control: failures acknowledged, ${kind}`, `${control.faults} faults`, control.damage, true);
    const lives = Math.ceil(100 * part);
    note(
      `short reads and writes, ${kind}`,
      `${lives} lives`,
      Array.from({ length: lives }, (_, index) => liveWithShortCalls(engine, kind, seed + index)).flat(),
    );
  }
}

function strangers(engine: SqliteEngine): void {
  const report = letOthersIn(engine, seed, Math.ceil(20 * part));
  note(
    'native SQLite on the live file',
    `${report.attempts} attempts to read, write, vacuum, checkpoint`,
    report.damage,
  );
}

function clocks(engine: SqliteEngine): void {
  for (const kind of driverKinds) {
    const report = jumpInTime(engine, kind, seed, Math.ceil(60 * part));
    note(`clock jumps of up to 40 years, ${kind}`, `${report.jumps} jumps`, report.damage);
  }
}

async function main(): Promise<void> {
  console.log(
    `# disk torture, seed ${seed} (${cpus().length} × ${cpus()[0]?.model.trim()}, ` +
      `${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}; judge: ` +
      `${judgeName ?? 'none but ourselves'})`,
  );
  const engine = await loadSqlite({ wasm: readFileSync(wasmFile), platform: process.platform });
  for (const [name, run] of Object.entries({ power: powerLosses, kills, faults, strangers, clocks })) {
    if (values.only === undefined || values.only.split(',').includes(name)) await run(engine);
  }
  console.log('\n| run | how much | found |\n|---|---|---|');
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
  process.exitCode = failures === 0 ? 0 : 1;
}

void main();
