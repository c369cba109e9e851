/**
 * Kills keepers that spend money and compares the API's bill with the ledger. Prints a table; exits with 1 on damage or
 * when a planted fault is not found. `--rounds N` (20), `--seed N` (default: the time).
 */
import { parseArgs } from 'node:util';
import { spendFaults } from './faults';
import { killSpenders } from './spend-run';

const { values } = parseArgs({ strict: false, options: { rounds: { type: 'string' }, seed: { type: 'string' } } });
const rounds = Number(values.rounds ?? 20);
const firstSeed = Number(values.seed ?? Date.now() % 1_000_000);
const ceilingUsd = 0.05;

async function main(): Promise<void> {
  console.log(
    '| seed | kills of the keeper | calls | of unknown end | bill, $ | ledger, $ | passed the ceiling ' +
      '| ledger below the bill | sent twice |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
  );
  for (let round = 0; round < rounds; round++) {
    const result = await killSpenders({ sessions: 100, kills: 10, ceilingUsd, seed: firstSeed + round });
    const { overspent, hidden, repeated } = result;
    console.log(
      `| ${result.seed} | ${result.kills} | ${result.calls} | ${result.unknown} | ` +
        `${(result.bill / 1e9).toFixed(6)} | ${(result.ledger / 1e9).toFixed(6)} | ${overspent.length} ` +
        `| ${hidden.length} | ${repeated.length} |`,
    );
    if (overspent.length + hidden.length + repeated.length > 0) fail('DAMAGE', result);
  }
  for (const [name, { finds, patches }] of Object.entries(spendFaults)) {
    // Few sessions, so that failed tasks are retried before the ceiling is reached.
    const control = await killSpenders({
      sessions: finds === 'overspent' ? 70 : 20,
      kills: finds === 'overspent' ? 0 : 5,
      ceilingUsd,
      seed: firstSeed,
      fault: patches,
    });
    console.log(`control: ${name}: ${control[finds].length} × ${finds} found`);
    if (control[finds].length === 0) fail('BLIND', name);
  }
}

function fail(what: string, why: unknown): void {
  console.log(`${what}: ${JSON.stringify(why).slice(0, 2000)}`);
  process.exitCode = 1;
}

main().catch((error: unknown) => fail('FAILED', error instanceof Error ? error.stack : error));
