/** Whether this machine has something better to do than to embed texts: others compute, or it runs on its battery. */
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Machine } from '../core/meaning/feed';

export interface MachineSenses {
  cores: number;
  /** Processes that want to run, over the last minute; 0 where the platform does not tell. */
  load(): number;
  /** Milliseconds this thread keeps others waiting, lately. */
  lag(): number;
  /** Undefined where the platform does not tell. */
  isOnBattery(): boolean | undefined;
}

/** Share of the cores that others may use; our own thread takes one at most. */
const busyShare = 0.75;
const busyLagMs = 250;

export function createMachine(senses: MachineSenses = systemSenses()): Machine {
  return {
    whyWait() {
      if (senses.isOnBattery() === true) return 'battery';
      return (senses.load() - 1) / senses.cores >= busyShare || senses.lag() > busyLagMs ? 'load' : undefined;
    },
  };
}

function systemSenses(): MachineSenses {
  const delays = monitorEventLoopDelay({ resolution: 20 });
  delays.enable();
  return {
    cores: os.availableParallelism(),
    load: () => os.loadavg()[0] ?? 0,
    lag() {
      const ms = delays.percentile(90) / 1e6;
      delays.reset();
      return ms;
    },
    isOnBattery: () => readMains('/sys/class/power_supply'),
  };
}

/**
 * True when there are mains and none is plugged in; undefined where there are none to ask, as on a desktop or another
 * platform.
 */
export function readMains(folder: string): boolean | undefined {
  const read = (name: string, file: string): string => {
    try {
      return nodeFs.readFileSync(path.join(folder, name, file), 'utf8').trim();
    } catch {
      return '';
    }
  };
  let names: string[];
  try {
    names = nodeFs.readdirSync(folder);
  } catch {
    return undefined;
  }
  const mains = names
    .filter((name) => read(name, 'type') === 'Mains')
    .map((name) => read(name, 'online'))
    .filter((online) => online !== '');
  return mains.length === 0 ? undefined : mains.every((online) => online === '0');
}
