import { expect, it } from 'vitest';
import { supportOf, defaultTuning, leastFor } from '../../../src/core/answers/ask/choose';
import { readQuestion } from '../../../src/core/answers/ask/question';
import { unitsOf } from '../../../src/core/answers/ask/units';
import { RememberedCounts } from '../../../src/core/give/term-counts';
import { FullText } from '../../../src/core/index/full-text';
import { amendmentsOf } from '../../../src/core/store/tables/amendments';
import { askLines } from '../../../src/core/store/tables/ask-lines';
import { openTestMemory } from '../../fakes/test-memory';
import { copyChats, findAmendments, readReports } from './ask-made';
it('x', async () => {
  const folder = '/work/shared/data/sde-bench';
  const t = await openTestMemory();
  copyChats(folder, t.configDir);
  await t.import();
  findAmendments(t.driver, Date.now());
  const index = new FullText(t.driver);
  const counts = new RememberedCounts(index);
  const all = t.driver.all<{ no: number; id: string; title: string; turns: number }>(
    'SELECT no, id, title, turns FROM sessions',
  );
  const reports = readReports(folder);
  for (const r of reports) {
    const q = readQuestion(counts, r.query);
    const same = new Set(reports.filter((x) => x.query === r.query).flatMap((x) => [...x.sessions, ...x.superseded]));
    const best = all
      .map((s) => ({
        id: s.id,
        s: Math.max(
          0,
          ...unitsOf(askLines(t.driver, s.no, [...Array(60).keys()]), s.title).map((u) =>
            supportOf(q, u, defaultTuning),
          ),
        ),
      }))
      .sort((a, b) => b.s - a.s);
    console.log(
      r.task,
      q.terms.size,
      'least',
      leastFor(q, defaultTuning).toFixed(2),
      'gold',
      best
        .filter((b) => r.sessions.includes(b.id))
        .map((b) => b.s.toFixed(2))
        .join(),
      'old',
      best
        .filter((b) => r.superseded.includes(b.id))
        .map((b) => b.s.toFixed(2))
        .join(),
      'other',
      best
        .filter((b) => !same.has(b.id))
        .slice(0, 3)
        .map((b) => b.s.toFixed(2))
        .join(),
      'amended by',
      amendmentsOf(t.driver, r.superseded)
        .map((a) => a.sessionId.slice(0, 8))
        .join(),
    );
  }
  await t.close();
  expect(1).toBe(1);
}, 600_000);
