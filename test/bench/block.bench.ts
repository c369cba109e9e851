/**
 * The longest step in which the keeper's thread answers nothing, in everything it does: `--calls N` for another size.
 * What runs in threads of its own (copies for backups, the embedding model) is not measured.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createCareThread } from '../../src/keeper/care-thread';
import { sessionId } from '../fixtures/transcript-lines';
import { blocksOf } from './block';
import { vocabulary, writeHistory } from './history';
import { machine, ms, printTable, randomFrom, withFolder } from './measure';
import { openBench } from './open';

const { values } = parseArgs({ options: { calls: { type: 'string', default: '20000' } } });
const calls = Number(values.calls);
const aimMs = 50;
const searches = 100;

void withFolder(async (folder) => {
  console.log(`# block (${machine()})`);
  const run = createCareThread(path.resolve('dist/care.cjs'), path.resolve('dist/sql-wasm.wasm'));
  const bench = await openBench(folder, { care: { run, reopen: () => {}, machine: 'bench' }, distil: { idleMs: 1 } });
  const { memory } = bench;
  writeHistory(bench.configDir, calls);
  const rows: string[][] = [];
  const measure = async (what: string, work: () => unknown) => {
    const { longest, long } = await blocksOf(aimMs, work);
    rows.push([what, ms(longest), String(long.length), long[0]?.where ?? '']);
    console.log(
      `${what}: ${
        long
          .slice(0, 5)
          .map((step) => `${ms(step.ms)} ms in ${step.where}`)
          .join('; ') || ms(longest)
      }`,
    );
  };
  await measure('back-fill, with archive', () => bench.import());
  await measure('start: suggestions, columns, summaries, learnings, graph', () => bench.startAndWait());
  await measure('search', async () => {
    const random = randomFrom(3);
    const word = () => vocabulary[Math.floor(300 * 100 ** random())] ?? '';
    for (let count = 0; count < searches; count++) await memory.search({ text: `${word()} ${word()}` });
  });
  await measure('typing', async () => {
    for (const text of ['ba', 'bac', 'baco', 'd', 'di', 'dif']) {
      await memory.search({ text, isTyping: true, roads: 'words' });
      await memory.suggest(text);
    }
  });
  await measure('insights', () => memory.insights({ days: 366 }));
  await measure('index made anew', () => bench.reindex());
  await measure('backup', () => memory.backUp('bench'));
  await measure('forgetting a session', () => memory.forgetSession(sessionId(3)));
  await measure('forgetting a project', async () => {
    const project = (await memory.projects())[0];
    if (project) await memory.forgetProject(project.id);
  });
  await measure('closing', () => bench.close());
  printTable(
    `${calls} tool calls: the longest step, ms of processor time`,
    ['', 'longest', `above ${aimMs} ms`, 'where'],
    rows,
  );
});
