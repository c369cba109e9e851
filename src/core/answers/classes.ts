/** Answers about how much what is stored must be protected, and what a person says about it. */
import { classAt, dataClasses } from '../../protocol/classes';
import type { ClassEntry, DataClass, SetClass } from '../../protocol/classes';
import { MemoryError } from '../../protocol/errors';
import { fileName } from '../../protocol/paths';
import type { ClassApi } from '../../protocol/questions/classes';
import { parseRowKey, rowKeyOf } from '../../protocol/row-key';
import { shorten } from '../../protocol/text';
import type { Clock } from '../lib/clock';
import type { SqlDriver } from '../store/sqlite/driver';
import { Classes, countWithSecret } from '../store/tables/class-of';
import { allSetClasses, setClass, setClassOf } from '../store/tables/classes';
import type { ClassName } from '../store/tables/classes';
import { findLearning } from '../store/tables/learnings';
import { lineOf, linesByUid } from '../store/tables/lines';
import { allProjects } from '../store/tables/projects';
import { hitCards } from '../store/tables/session-cards';
import { projectOfSession, sessionNumber } from '../store/tables/sessions';
import { policyOf, wayOut } from '../store/tables/way-out';

export interface ClassPorts {
  driver: SqlDriver;
  clock: Clock;
  /** What may be given is another than before. */
  onClasses: () => void;
}

const maxName = 120;

export function classAnswers({ driver, clock, onClasses }: ClassPorts): ClassApi {
  return {
    async setClasses(entries) {
      const names = entries.map((entry) => nameOf(driver, entry));
      driver.transaction(() =>
        entries.forEach(({ class: to }, at) => setClass(driver, names[at]!, to ?? undefined, clock.now())),
      );
      onClasses();
    },
    async classOf(of) {
      const name = nameOf(driver, of);
      const set = setClassOf(driver, name);
      const classes = new Classes(driver);
      const rank =
        of.key === undefined
          ? (classes.placed(undefined, [of.projectId ?? 0]) ?? classes.usual)
          : classes.ofKey(of.key);
      return {
        class: classAt(rank),
        ...(set && { set }),
        ...(name.what === 'session' && classes.hasRowWithSecret(name.target) && { hasSecrets: true as const }),
      };
    },
    listClasses: async () => listed(driver),
    async classOverview() {
      const set: Partial<Record<DataClass, { projects: number; sessions: number; rows: number; learnings: number }>> =
        {};
      for (const { what, class: rank } of allSetClasses(driver)) {
        const counts = (set[classAt(rank)] ??= { projects: 0, sessions: 0, rows: 0, learnings: 0 });
        counts[`${what as SetClass['what']}s`]++;
      }
      return { withSecret: countWithSecret(driver), set, policy: policyOf(driver) };
    },
    async heldBack(way, keys) {
      const door = wayOut(driver, way);
      if (door.isOpen) return { keys: [], titles: [] };
      const held = new Set<string>();
      const titles = new Set<string>();
      for (const key of new Set(keys)) {
        const ref = parseRowKey(key);
        if (ref?.kind !== 'session') {
          if (!door.may(key)) held.add(key);
        } else if (!door.maySession(ref.id, projectOfSession(driver, ref.id))) held.add(key);
        else if (!door.mayTitle(ref.id)) titles.add(ref.id);
      }
      return { keys: [...held], titles: [...titles] };
    },
  };
}

/** By what it is kept. @throws MemoryError `not_found`, `invalid_input` */
function nameOf(driver: SqlDriver, { key, projectId }: Omit<ClassEntry, 'class'>): ClassName {
  if (key === undefined) {
    const project = allProjects(driver).find(({ id }) => id === projectId);
    if (!project) throw new MemoryError('not_found', 'This project is not in memory.');
    return { what: 'project', target: project.root, sessionId: '' };
  }
  const ref = parseRowKey(key);
  if (ref?.kind === 'session' && sessionNumber(driver, ref.id) !== undefined)
    return { what: 'session', target: ref.id, sessionId: ref.id };
  if (ref?.kind === 'learning' && findLearning(driver, ref.id))
    return { what: 'learning', target: ref.id, sessionId: '' };
  if (ref?.kind === 'note')
    throw new MemoryError('invalid_input', 'Notes of Claude Code have the class of their project.');
  const line = ref?.kind === 'prompt' || ref?.kind === 'observation' ? lineOf(driver, ref) : undefined;
  if (!line) throw new MemoryError('not_found', 'This memory is no longer there.');
  return { what: 'row', target: line.uid, sessionId: line.sessionId };
}

function listed(driver: SqlDriver): SetClass[] {
  const stored = allSetClasses(driver);
  const lines = linesByUid(
    driver,
    stored.flatMap(({ what, target }) => (what === 'row' ? [target] : [])),
  );
  const projects = new Map(allProjects(driver).map((project) => [project.root, project.shownId]));
  return stored
    .map(({ what, target, session_id: session, class: rank, updated_at: at }): SetClass => {
      const base = { what: what as SetClass['what'], class: classAt(rank), at };
      if (what === 'project') {
        const id = projects.get(target);
        return { ...base, name: fileName(target), ...(id !== undefined && { projectId: id }) };
      }
      if (what === 'learning')
        return { ...base, key: `l${target}`, name: shorten(findLearning(driver, target)?.title ?? '', maxName) };
      const line = lines.get(target);
      if (what === 'row')
        return {
          ...base,
          key: line?.key ?? rowKeyOf({ kind: 'session', id: session }),
          name: shorten(line?.text ?? '', maxName),
        };
      const no = sessionNumber(driver, target);
      const card = no === undefined ? undefined : hitCards(driver, [no]).get(no);
      return { ...base, key: `s${target}`, name: shorten(card?.title ?? '', maxName) };
    })
    .toSorted((one, other) => dataClasses.indexOf(other.class) - dataClasses.indexOf(one.class) || other.at - one.at);
}
