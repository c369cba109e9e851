/** The one place that decides which records may leave the memory: by the class of what they have in them. */
import { classAt, hasSecret, rankOf } from '../../protocol/classes';
import type { ClassesLeft, DataClass } from '../../protocol/classes';
import type { RecordKind } from '../../protocol/portable';
import type { Turn } from '../lib/turns';
import { learningIdsOf, numbersOf } from '../store/portable/read-records';
import type { Part, PlainRecord } from '../store/portable/read-records';
import type { SqlDriver } from '../store/sqlite/driver';
import { remarkableRows, rowsOfSession } from '../store/tables/class-of';
import { highestSet } from '../store/tables/classes';
import { allProjects } from '../store/tables/projects';
import { projectOfSession } from '../store/tables/sessions';
import { openDoor, wayOut } from '../store/tables/way-out';
import type { Door } from '../store/tables/way-out';
import type { ExportWish } from './write-export';

export interface Leaving {
  door: Door;
  /** The record as it may leave; undefined when it stays. */
  of(kind: RecordKind, record: PlainRecord): PlainRecord | undefined;
  /** For the report: absent when nothing stays. */
  left(): { left?: ClassesLeft };
}

export function leavingBy(
  driver: SqlDriver,
  { upTo, isInside, onlyLearnings }: Pick<ExportWish, 'upTo' | 'isInside' | 'onlyLearnings'>,
): Leaving {
  const door = isInside ? openDoor('top_secret') : wayOut(driver, 'export', upTo);
  const counts = { rows: 0, sessions: 0, learnings: 0 };
  const isOther = (kind: RecordKind, record: PlainRecord) =>
    onlyLearnings === true && kind === 'classes' && record['what'] !== 'learning';
  if (door.isOpen)
    return { door, of: (kind, record) => (isOther(kind, record) ? undefined : record), left: () => ({}) };
  const sessions = remembered((id) => door.maySession(id, projectOfSession(driver, id)));
  const learnings = remembered((id) => door.may(`l${id}`));
  const projects = new Map(allProjects(driver).map(({ ownRoot, id }) => [ownRoot, id]));
  const mayRoot = (root: unknown) => door.maySession('', projects.get(String(root)) ?? 0);
  // Without a person's word, whether a secret was found in a row is said by its own text.
  const isSet = highestSet(driver) >= 0;
  const mayRow = (record: PlainRecord): boolean =>
    isSet ? door.mayUid(textOf(record['uid'])) : door.mayText(allTexts(record));
  const counted = (name: keyof typeof counts, record: PlainRecord | undefined) => {
    if (!record) counts[name]++;
    return record;
  };
  const allowed = (kind: RecordKind, record: PlainRecord): PlainRecord | undefined => {
    const session = textOf(record['session']);
    if (session !== '' && !sessions(session)) return undefined;
    switch (kind) {
      case 'sessions': {
        const id = textOf(record['id']);
        if (!sessions(id)) return undefined;
        return door.mayTitle(id) ? record : { ...record, title: '', firstPrompt: '' };
      }
      case 'prompts':
      case 'observations':
        return mayRow(record) ? record : undefined;
      case 'copies':
      case 'marks':
        return door.mayUid(textOf(record['uid'])) ? record : undefined;
      case 'summaries':
        return uidsIn(record['body']).every((uid) => door.mayUid(uid)) &&
          door.mayTitle(session) &&
          door.mayText(allTexts(record))
          ? record
          : undefined;
      case 'learnings':
        return learnings(textOf(record['id'])) ? record : undefined;
      case 'evidence':
      case 'trail':
        return learnings(textOf(record['learning'])) && uidsIn(record['lines']).every((uid) => door.mayUid(uid))
          ? record
          : undefined;
      case 'merges':
        return learnings(textOf(record['into'])) ? record : undefined;
      case 'names':
        return door.mayTitle(session) ? record : undefined;
      case 'joins':
        return mayRoot(record['from']) && mayRoot(record['into']) ? record : undefined;
      case 'calls':
        return record['project'] === undefined || mayRoot(record['project']) ? record : undefined;
      case 'classes':
        return (record['root'] === undefined || mayRoot(record['root'])) &&
          (record['uid'] === undefined || door.mayUid(textOf(record['uid']))) &&
          (record['learning'] === undefined || learnings(textOf(record['learning'])))
          ? record
          : undefined;
      default:
        return door.mayText(allTexts(record)) ? record : undefined;
    }
  };
  return {
    door,
    left: () =>
      counts.rows + counts.sessions + counts.learnings === 0
        ? {}
        : { left: { upTo: door.upTo, ...counts, highest: highestLeft(driver) } },
    of(kind, record) {
      if (isOther(kind, record)) return undefined;
      const result = allowed(kind, record);
      if (kind === 'sessions') return counted('sessions', result);
      if (kind === 'learnings') return counted('learnings', result);
      return kind === 'prompts' || kind === 'observations' ? counted('rows', result) : result;
    },
  };
}

/** What an export of a part would leave, without reading what it would write. */
export async function wouldStay(
  driver: SqlDriver,
  wish: Part & Pick<ExportWish, 'upTo' | 'onlyLearnings'>,
  turn: Turn,
): Promise<ClassesLeft> {
  const door = wayOut(driver, 'export', wish.upTo);
  const left: ClassesLeft = { upTo: door.upTo, rows: 0, sessions: 0, learnings: 0 };
  if (door.isOpen) return left;
  for (const no of wish.onlyLearnings ? [] : numbersOf(driver, wish)) {
    const { id, project, rows } = rowsOfSession(driver, no);
    if (door.maySession(id, project)) left.rows += remarkableRows(driver, no).filter((uid) => !door.mayUid(uid)).length;
    else {
      left.sessions++;
      left.rows += rows;
    }
    // oxlint-disable-next-line no-await-in-loop -- questions are answered in between
    await turn();
  }
  left.learnings = learningIdsOf(driver, wish).filter((id) => !door.may(`l${id}`)).length;
  return left.rows + left.sessions + left.learnings === 0 ? left : { ...left, highest: highestLeft(driver) };
}

const highestLeft = (driver: SqlDriver): DataClass => classAt(Math.max(rankOf('confidential'), highestSet(driver)));

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function remembered(test: (id: string) => boolean): (id: string) => boolean {
  const known = new Map<string, boolean>();
  return (id) => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const now = test(id);
    known.set(id, now);
    return now;
  };
}

/** One text in which a mark is found wherever it stands. */
function allTexts(value: unknown): string {
  if (typeof value === 'string') return hasSecret(value) ? value : '';
  if (Array.isArray(value)) return value.map(allTexts).join('');
  return value !== null && typeof value === 'object' ? Object.values(value).map(allTexts).join('') : '';
}

function uidsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(uidsIn);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, each]) =>
    name === 'uid' && typeof each === 'string' ? [each] : uidsIn(each),
  );
}
