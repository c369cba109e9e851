/** Files as they stood after turns of planted repositories, and what sessions changed in them, beside what is known of it. */
import path from 'node:path';
import { keptLines } from '../../../src/core/why/pair-lines';
import type { MemoryApi } from '../../../src/protocol/memory-api';
import { printTable, withFolder } from '../../bench/measure';
import { openBench } from '../../bench/open';
import { plant } from './why-report';
import type { Planting, TurnEnd } from './why-repository';

export interface StoodCounts {
  asked: number;
  whole: number;
  /** Whole and without a doubt; of these the same to the letter. */
  sure: number;
  sureExact: number;
  nothing: number;
  /** Lines that were said to stand there, of these right, and lines that stood there. */
  told: number;
  right: number;
  stood: number;
}

export interface NetCounts {
  files: number;
  /** Lines said to be the session's, of these its own, and lines of its own that stood at its end. */
  told: number;
  right: number;
  own: number;
}

interface SaidFile {
  pieces: readonly string[];
  isWhole: boolean;
  isSure: boolean;
}
type Say = (end: TurnEnd) => Promise<SaidFile>;

export async function countStood(ends: readonly TurnEnd[], say: Say): Promise<StoodCounts> {
  const counts = { asked: 0, whole: 0, sure: 0, sureExact: 0, nothing: 0, told: 0, right: 0, stood: 0 };
  for (const end of ends) {
    // oxlint-disable-next-line no-await-in-loop -- one question at a time, as a person asks
    const { pieces, isWhole, isSure } = await say(end);
    const truth = end.lines.map(({ text }) => text);
    counts.asked++;
    counts.stood += truth.length;
    if (pieces.length === 0) counts.nothing++;
    if (isWhole) counts.whole++;
    if (isWhole && isSure) {
      counts.sure++;
      if (pieces.join('\n') === truth.join('\n')) counts.sureExact++;
    }
    for (const lines of pieces.map((piece) => piece.split('\n'))) {
      counts.told += lines.length;
      counts.right += keptLines(lines, truth).of.filter((from) => from !== -1).length;
    }
  }
  return counts;
}

export const sayStood =
  (memory: MemoryApi, root: string): Say =>
  async ({ sessionId, turn, name }) => {
    const { known, doubt, pieces } = await memory.fileAtTurn({ sessionId, turn, file: path.join(root, name) });
    return { pieces, isWhole: known === 'whole', isSure: doubt === undefined };
  };

/** The control: the file as it is today stood so always. */
export const sayToday =
  (planting: Planting): Say =>
  async ({ name }) => {
    const lines = planting.files.get(name);
    return { pieces: lines ? [lines.map(({ text }) => text).join('\n')] : [], isWhole: true, isSure: true };
  };

/** Lines that a session is said to have put into a file, beside those that are its own at its end. */
export async function countNet(
  ends: readonly TurnEnd[],
  memory: Pick<MemoryApi, 'sessionChange'>,
  root: string,
): Promise<NetCounts> {
  const counts = { files: 0, told: 0, right: 0, own: 0 };
  const last = new Map(ends.map((end) => [`${end.sessionId} ${end.name}`, end]));
  for (const { sessionId, name, lines } of last.values()) {
    // oxlint-disable-next-line no-await-in-loop -- one question at a time, as a person asks
    const { pieces } = await memory.sessionChange(sessionId, path.join(root, name));
    counts.files++;
    const isOwn = ({ text, by, movedBy }: TurnEnd['lines'][number]) =>
      text.trim() !== '' && (by?.startsWith(sessionId) === true || movedBy === sessionId);
    const own = new Map<string, number>();
    for (const line of lines.filter(isOwn)) own.set(line.text, (own.get(line.text) ?? 0) + 1);
    counts.own += lines.filter(isOwn).length;
    for (const { before, after } of pieces) {
      const texts = after.split('\n');
      const { of } = keptLines(before === '' ? [] : before.split('\n'), texts);
      for (const text of texts.filter((line, at) => of[at] === -1 && line.trim() !== '')) {
        counts.told++;
        const left = own.get(text) ?? 0;
        if (left === 0) continue;
        own.set(text, left - 1);
        counts.right++;
      }
    }
  }
  return counts;
}

const share = (part: number, of: number): string => (of === 0 ? '' : `${((100 * part) / of).toFixed(1)} %`);

export async function reportStory(seeds: readonly number[], lines: number): Promise<void> {
  const rows: string[][] = [];
  const nets: string[][] = [];
  const row = (name: string, { asked, whole, sure, sureExact, nothing, told, right, stood }: StoodCounts) =>
    rows.push([
      name,
      `${asked}`,
      `${whole}`,
      `${sure}`,
      share(sureExact, sure),
      `${nothing}`,
      share(right, told),
      share(right, stood),
    ]);
  for (const seed of seeds) {
    // oxlint-disable-next-line no-await-in-loop -- a memory at a time
    await withFolder(async (folder) => {
      const bench = await openBench(folder);
      const { planting, root } = await plant(bench, seed, lines);
      row(`seed ${seed}`, await countStood(planting.turnEnds, sayStood(bench.memory, root)));
      if (seed === seeds[0]) row('control: as it is today', await countStood(planting.turnEnds, sayToday(planting)));
      const { files, told, right, own } = await countNet(planting.turnEnds, bench.memory, root);
      nets.push([`seed ${seed}`, `${files}`, `${told}`, share(right, told), share(right, own)]);
      await bench.close();
    });
  }
  printTable(
    `a file as it stood: planted repositories of ${lines} lines, after each turn that changed it`,
    ['repository', 'asked', 'whole', 'without doubt', 'of these exact', 'nothing', 'lines told right', 'of all lines'],
    rows,
  );
  printTable(
    'what a session changed: lines said to be its own',
    ['repository', 'files', 'told', 'right', 'of its lines'],
    nets,
  );
}
