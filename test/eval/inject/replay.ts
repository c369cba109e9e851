/**
 * Real sessions in order of time: what would have been given at each prompt from the sessions before it, against the
 * files that the session then read or edited. Nobody judges: a file in common is taken for help, a session without one
 * for none. The newest sessions before are given in the same number for comparison.
 */
import { cpSync } from 'node:fs';
import path from 'node:path';
import { packFor } from '../../../src/core/give/need';
import { FullText } from '../../../src/core/index/full-text';
import { estimateTokens } from '../../../src/core/lib/tokens';
import type { SqlDriver } from '../../../src/core/store/sqlite/driver';
import { unreadTurns } from '../../../src/core/store/tables/amendments';
import { sessionHead, sessionLines } from '../../../src/core/store/tables/session-lines';
import { printTable, withFolder } from '../../bench/measure';
import { openBench } from '../../bench/open';
import { randomFrom } from '../../torture/random';
import { everydayPrompts } from './subjects';

interface Past {
  id: string;
  no: number;
  at: number;
  files: Set<string>;
}

interface Outcome {
  given: number;
  helped: number;
  newestHelped: number;
}

const budget = 500;
const maxNewest = 400;
/** A file that more than this share of the sessions touches says nothing about what a session is about. */
const commonShare = 0.3;
const samples = 2000;

/** `folder` is as Claude's `projects`; `strangers` another one whose prompts no memory of the first should answer. */
export async function reportReplay(folder: string, strangers: string | undefined): Promise<void> {
  await withFolder(async (place) => {
    const bench = await openBench(place);
    cpSync(folder, path.join(bench.configDir, 'projects'), { recursive: true });
    await bench.import({ isArchiving: false });
    const { driver } = bench;
    for (const { id } of driver.all<{ id: string }>('SELECT id FROM sessions')) await bench.memory.summary(id);
    const index = new FullText(driver);
    const sessions = pastOf(driver);
    const raw = new Map<string, number>();
    const outcomes: Outcome[] = [];
    let prompts = 0;
    let tokens = 0;
    let rawTokens = 0;
    for (const session of sessions)
      for (const { prompt, at } of unreadTurns(driver, { no: session.no, readTo: -1, lastSequence: 0 }, 5000)) {
        prompts += 1;
        const packed = packFor(
          { driver, index },
          { text: prompt, scopeIds: undefined, budget, now: at, sessionId: session.id, before: session.at },
        );
        const given = new Set(packed.items.flatMap(({ sessionId }) => sessionId ?? []));
        if (given.size === 0) continue;
        tokens += packed.tokens;
        for (const id of given) rawTokens += raw.get(id) ?? remember(raw, id, tokensOf(driver, id));
        const before = sessions.filter((past) => past.at < session.at);
        const newest = before.toSorted((a, b) => b.at - a.at).slice(0, Math.min(given.size, maxNewest));
        outcomes.push({
          given: given.size,
          helped: before.filter((past) => given.has(past.id) && sharesFile(past, session)).length,
          newestHelped: newest.filter((past) => sharesFile(past, session)).length,
        });
      }
    const sum = (list: readonly Outcome[], of: keyof Outcome) => list.reduce((total, each) => total + each[of], 0);
    const precision = (of: 'helped' | 'newestHelped') => {
      const drawn = bootstrap(outcomes, (list) => sum(list, of) / Math.max(1, sum(list, 'given')));
      return `${((100 * sum(outcomes, of)) / Math.max(1, sum(outcomes, 'given'))).toFixed(1)} % (${drawn})`;
    };
    printTable(
      'replay: sessions given that share a file with the session (95 % interval by prompts)',
      ['prompts', 'given for', 'sessions given', 'share a file', 'newest sessions instead', 'tokens of raw sessions'],
      [
        [
          `${prompts}`,
          `${outcomes.length}`,
          `${sum(outcomes, 'given')}`,
          precision('helped'),
          precision('newestHelped'),
          `${((100 * tokens) / Math.max(1, rawTokens)).toFixed(2)} %`,
        ],
      ],
    );
    const ask = (text: string) =>
      packFor({ driver, index }, { text, scopeIds: undefined, budget, now: Date.now() }).items.length > 0;
    const rows = [['prompts of every day', ...countOf(everydayPrompts, ask)]];
    if (strangers !== undefined) rows.push(['prompts of other projects', ...countOf(await promptsOf(strangers), ask)]);
    printTable('false fires on this history', ['prompts', 'asked', 'something given'], rows);
    await bench.close();
  });
}

function countOf(prompts: readonly string[], ask: (text: string) => boolean): string[] {
  const fired = prompts.filter(ask);
  if (process.env['SHOW'] === 'stranger')
    for (const text of fired) console.log(`FIRED ${text.slice(0, 200).replaceAll('\n', ' ')}`);
  return [
    `${prompts.length}`,
    `${fired.length} (${((100 * fired.length) / Math.max(1, prompts.length)).toFixed(1)} %)`,
  ];
}

/** Prompts of all sessions below a folder of transcripts, each once. */
async function promptsOf(folder: string): Promise<string[]> {
  return withFolder(async (place) => {
    const bench = await openBench(place);
    cpSync(folder, path.join(bench.configDir, 'projects'), { recursive: true });
    await bench.import({ isArchiving: false });
    const found = bench.driver
      .all<{ no: number }>('SELECT no FROM sessions')
      .flatMap(({ no }) =>
        unreadTurns(bench.driver, { no, readTo: -1, lastSequence: 0 }, 5000).map(({ prompt }) => prompt),
      );
    await bench.close();
    return [...new Set(found)];
  });
}

function pastOf(driver: SqlDriver): Past[] {
  const rows = driver.all<{ id: string; no: number; at: number; files: string }>(
    'SELECT id, no, created_at AS at, files_json AS files FROM sessions WHERE prompts > 0 ORDER BY created_at',
  );
  const past = rows.map((row) => ({ ...row, files: new Set(JSON.parse(row.files) as string[]) }));
  const counts = new Map<string, number>();
  for (const { files } of past) for (const file of files) counts.set(file, (counts.get(file) ?? 0) + 1);
  const isCommon = (file: string) => (counts.get(file) ?? 0) > commonShare * past.length;
  return past.map((each) => ({ ...each, files: new Set([...each.files].filter((file) => !isCommon(file))) }));
}

const sharesFile = (a: Past, b: Past): boolean => [...a.files].some((file) => b.files.has(file));

function remember(into: Map<string, number>, id: string, tokens: number): number {
  into.set(id, tokens);
  return tokens;
}

function tokensOf(driver: SqlDriver, id: string): number {
  const head = sessionHead(driver, id);
  if (!head) return 0;
  return sessionLines(driver, head.no).reduce(
    (sum, line) => sum + estimateTokens(line.kind === 'said' ? line.text : line.input + line.output),
    0,
  );
}

function bootstrap<T>(list: readonly T[], of: (drawn: readonly T[]) => number): string {
  const random = randomFrom(7);
  const values = Array.from({ length: samples }, () =>
    of(Array.from({ length: list.length }, () => list[random.below(list.length)]!)),
  ).sort((a, b) => a - b);
  const at = (part: number) => (100 * (values[Math.floor(values.length * part)] ?? 0)).toFixed(0);
  return `${at(0.025)}–${at(0.975)}`;
}
