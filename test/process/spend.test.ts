/**
 * The short form of the spending torture; `test/torture/spend/spend.torture.ts` is the long one, with more seeds and
 * faults.
 */
import { expect, it, vi } from 'vitest';
import type { SpendStatus } from '../../src/protocol/spend';
import { spendFaults } from '../torture/spend/faults';
import { killSpenders } from '../torture/spend/spend-run';
import { prepareDesk } from './windows';

const ceilingUsd = 0.05;

it(
  'with $0.05 a day and a hundred sessions in three processes neither the bill nor the ledger passes ' +
    'it, whoever is killed when',
  async () => {
    const { overspent, hidden, repeated, ...rest } = await killSpenders({
      sessions: 100,
      kills: 5,
      ceilingUsd,
      seed: Date.now() % 1_000_000,
    });
    expect({ overspent, hidden, repeated }, JSON.stringify(rest)).toEqual({ overspent: [], hidden: [], repeated: [] });
    expect(rest.kills).toBeGreaterThan(1);
    expect(rest.calls).toBeGreaterThan(10);
    expect(rest.calls).toBeLessThan(100);
  },
  120_000,
);

it('and a keeper that sets nothing aside is found out', async () => {
  const { finds, patches } = spendFaults['nothing is reserved']!;
  const result = await killSpenders({ sessions: 70, kills: 0, ceilingUsd, seed: 7, fault: patches });
  expect(result[finds].length, JSON.stringify(result)).toBeGreaterThan(0);
}, 120_000);

it('a key is gone with the window that had it, and comes back to the next keeper with one that has it still', async () => {
  const desk = await prepareDesk();
  try {
    const settings = (source: string) =>
      JSON.stringify({
        source,
        isAllowed: true,
        isAutomatic: false,
        key: 'sk-test',
        baseUrl: 'http://127.0.0.1:9',
        fastModel: 'claude-haiku-5-5',
        strongModel: '',
        ceilings: { dayUsd: 1, monthUsd: 1, dayTokens: 1, monthTokens: 1 },
      });
    const keeper = await desk.open();
    const [reader, owner] = [await desk.open(), await desk.open()];
    const state = async () => ((await reader.ask('spend')) as SpendStatus).state;
    await owner.ask(`models ${settings('owner')}`);
    expect(await state()).toBe('ready');
    await keeper.kill();
    await vi.waitFor(async () => expect(await state()).toBe('ready'), { timeout: 10_000 });
    await owner.kill();
    await vi.waitFor(async () => expect(await state()).toBe('off'), { timeout: 10_000 });
  } finally {
    await desk.clear();
  }
});
