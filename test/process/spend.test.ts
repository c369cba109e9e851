/** The torture of money in short; `test/torture/spend/spend.torture.ts` is the long form, with more seeds and more faults. */
import { expect, it } from 'vitest';
import { spendFaults } from '../torture/spend/faults';
import { killSpenders } from '../torture/spend/spend-run';

const ceilingUsd = 0.05;

it('with $0.05 a day and a hundred sessions in three processes neither the bill nor the ledger passes it, whoever is killed when', async () => {
  const { overspent, hidden, repeated, ...rest } = await killSpenders({ sessions: 100, kills: 5, ceilingUsd, seed: Date.now() % 1_000_000 });
  expect({ overspent, hidden, repeated }, JSON.stringify(rest)).toEqual({ overspent: [], hidden: [], repeated: [] });
  expect(rest.kills).toBeGreaterThan(1);
  expect(rest.calls).toBeGreaterThan(10);
  expect(rest.calls).toBeLessThan(100);
}, 120_000);

it('and a keeper that sets nothing aside is found out', async () => {
  const { finds, patches } = spendFaults['nothing is reserved']!;
  const result = await killSpenders({ sessions: 70, kills: 0, ceilingUsd, seed: 7, fault: patches });
  expect(result[finds].length, JSON.stringify(result)).toBeGreaterThan(0);
}, 120_000);
