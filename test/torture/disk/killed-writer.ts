/** A process that commits and acknowledges each commit on its output until it is killed. Started by kills.ts. */
import { readFileSync, writeSync } from 'node:fs';
import { loadSqlite } from '../../../src/core/store/sqlite/sqlite';
import { randomFrom } from '../random';
import { openDriver } from './drivers';
import type { DriverKind } from './drivers';
import { lastNumber, prepareWorkload, tendDatabase, writeTransaction } from './workload';

const [dataDir = '', kind = 'disk', wasmFile = '', seed = '0', liesFrom = ''] = process.argv.slice(2);
const say = (text: string) => writeSync(1, `${text}\n`);

async function main(): Promise<void> {
  const engine = await loadSqlite({ wasm: readFileSync(wasmFile), platform: process.platform });
  say('start');
  const { driver } = openDriver(kind as DriverKind, engine, dataDir);
  prepareWorkload(driver);
  const random = randomFrom(Number(seed));
  for (let n = lastNumber(driver) + 1; ; n++) {
    if (liesFrom !== '' && n > Number(liesFrom)) {
      // Planted fault: acknowledges before the commit, which never happens.
      say(String(n));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
    writeTransaction(driver, n, random);
    say(String(n));
    tendDatabase(driver, random);
  }
}

void main();
