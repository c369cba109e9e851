/** The short forms of the disk torture. `npm run torture -- disk` runs the long ones. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadEngine } from '../../fakes/test-memory';
import { jumpInTime } from './clock';
import { driverKinds } from './drivers';
import { failEveryCall, liveWithShortCalls } from './faults';
import { letOthersIn, takeFilesAway } from './foreign';
import { judgeName } from './judge';
import { killWriters } from './kills';
import { losePower } from './power-loss';

const engine = await loadEngine();
const wasmFile = path.resolve('node_modules/sql.js/dist/sql-wasm.wasm');
const seed = 20_261_122;

describe('power losses', () => {
  it.each([
    ['the disk layer', ['disk', 'disk']],
    ['the fallback', ['image', 'image']],
    ['one after the other', ['disk', 'image', 'disk']],
  ] as const)('lose nothing acknowledged: %s', (_, lives) => {
    const { damage } = losePower({ engine, lives, transactionsPerLife: 12, cuts: 30, seed });
    expect(damage).toEqual([]);
  });

  it.each([
    'syncs do nothing',
    'folder syncs do nothing',
    'writes are torn',
    'acknowledged before the commit',
  ] as const)('are seen to do damage when %s', (fault) => {
    for (const kind of ['disk', 'image'] as const) {
      const { damage } = losePower({ engine, lives: [kind], transactionsPerLife: 12, cuts: 16, seed, fault });
      expect([kind, damage.length > 0]).toEqual([kind, true]);
    }
  });
});

describe.each(driverKinds)('kills of a writer on %s', (kind) => {
  it('lose nothing acknowledged', async () => {
    const { damage, kills } = await killWriters({ engine, wasmFile, kind, kills: 5, seed });
    expect([kills, damage]).toEqual([5, []]);
  });

  it('are seen to lose what was acknowledged before its commit', async () => {
    const { damage } = await killWriters({ engine, wasmFile, kind, kills: 1, seed, liesFrom: 3 });
    expect(damage.some((line) => line.includes('lost: acknowledged up to 4, found 3'))).toBe(true);
  });
});

describe.each(driverKinds)('file calls that fail on %s', (kind) => {
  it('are errors, and memory goes on', () => {
    const { damage, faults } = failEveryCall({ engine, kind, seed, stride: kind === 'disk' ? 47 : 11 });
    expect(damage).toEqual([]);
    expect(faults).toBeGreaterThan(10);
  });

  it('are seen to do damage when what failed is acknowledged', () => {
    expect(failEveryCall({ engine, kind, seed, stride: kind === 'disk' ? 61 : 5, isLying: true }).damage).not.toEqual(
      [],
    );
  });

  it('may do less than they were asked for', () => {
    expect(liveWithShortCalls(engine, kind, seed)).toEqual([]);
  });
});

describe('other programs on the live file', () => {
  it.runIf(judgeName)('do not recognise it, and leave all rows there', () => {
    const { attempts, damage } = letOthersIn(engine, seed);
    expect(damage).toEqual([]);
    expect(attempts).toBeGreaterThanOrEqual(6);
  });

  it
    .skipIf(process.platform === 'win32')
    .each(['unlink log', 'unlink database', 'move database', 'copy over database'] as const)(
    'that %s are noticed at the next commit',
    (how) => {
      expect(takeFilesAway(engine, how)).toEqual({ error: expect.stringMatching(/I\/O/) as string, saidSo: true });
    },
  );
});

describe.each(driverKinds)('a clock that jumps under %s', (kind) => {
  it('changes nothing', () => {
    const { jumps, damage } = jumpInTime(engine, kind, seed);
    expect([jumps > 40, damage]).toEqual([true, []]);
  });
});
