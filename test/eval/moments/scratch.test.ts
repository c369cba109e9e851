import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openTestMemory } from '../../fakes/test-memory';
import { askAll, countAsked } from './ask';
import type { AskOutcome } from './ask';
import { finalSet, lastSet } from './ask-last-set';
import { casesOfSet, copyChats, findAmendments, makeAskHistory, readReports, writeTalks } from './ask-made';
import { tuningSet, laterSet } from './ask-set';
const what = process.env['WHAT'] ?? 'sets';
const show = (o: AskOutcome) =>
  console.log(
    `${o.isRight ? 'RIGHT' : o.sentences.length > 0 ? (o.each.isAnswerable ? 'WRONG' : 'FALSE') : o.each.isAnswerable ? 'NONE' : 'ok'} ${o.isHitRight ? 'hit' : '   '} ${o.broken} ${o.ms.toFixed(0)}ms ${o.each.question.slice(0, 140)}\n     ${o.sentences.map((s) => `${s.text.slice(0, 110)}`).join('\n     ')}`,
  );
const kinds = (outs: AskOutcome[]) => {
  for (const kind of new Set(outs.map((o) => o.each.kind)))
    console.log(kind, countAsked(outs.filter((o) => o.each.kind === kind)));
  console.log(
    'broken',
    outs.reduce((s, o) => s + o.broken, 0),
    'amended first',
    outs.filter((o) => o.isAmendedFirst === true).length,
    'not',
    outs.filter((o) => o.isAmendedFirst === false).length,
  );
};
it('x', async () => {
  if (what === 'sets')
    for (const set of [tuningSet, laterSet, lastSet, finalSet]) {
      const t = await openTestMemory();
      const now = await writeTalks(t.configDir, set);
      await t.import();
      findAmendments(t.driver, now);
      const outs = await askAll({ memory: t.memory, driver: t.driver, now }, casesOfSet(set));
      console.log(set.name);
      if (process.env['SHOW']) outs.forEach(show);
      kinds(outs);
      await t.close();
    }
  if (what === 'made')
    for (const seed of (process.env['SEEDS'] ?? '1').split(',').map(Number)) {
      const t = await openTestMemory();
      const { now, cases } = await makeAskHistory(t.configDir, seed);
      await t.import();
      findAmendments(t.driver, now);
      const ids = new Map((await t.memory.projects()).map((p) => [p.root, p.id]));
      const outs = await askAll(
        { memory: t.memory, driver: t.driver, now },
        cases((root) => ids.get(root)!),
      );
      if (process.env['SHOW']) outs.filter((o) => o.each.kind.includes(process.env['SHOW']!)).forEach(show);
      console.log('seed', seed);
      kinds(outs);
      await t.close();
    }
  if (what === 'sde') {
    const folder = '/work/shared/data/sde-bench';
    const reports = readReports(folder);
    const t = await openTestMemory();
    copyChats(folder, t.configDir);
    await t.import();
    findAmendments(t.driver, Date.now());
    const outs = await askAll(
      { memory: t.memory, driver: t.driver, now: Date.now() },
      reports.map((r) => ({
        kind: 'report',
        question: r.query,
        gold: r.sessions,
        superseded: r.superseded,
        isAnswerable: true,
      })),
    );
    outs.forEach(show);
    kinds(outs);
    await t.close();
    const all: AskOutcome[] = [];
    for (const r of reports) {
      const without = reports.filter((x) => x.query === r.query).flatMap((x) => [...x.sessions, ...x.superseded]);
      const t2 = await openTestMemory();
      copyChats(folder, t2.configDir, without);
      await t2.import();
      findAmendments(t2.driver, Date.now());
      const o = await askAll({ memory: t2.memory, driver: t2.driver, now: Date.now() }, [
        { kind: 'taken away', question: r.query, isAnswerable: false },
      ]);
      all.push(...o);
      await t2.close();
    }
    all.forEach(show);
    kinds(all);
  }
  expect(readdirSync('.').length).toBeGreaterThan(0);
}, 600_000);
