/**
 * Real sessions in order of time: at each failed check, which of its errors would have lit a lamp from what was fixed
 * before, and whether the fix that the session then found changes the same file or adds one of the same lines. Nobody
 * judges: that is taken for right, and another fix for wrong.
 */
import { cpSync } from 'node:fs';
import path from 'node:path';
import { errorsIn } from '../../../src/core/distil/past-fixes/errors-in';
import { fixesOf } from '../../../src/core/distil/past-fixes/fixes-of';
import type { FixedError } from '../../../src/core/distil/past-fixes/fixes-of';
import { leastLikeness, likenessOf } from '../../../src/core/distil/past-fixes/likeness';
import { pairChecks, readRun } from '../../../src/core/distil/reading/outcomes';
import { sessionHead, sessionLines } from '../../../src/core/store/tables/session-lines';
import { fileName } from '../../../src/protocol/paths';
import { printTable, withFolder } from '../../bench/measure';
import { openBench } from '../../bench/open';

interface Lamp {
  at: number;
  verdict: 'right' | 'wrong' | 'unknown';
  asked: string;
  past: string;
}

const hourMs = 3_600_000;

/** `folder` is as Claude's `projects`. */
export async function reportReplay(folder: string, isTold: boolean): Promise<void> {
  await withFolder(async (place) => {
    const bench = await openBench(place);
    cpSync(folder, path.join(bench.configDir, 'projects'), { recursive: true });
    await bench.import({ isArchiving: false });
    const { driver } = bench;
    const heads = driver
      .all<{ id: string }>("SELECT id FROM sessions WHERE status <> 'deleted' AND prompts > 0")
      .flatMap(({ id }) => sessionHead(driver, id) ?? [])
      .sort((a, b) => a.createdAt - b.createdAt);
    const known: (FixedError & { projectId: number })[] = [];
    const lamps: Lamp[] = [];
    const hours = new Set<number>();
    const counts = { pairs: 0, edited: 0, reds: 0, errors: 0 };
    for (const head of heads) {
      const lines = sessionLines(driver, head.no).filter(({ isCopy }) => !isCopy);
      for (const { at } of lines) hours.add(Math.floor(at / hourMs));
      const pairs = pairChecks(lines);
      counts.pairs += pairs.length;
      counts.edited += pairs.filter(({ isFlaky, edits }) => !isFlaky && edits.length > 0).length;
      const own = fixesOf(lines).map((fixed) => ({ ...fixed, projectId: head.projectId }));
      const lit = new Set<string>();
      for (const line of lines) {
        if (line.kind !== 'call' || readRun(line)?.outcome !== 'failed') continue;
        counts.reds += 1;
        for (const error of errorsIn(line.output)) {
          counts.errors += 1;
          const key = `${Math.floor(line.at / hourMs)} ${error.code} ${error.template} ${error.names.join(' ')}`;
          if (lit.has(key)) continue;
          const before = [...known, ...own].filter(
            (past) => past.projectId === head.projectId && past.green.at < line.at,
          );
          const best = before
            .map((past) => ({ past, likeness: likenessOf(error, past.error, isSameFile(error.file, past.error.file)) }))
            .filter(({ likeness }) => likeness >= leastLikeness)
            .sort((a, b) => b.likeness - a.likeness || b.past.green.at - a.past.green.at)[0]?.past;
          if (!best) continue;
          lit.add(key);
          const then = own.find(
            (fixed) => fixed.green.at > line.at && fixed.error.text === error.text && fixed.red.at >= line.at,
          );
          lamps.push({
            at: line.at,
            verdict: then ? (isLikeFix(best, then) ? 'right' : 'wrong') : 'unknown',
            asked: error.text,
            past: best.error.text,
          });
        }
      }
      known.push(...own);
    }
    const count = (verdict: Lamp['verdict']) => lamps.filter((lamp) => lamp.verdict === verdict).length;
    const wrong = lamps.filter(({ verdict }) => verdict === 'wrong');
    const byHour = new Map<number, number>();
    for (const { at } of wrong) byHour.set(Math.floor(at / hourMs), (byHour.get(Math.floor(at / hourMs)) ?? 0) + 1);
    printTable(
      'replay: real sessions, each failed check from what was fixed before',
      [
        'sessions',
        'red to green',
        'by edits',
        'errors fixed',
        'errors met',
        'lamps',
        'right',
        'wrong',
        'unknown',
        'hours',
        'most wrong in an hour',
      ],
      [
        [
          `${heads.length}`,
          `${counts.pairs}`,
          `${counts.edited}`,
          `${known.length}`,
          `${counts.errors} in ${counts.reds} runs`,
          `${lamps.length}`,
          `${count('right')}`,
          `${count('wrong')}`,
          `${count('unknown')}`,
          `${hours.size}`,
          `${Math.max(0, ...byHour.values())}`,
        ],
      ],
    );
    if (isTold)
      for (const { verdict, asked, past } of lamps) console.log(`${verdict}\n  now:  ${asked}\n  then: ${past}`);
    await bench.memory.close();
  });
}

const isSameFile = (one: string, other: string): boolean => one !== '' && fileName(one) === fileName(other);

function isLikeFix(past: FixedError, then: FixedError): boolean {
  const filesOf = ({ edits }: FixedError) => edits.flatMap(({ files }) => files.map(fileName));
  const linesOf = ({ edits }: FixedError) =>
    edits.flatMap(({ diffs }) =>
      diffs.flatMap(({ before, after }) =>
        after.split('\n').filter((line) => line.trim().length > 3 && !before.includes(line.trim())),
      ),
    );
  const files = new Set(filesOf(past));
  const lines = new Set(linesOf(past).map((line) => line.trim()));
  return filesOf(then).some((file) => files.has(file)) || linesOf(then).some((line) => lines.has(line.trim()));
}
