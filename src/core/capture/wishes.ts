/** What the heads want captured: the folders of all of them, for one window must not stop the capture of another. */
import { resolve } from 'node:path';
import type { CaptureSettings } from '../../protocol/questions/capture';
import type { Clock } from '../lib/clock';
import type { SqlDriver } from '../store/sqlite/driver';
import { listConfigurations, setConfiguration } from '../store/tables/configuration';
import { forgetExclusions } from '../store/tables/sources';
import { excludes } from './exclude';
import type { PatternSurroundings } from './exclude';

export interface WishesPorts {
  driver: SqlDriver;
  surroundings: PatternSurroundings;
  clock: Clock;
  /** Called when the excludes have changed. */
  onExcludes(): void;
}

export class Wishes {
  readonly #ports: WishesPorts;
  /** By head, newest last. */
  readonly #bySource = new Map<string, CaptureSettings>();
  /** Absolute. */
  configDirs: readonly string[] = [];
  roots: readonly string[] = [];
  trustedRoots: readonly string[] = [];
  maxLineBytes = 16 << 20;
  isExcluded: (root: string, cwd: string) => boolean = () => false;

  constructor(ports: WishesPorts) {
    this.#ports = ports;
  }

  take(settings: CaptureSettings): void {
    const { driver, clock, surroundings } = this.#ports;
    this.#bySource.delete(settings.source);
    this.#bySource.set(settings.source, settings);
    const wishes = [...this.#bySource.values()].toReversed();
    this.configDirs = [...new Set(wishes.flatMap(({ configDirs }) => configDirs.map((dir) => resolve(dir))))];
    this.roots = [...new Set(wishes.flatMap(({ roots }) => roots))];
    this.trustedRoots = [...new Set(wishes.flatMap(({ trustedRoots = [] }) => trustedRoots))];
    this.maxLineBytes = settings.maxLineBytes;
    const before = JSON.stringify([...listConfigurations<string[]>(driver, 'exclude:')]);
    setConfiguration(driver, `exclude:${settings.source}`, settings.exclude, clock.now());
    const all = listConfigurations<string[]>(driver, 'exclude:');
    // Files that were skipped under the old excludes must be read now.
    if (JSON.stringify([...all]) !== before) {
      forgetExclusions(driver);
      this.#ports.onExcludes();
    }
    this.isExcluded = excludes([...all.values()].flat(), surroundings);
  }
}
