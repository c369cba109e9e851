/** The long form: `npm run torture -- damage [--seed N] [--step N]`. Prints the table of docs/reliability.md. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadEngine } from '../../fakes/test-memory';
import { randomFrom } from '../random';
import { cut, flip, makeWhole, tryDamage } from './table';
import type { Remedy } from './table';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, step: { type: 'string', default: '1' } },
});
const random = randomFrom(Number(values.seed));
const step = Number(values.step);
const pageSize = 4096;

void (async () => {
  const engine = await loadEngine();
  const whole = await makeWhole();
  const { size } = nodeFs.statSync(path.join(whole.dataDir, 'memory.db'));
  const someBytes = Array.from({ length: Math.ceil(200 / step) }, () => random.below(size));
  const someSizes = Array.from({ length: Math.ceil(50 / step) }, () => random.below(size));
  const everyByte = Array.from({ length: Math.ceil((2 * pageSize) / step) }, (_, index) => index * step);
  const bitsOf = () => 1 << random.below(8);
  const rows: [string, Remedy, ((file: string) => void)[]][] = [
    ['every byte of the first two pages, all bits', 'restore', everyByte.map((at) => flip(at))],
    ['every byte of the first two pages, one bit', 'repair', everyByte.map((at) => flip(at, bitsOf()))],
    ['200 other bytes', 'restore', someBytes.map((at) => flip(at))],
    ['200 other bytes', 'repair', someBytes.map((at) => flip(at))],
    ['truncated at 50 places', 'restore', someSizes.map(cut)],
    ['truncated at 50 places', 'repair', someSizes.map(cut)],
  ];
  let faults = 0;
  console.log('| damage | tried | open | restored | repaired | dead ends | named as |\n| - | - | - | - | - | - | - |');
  for (const [what, remedy, damages] of rows) {
    const counts = { open: 0, restored: 0, repaired: 0 };
    const names = new Map<string, number>();
    const dead: string[] = [];
    for (const [index, damage] of damages.entries()) {
      const { ending, named, fault } = await tryDamage(engine, whole, damage, remedy);
      if (ending) counts[ending]++;
      if (named !== undefined) names.set(named, (names.get(named) ?? 0) + 1);
      if (fault !== undefined) dead.push(`${index}: ${fault}`);
    }
    const named = [...names].map(([name, count]) => `${name} ${count}`).join('; ');
    console.log(
      `| ${what}, ${remedy} | ${damages.length} | ${counts.open} | ${counts.restored} | ${counts.repaired} | ${dead.length} | ${named} |`,
    );
    for (const line of dead.slice(0, 20)) console.log(`  ${line}`);
    faults += dead.length;
  }
  whole.remove();
  process.exitCode = faults === 0 ? 0 : 1;
})();
