/** Whether embedding should wait: other programs use the processor, or the machine runs on battery. */
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Machine } from '../core/meaning/feed';

export interface MachineSenses {
  cores: number;
  /** Number of runnable processes over the last minute; 0 where the platform does not tell. */
  load(): number;
  /** Recent delay of this thread's event loop in milliseconds. */
  lag(): number;
  /** Undefined where the platform does not tell. */
  isOnBattery(): boolean | undefined;
}

/** Share of the cores other programs may use; our own thread uses at most one. */
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

/** True when there are power supplies and none is online; undefined when there are none to ask, as on a desktop. */
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
