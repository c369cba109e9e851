import { readFileSync } from 'node:fs';
import path from 'node:path';
import { indexText } from '../../src/core/index/tokenize';
import { loadSqlite } from '../../src/core/store/sqlite';
import { vocabulary } from './history';
import { makeText, randomFrom, withFolder } from './measure';
import { NativeDriver } from './native';
const random = randomFrom(3);
const settings='PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 4000;';
async function main() {
  const engine = await loadSqlite({ wasm: readFileSync('dist/sql-wasm.wasm'), platform: process.platform });
  const texts = Array.from({ length: 20000 }, () => makeText(vocabulary, 66, random));
  let t = performance.now();
  let toks = 0;
  const toked = texts.map((x) => indexText(x));
  for (const x of toked) toks += x.split(' ').length;
  console.log('tokenize µs/doc', ((performance.now() - t) / 20).toFixed(1), 'tokens/doc', toks / 20000, 'bytes', texts[0]!.length);
  await withFolder(async (folder) => {
    for (const [label, secure, init, batch] of [['plain', 'ON', '', 1000], ['secure off', 'OFF', '', 1000], ['secure fast','FAST','',1000], ['automerge8', 'ON', "INSERT INTO f(f) VALUES('automerge=8')", 1000], ['batch 4000', 'ON', '', 4000], ['batch 250', 'ON', '', 250]] as const) {
      for (const who of ['ours', 'native'] as const) {
        const d = who === 'ours' ? engine.openFile(path.join(folder, `${label}o.db`), { isMasked: true }) : new NativeDriver(path.join(folder, `${label}n.db`));
        d.exec(settings + `PRAGMA secure_delete = ${secure};`);
        d.exec(`CREATE VIRTUAL TABLE f USING fts4 (content="", tokenize=simple, body);` + init);
        t = performance.now();
        for (let i = 0; i < 20000; i += batch) d.transaction(() => { for (let k = i; k < i + batch; k++) d.run('INSERT INTO f (docid, body) VALUES (CAST(? AS INTEGER), ?)', [k + 1, toked[k]!]); });
        const a = performance.now() - t;
        console.log(label, who, 'µs/doc', (a / 20).toFixed(1), 'segdir', JSON.stringify(d.all('SELECT level, count(*) c FROM f_segdir GROUP BY 1')));
        d.close();
      }
    }
  });
}
void main();
