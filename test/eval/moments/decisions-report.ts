/** Tables about decisions that keep an eye on the code: what is read, found and taken for one, and how long a save takes. */
import path from 'node:path';
import { createChecker } from '../../../src/core/watch/check';
import { ms, percentile, printTable, withFolder } from '../../bench/measure';
import { openBench } from '../../bench/open';
import { countClean, countPlanted, countRead, naive, ownFiles, plantLines } from './decisions';
import { decidedHere } from './decisions-set';

const share = (part: number, of: number) => (of === 0 ? '' : `${((100 * part) / of).toFixed(1)} %`);
const plantedEach = 40;
/** Confirmed in one project, of which most have nothing to do with a file. */
const manyWatches = 100;

export async function reportDecisions(seeds: readonly number[]): Promise<void> {
  const { learnings, right, wrong, missed } = countRead();
  printTable(
    'decisions: what is read in learnings',
    ['learnings', 'right', 'wrong', 'missed', 'precision', 'recall'],
    [[`${learnings}`, `${right}`, `${wrong}`, `${missed}`, share(right, right + wrong), share(right, right + missed)]],
  );
  const sources = ownFiles(path.resolve('.'));
  const rows = [
    ['as written', createChecker],
    ['control: by words alone', naive],
  ] as const;
  const planted = seeds.flatMap((seed) => plantLines(sources, seed, plantedEach));
  printTable(
    `decisions: ${decidedHere.length} on the ${sources.length} files of this repository`,
    ['how', 'on it as it is', 'planted', 'found', 'at another place', 'look-alikes', 'taken for one'],
    rows.map(([name, check]) => {
      const counts = countPlanted(planted, check);
      return [
        name,
        `${countClean(sources, check)}`,
        `${counts.found + counts.missed}`,
        `${counts.found}`,
        `${counts.otherPlace}`,
        `${counts.alike}`,
        `${counts.mistaken}`,
      ];
    }),
  );
  await withFolder(async (folder) => {
    const bench = await openBench(folder);
    for (let index = 0; index < manyWatches; index++) {
      const decided = decidedHere[index % decidedHere.length]!.predicate;
      const learningId = `decision-${String(index).padStart(4, '0')}`;
      await bench.memory.saveLearning({ id: learningId, category: 'best_practice', title: 'Decided', description: '' });
      const predicate = {
        ...decided,
        isRegex: false,
        subject: index < decidedHere.length ? decided.subject : `${decided.subject}${index}`,
      };
      await bench.memory.setWatch({ learningId, predicate, state: 'on' });
    }
    const root = path.resolve('.');
    const saved = sources.filter(({ file }) => /\.(?:tsx?|json)$/.test(file));
    const times: { took: number; letters: number }[] = [];
    for (const { file, text } of saved) {
      const started = performance.now();
      await bench.memory.contradictions({ file: path.join(root, file), root, text });
      times.push({ took: performance.now() - started, letters: text.length });
    }
    const took = times.map((each) => each.took);
    const large = times.filter(({ letters }) => letters > 20_000).map((each) => each.took);
    printTable(
      `decisions: one save in the keeper, ${manyWatches} confirmed`,
      ['files', 'median ms', '95 of 100', 'longest', 'over 20,000 letters', 'median of these'],
      [
        [
          `${took.length}`,
          ms(percentile(took, 0.5)),
          ms(percentile(took, 0.95)),
          ms(Math.max(...took)),
          `${large.length}`,
          large.length > 0 ? ms(percentile(large, 0.5)) : '',
        ],
      ],
    );
    await bench.close();
  });
}
