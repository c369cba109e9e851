/**
 * What a hook adds to a session: its command as Claude Code runs it, beside a bare start of the same Node, in turns. With
 * a keeper over a generated history, and without one. `--sizes 10000` for another size in tool calls.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { hookGroups, placeLauncher } from '../../src/hook/install/launcher';
import { openMemory } from '../../src/keeper/connect';
import { sessionId } from '../fixtures/transcript-lines';
import { vocabulary, writeHistory } from './history';
import { machine, ms, percentile, printTable, randomFrom, sizesOr, withFolder } from './measure';
import { openBench } from './open';

const rounds = 100;

async function main(): Promise<void> {
  console.log(`# hooks (${machine()})`);
  const rows: string[][] = [];
  for (const size of sizesOr([10_000, 100_000]))
    await withFolder(async (folder) => rows.push(...(await measure(folder, size))));
  const head = ['tool calls', 'keeper', 'bare Node', 'session start', 'above', 'prompt', 'above'];
  printTable('A hook, ms p50 / p95; above: p95 of the hook less p50 of a bare start', head, rows);
}

async function measure(folder: string, size: number): Promise<string[][]> {
  const bench = await openBench(folder);
  writeHistory(bench.configDir, size);
  await bench.import({ isArchiving: false });
  await bench.memory.setQueuePaused(true);
  await bench.memory.readyBriefs();
  await bench.close();
  const { dataDir } = bench;
  const place = { dataDir, platform: process.platform, runtime: process.execPath };
  await placeLauncher({ ...place, programFile: path.resolve('dist/hook.cjs') });
  const [workDir = folder] = foldersOf(dataDir);
  const memory = await openMemory({
    dataDir,
    workerFile: path.resolve('dist/keeper.cjs'),
    version: 'bench',
    log: () => {},
  });
  // What a window that is used has done long ago: columns and suggestions are there.
  for (const text of vocabulary.slice(300, 320)) await memory.search({ text });
  const withKeeper = await timesOf(place, workDir);
  await memory.close();
  const without = await timesOf(place, workDir);
  return [
    [String(size), 'yes', ...withKeeper],
    [String(size), 'no', ...without],
  ];
}

const foldersOf = (dataDir: string): string[] =>
  (
    JSON.parse(readFileSync(path.join(dataDir, 'give/index.json'), 'utf8')) as { folders: { folder: string }[] }
  ).folders.map(({ folder }) => folder);

async function timesOf(place: Parameters<typeof hookGroups>[0], cwd: string): Promise<string[]> {
  const random = randomFrom(5);
  const word = () => vocabulary[Math.floor(300 * 100 ** random())] ?? '';
  const { SessionStart, UserPromptSubmit } = hookGroups(place);
  const commandOf = (group: typeof SessionStart) => group?.hooks[0]?.command ?? '';
  const [bare, start, prompt]: number[][] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    // A session of its own each time: what was given once is not given again.
    const input = { session_id: sessionId(10_000 + round), cwd, transcript_path: '' };
    bare!.push(await timeOf(`"${process.execPath}" -e 0`, ''));
    start!.push(
      await timeOf(
        commandOf(SessionStart),
        JSON.stringify({ ...input, hook_event_name: 'SessionStart', source: 'startup' }),
      ),
    );
    prompt!.push(
      await timeOf(
        commandOf(UserPromptSubmit),
        JSON.stringify({ ...input, hook_event_name: 'UserPromptSubmit', prompt: `Why does ${word()} ${word()} fail?` }),
      ),
    );
  }
  const base = percentile(bare!, 0.5);
  const cells = (times: number[]) => [both(times), ms(percentile(times, 0.95) - base)];
  return [both(bare!), ...cells(start!), ...cells(prompt!)];
}

const both = (times: number[]): string => `${ms(percentile(times, 0.5))} / ${ms(percentile(times, 0.95))}`;

/** From its start to its end, in a shell as the client does it. */
function timeOf(command: string, input: string): Promise<number> {
  const begun = performance.now();
  const child = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve) => child.once('close', () => resolve(performance.now() - begun)));
}

void main();
