/** The short form of the keeper torture; `test/torture/keeper/keeper.torture.ts` is the long one, with its controls. */
import { expect, it } from 'vitest';
import { killWindows } from '../torture/keeper/kill-windows';

it('twenty kills of windows and keepers lose nothing, double nothing, and never leave two keepers', async () => {
  const { lost, doubled, owners, refused, acknowledged, lines, ...rest } = await killWindows({
    kills: 20,
    windows: 4,
    seed: Date.now() % 1_000_000,
  });
  expect({ lost, doubled, owners, refused }, JSON.stringify(rest)).toEqual({
    lost: [],
    doubled: [],
    owners: [],
    refused: [],
  });
  expect(acknowledged).toBeGreaterThan(50);
  expect(lines).toBeGreaterThan(10);
}, 120_000);
