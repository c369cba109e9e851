import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createMachine, readMains } from './machine';

const quiet = { cores: 4, load: () => 1, lag: () => 5, isOnBattery: () => undefined };

it.each([
  ['quiet', {}, undefined],
  ['our own thread at work', { load: () => 2 }, undefined],
  ['others at work', { load: () => 4.1 }, 'load'],
  ['a thread that keeps others waiting', { lag: () => 400 }, 'load'],
  ['unplugged', { isOnBattery: () => true }, 'battery'],
  ['plugged in', { isOnBattery: () => false }, undefined],
])('%s', (_, senses, why) => {
  expect(createMachine({ ...quiet, ...senses }).whyWait()).toBe(why);
});

it('knows the mains where the platform tells', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-power-'));
  const supply = (name: string, type: string, online?: string) => {
    mkdirSync(path.join(folder, name), { recursive: true });
    writeFileSync(path.join(folder, name, 'type'), `${type}\n`);
    if (online !== undefined) writeFileSync(path.join(folder, name, 'online'), `${online}\n`);
  };
  try {
    expect(readMains(path.join(folder, 'nothing'))).toBeUndefined();
    supply('BAT0', 'Battery');
    supply('hid-mouse', 'Battery', '0');
    expect(readMains(folder)).toBeUndefined();
    supply('AC', 'Mains', '0');
    expect(readMains(folder)).toBe(true);
    supply('AC', 'Mains', '1');
    expect(readMains(folder)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
