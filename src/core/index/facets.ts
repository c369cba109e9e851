/** Counts the sessions for each value that could narrow a search: over all matches, from the columns alone. */
import type { ProjectRef } from '../../protocol/model';
import { fileName } from '../../protocol/paths';
import type { FacetCount, SearchFacets } from '../../protocol/search-hit';
import { dayMs } from '../lib/clock';
import { documentKinds } from '../store/tables/documents';
import { Best } from './best';
import type { DocumentColumns } from './columns';
import type { Matches } from './full-text';

const maxValues = 12;
/** All time zones differ by whole quarters of an hour, so a quarter lies within one local day. */
const quarterMs = 900_000;
const maxQuarters = 100_000;

export function countFacets(
  { columns, places, starts }: Matches,
  projects: ReadonlyMap<number, ProjectRef>,
): SearchFacets {
  const [project, type, tool, branch, file, day] = [
    new Counter(),
    new Counter(),
    new Counter(),
    new Counter(),
    new Counter(),
    new Counter(),
  ];
  for (let round = 1; round < starts.length; round++) {
    let session = 0;
    for (let index = starts[round - 1]!; index < starts[round]!; index++) {
      const at = places[index]!;
      const kind = columns.kind(at);
      const own = columns.project(at);
      if (own !== 0) project.add(projects.get(own)?.id ?? own, round);
      if (kind !== documentKinds.session) type.add(columns.facetNumber(at), round);
      if (kind === documentKinds.observation) tool.add(columns.toolNumber(at), round);
      day.add(dayOf(columns.time(at)), round);
      session = columns.session(at);
    }
    addSession(columns, session, round, branch, file);
  }
  const { branches, files } = columns.sessions;
  return {
    project: project.top((id) => ({ value: String(id), label: projects.get(id)?.name ?? String(id) })),
    type: type.top((number) => same(columns.facetName(number))),
    tool: tool.top((number) => same(columns.toolName(number))),
    branch: branch.top((number) => same(branches.name(number))),
    file: file.top((number) => ({ value: files.name(number), label: fileName(files.name(number)) })),
    day: day.newest().map(({ value, count }) => ({ ...same(formatDay(value)), count })),
  };
}

/** All documents of a group have the same session; 0 for a learning. */
function addSession(
  { sessions }: DocumentColumns,
  session: number,
  round: number,
  branch: Counter,
  file: Counter,
): void {
  const number = sessions.branch(session);
  if (number >= 0 && sessions.branches.name(number) !== '') branch.add(number, round);
  for (const each of sessions.filesOf(session)) file.add(each, round);
}

const same = (value: string) => ({ value, label: value });

/** What a person calls a file: the last part of its path. */
/** Counts each value once per session. Values are small integers, for which arrays are much faster than maps. */
class Counter {
  #counts = new Int32Array(64);
  #rounds = new Int32Array(64);
  readonly #values: number[] = [];

  add(value: number, round: number): void {
    if (value >= this.#counts.length) this.#grow(value);
    if (this.#rounds[value] === round) return;
    if (this.#counts[value] === 0) this.#values.push(value);
    this.#rounds[value] = round;
    this.#counts[value]!++;
  }

  #grow(value: number): void {
    const [counts, rounds] = [new Int32Array(value * 2), new Int32Array(value * 2)];
    counts.set(this.#counts);
    rounds.set(this.#rounds);
    [this.#counts, this.#rounds] = [counts, rounds];
  }

  #all(): { value: number; count: number }[] {
    return this.#values.map((value) => ({ value, count: this.#counts[value] ?? 0 }));
  }

  top(describe: (value: number) => { value: string; label: string }): FacetCount[] {
    // Only the values that may be shown get a name: thousands of files may match.
    const best = new Best(maxValues * 4);
    for (const value of this.#values) best.offer(value, this.#counts[value]!);
    const all = best.sorted().map((value) => ({ value, count: this.#counts[value]! }));
    return all
      .map(({ value, count }) => ({ ...describe(value), count }))
      .sort((a, b) => b.count - a.count || a.label.localeCompare(b.label))
      .slice(0, maxValues);
  }

  newest(): { value: number; count: number }[] {
    return this.#all()
      .sort((a, b) => b.value - a.value)
      .slice(0, maxValues);
  }
}

const dayOfQuarter = new Map<number, number>();

let lastQuarter = -1;
let lastDay = 0;

/** The local day, counted from 1970. Date is slow, so results are cached per quarter of an hour. */
function dayOf(time: number): number {
  const quarter = Math.floor(time / quarterMs);
  if (quarter === lastQuarter) return lastDay;
  let day = dayOfQuarter.get(quarter);
  if (day === undefined) {
    if (dayOfQuarter.size >= maxQuarters) dayOfQuarter.clear();
    const date = new Date(time);
    // Times before 1970 do not occur.
    day = Math.max(0, Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / dayMs));
    dayOfQuarter.set(quarter, day);
  }
  [lastQuarter, lastDay] = [quarter, day];
  return day;
}

const formatDay = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);
