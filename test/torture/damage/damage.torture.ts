/**
 * The long form: `npm run torture -- damage [--seed N] [--every N] [--processes N] [--only TEXT]`. Prints the table of
 * docs/reliability.md; `--only` takes the rows with this text in their name. Processes share the damages, because each
 * is tried on a copy of its own.
 */
import { fork } from 'node:child_process';
import nodeFs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { SqliteEngine } from '../../../src/core/store/sqlite/sqlite';
import { loadEngine } from '../../fakes/test-memory';
import { randomFrom } from '../random';
import { cut, empty, flip, foreign, makeWhole, overwrite, tryDamage } from './table';
import type { Remedy, Verdict, WholeMemory } from './table';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    every: { type: 'string', default: '1' },
    processes: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
    /** Set for the processes this one starts: the memory they copy, and which part of the damages is theirs. */
    whole: { type: 'string' },
    part: { type: 'string', default: '0' },
  },
});
const every = Number(values.every);
const processes = Number(values.processes);
const pageSize = 4096;
/** Of the memories that open all the same, every so many are restored or repaired too. */
const askEvery = 8;
/** What SQLite keeps of damaged databases after they are closed fills its memory after some ten thousand. */
const engineLasts = 1000;

interface Row {
  what: string;
  remedy: Remedy;
  damages: ((file: string) => void)[];
}
interface Tried extends Verdict {
  row: number;
  index: number;
}

void (async () => {
  if (values.whole !== undefined) {
    const whole = JSON.parse(values.whole) as WholeMemory;
    for (const tried of await tryPart(whole, Number(values.part))) process.send?.(tried);
    return;
  }
  const engine = await loadEngine();
  const whole = await makeWhole();
  try {
    const parts = Array.from({ length: processes }, (_, part) => tryElsewhere(whole, part));
    const faults = print(rowsOf(engine, whole), (await Promise.all(parts)).flat());
    process.exitCode = faults === 0 ? 0 : 1;
  } finally {
    whole.remove();
  }
})();

function rowsOf(engine: SqliteEngine, whole: Omit<WholeMemory, 'remove'>): Row[] {
  const random = randomFrom(Number(values.seed));
  const { size } = nodeFs.statSync(path.join(whole.dataDir, 'memory.db'));
  const several = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: Math.ceil(count / every) }, (_, index) => make(index));
  const heads = several(2 * pageSize, (index) => index * every);
  const bits = heads.map(() => 1 << random.below(8));
  const others = several(200, () => 2 * pageSize + random.below(size - 2 * pageSize));
  const sizes = several(50, () => random.below(size));
  const files = [
    empty,
    foreign(engine),
    overwrite('# Notes\n\nThis is not a database.\n'.repeat(400)),
    overwrite(Buffer.alloc(size)),
    (file: string) => nodeFs.copyFileSync(whole.older, file),
    (file: string) => nodeFs.rmSync(file),
  ];
  const kinds: [string, ((file: string) => void)[]][] = [
    ['every byte of the first two pages, all bits', heads.map((at) => flip(at))],
    ['every byte of the first two pages, one bit', heads.map((at, index) => flip(at, bits[index]))],
    ['200 other bytes', others.map((at) => flip(at))],
    ['truncated at 50 places', sizes.map(cut)],
    ['0 bytes, foreign, text, zeros, older, gone', files],
  ];
  return kinds
    .flatMap(([what, damages]) =>
      (['restore', 'repair'] as const).map((remedy): Row => ({ what: `${what}, ${remedy}`, remedy, damages })),
    )
    .filter(({ what }) => what.includes(values.only));
}

async function tryPart(whole: WholeMemory, part: number): Promise<Tried[]> {
  const tried: Tried[] = [];
  let opened = 0;
  let engine = await loadEngine();
  for (const [row, { damages, remedy }] of rowsOf(engine, whole).entries())
    for (const [index, damage] of damages.entries()) {
      if (index % processes !== part) continue;
      if (tried.length % engineLasts === engineLasts - 1) engine = await loadEngine();
      let verdict = await tryDamage(engine, whole, damage, remedy);
      if (verdict.ending === 'open' && ++opened % askEvery === 0)
        verdict = await tryDamage(engine, whole, damage, remedy, true);
      tried.push({ row, index, ...verdict });
    }
  return tried;
}

function tryElsewhere(whole: WholeMemory, part: number): Promise<Tried[]> {
  const args = [...process.argv.slice(2), '--whole', JSON.stringify(whole), '--part', String(part)];
  return new Promise((resolve, reject) => {
    const found: Tried[] = [];
    const child = fork(__filename, args);
    child.on('message', (tried) => found.push(tried as Tried));
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve(found) : reject(new Error(`A process ended with ${code}.`))));
  });
}

/** Returns the number of dead ends. */
function print(rows: readonly Row[], tried: readonly Tried[]): number {
  console.log('| damage | tried | open | restored | repaired | dead ends | named as |\n| - | - | - | - | - | - | - |');
  for (const [row, { what, damages }] of rows.entries()) {
    const own = tried.filter((each) => each.row === row);
    if (own.length !== damages.length) throw new Error(`${own.length} of ${damages.length} were tried.`);
    const dead = own.filter(({ fault }) => fault !== undefined);
    const names = new Map<string, number>();
    for (const { named } of own) if (named !== undefined) names.set(named, (names.get(named) ?? 0) + 1);
    const endings = (['open', 'restored', 'repaired'] as const).map(
      (ending) => own.filter((each) => each.ending === ending).length,
    );
    const named = [...names].map(([name, count]) => `${name} ${count}`).join('; ');
    console.log(`| ${[what, own.length, ...endings, dead.length, named].join(' | ')} |`);
    for (const { index, fault } of dead.slice(0, 20)) console.log(`  ${index}: ${fault}`);
  }
  return tried.filter(({ fault }) => fault !== undefined).length;
}
