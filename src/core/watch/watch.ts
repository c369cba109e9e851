/** Answers what of learnings is watched, and where a file contradicts it. */
import { MemoryError } from '../../protocol/errors';
import type { Learning } from '../../protocol/model';
import { normalizeFolder } from '../../protocol/paths';
import type { Scope } from '../../protocol/questions/schemas';
import type { WatchApi, WatchException, WatchInput, WatchedFile } from '../../protocol/questions/watches';
import type { PatternFault } from '../../protocol/redaction';
import type { Contradiction, Watch, WatchState } from '../../protocol/watch';
import type { Clock } from '../lib/clock';
import type { NameKey } from '../lib/keyed-name';
import type { Redacted } from '../lib/redacted';
import type { SqlDriver } from '../store/sqlite/driver';
import { setState } from '../store/tables/proposals';
import { unrestricted } from '../store/tables/restrictions';
import { checkableLearning, checkableLearnings, putWatches } from '../store/tables/watches';
import type { CheckableLearning, StoredWatch } from '../store/tables/watches';
import { Checkers, learningOfWatch, pathFor, watchIdOf, watchOf, watchesOf } from './book';
import { checkFile } from './check';
import type { Checker } from './check';

export interface WatchPorts {
  driver: SqlDriver;
  clock: Clock;
  names: NameKey;
  seal: (texts: readonly string[]) => Promise<Redacted[]>;
  /** Ids of the projects in a scope; undefined for all. */
  inScope: (scope: Scope | undefined) => Promise<number[] | undefined>;
  /** Judges a regular expression, in a thread of its own; without it none is confirmed. */
  judge: ((pattern: string) => Promise<PatternFault | undefined>) | undefined;
  /** Tells the heads. */
  changed: () => void;
}

const maxExceptions = 500;

export function watchApi(ports: WatchPorts): WatchApi {
  const { driver, clock, changed } = ports;
  const checkers = new Checkers();
  /** Undefined: all. Nothing at all while everything is restricted. */
  const idsIn = async (scope: Scope | undefined) => unrestricted(driver, await ports.inScope(scope), clock.now());
  return {
    async watches({ learningId, onlyOn = false, scope }) {
      const one = learningId === undefined ? undefined : checkableLearning(driver, learningId);
      const all =
        learningId === undefined ? checkableLearnings(driver, await idsIn(scope), { onlyOn }) : one ? [one] : [];
      return all
        .flatMap((learning) => watchesOf(learning, checkers.isSlow))
        .filter(({ state }) => !onlyOn || state === 'on');
    },
    async setWatch(input) {
      const watches = await setWatch(ports, input, checkers);
      changed();
      return watches;
    },
    contradictions: (file) => contradictionsIn(ports, file, checkers, idsIn),
    async exceptWatch(exception, isExcepted) {
      exceptWatch(ports, exception, isExcepted);
      changed();
    },
    async clearExceptions(id) {
      edit(driver, id, () => []);
      changed();
    },
    async supersedeLearning(id, because) {
      const learning = await supersede(ports, id, because);
      changed();
      return learning;
    },
  };
}

async function setWatch(
  { driver, clock, seal, judge }: WatchPorts,
  input: WatchInput,
  checkers: Checkers,
): Promise<Watch[]> {
  const { predicate, state, replaces } = input;
  if (predicate.isRegex && predicate.kind !== 'text')
    throw new MemoryError('invalid_input', 'Only a text can be a regular expression.');
  if (state === 'on' && predicate.isRegex) {
    const fault = judge ? await judge(predicate.subject) : 'unproven';
    if (fault !== undefined) throw new MemoryError('invalid_input', faultText[fault]);
  }
  const [subject, instead, files] = await seal([predicate.subject, predicate.instead, predicate.files]);
  const sealed = { ...predicate, subject: subject!, instead: instead!, files: files! };
  return driver.transaction(() => {
    const learning = checkableLearning(driver, input.learningId);
    if (!learning) throw new MemoryError('not_found', 'This learning is no longer there.');
    const own = watchIdOf(learning.id, sealed);
    const known = learning.watches.find((each) => watchIdOf(learning.id, each.predicate) === own);
    const others = learning.watches.filter(({ predicate: each }) => {
      const id = watchIdOf(learning.id, each);
      return id !== own && id !== replaces;
    });
    const at = clock.now();
    const put = (each: StoredWatch['predicate'], as: WatchState): StoredWatch[] => {
      const said = learning.watches.find((other) => other.predicate === each) ?? (each === sealed ? known : undefined);
      if (as === 'proposed') return [];
      // Said again, it is not said anew.
      if (said?.state === as) return [said];
      return [{ predicate: each, state: as, at, exceptions: said?.exceptions ?? [] }];
    };
    // The one that was edited must not be proposed beside its new version.
    const before = replaces === undefined || replaces === own ? undefined : predicateById(learning, replaces);
    putWatches(driver, learning.id, [...others, ...put(sealed, state), ...(before ? put(before, 'refused') : [])]);
    const now = checkableLearning(driver, learning.id);
    return now ? watchesOf(now, checkers.isSlow) : [];
  });
}

/** The texts of a learning are redacted, and so is what rules read in them. */
function predicateById(learning: CheckableLearning, id: string): StoredWatch['predicate'] | undefined {
  const stored = learning.watches.find(({ predicate }) => watchIdOf(learning.id, predicate) === id);
  const found = stored ?? watchesOf(learning, () => false).find((each) => each.id === id);
  return found?.predicate as StoredWatch['predicate'] | undefined;
}

const faultText: Readonly<Record<PatternFault, string>> = {
  invalid: 'This is no valid regular expression.',
  empty: 'This regular expression matches an empty text.',
  costly: 'This regular expression may take too long on some texts.',
  unproven: 'It could not be shown that this regular expression is always quick.',
  slow: 'This regular expression took too long.',
};

interface Own extends Checker {
  id: string;
  learning: CheckableLearning;
  stored: StoredWatch;
}

async function contradictionsIn(
  ports: WatchPorts,
  { file, root, text }: WatchedFile,
  checkers: Checkers,
  idsIn: (scope: Scope | undefined) => Promise<number[] | undefined>,
): Promise<Contradiction[]> {
  const { driver } = ports;
  const ids = await idsIn(root === undefined ? undefined : { roots: [root] });
  const learnings = checkableLearnings(driver, ids, { onlyOn: true }).filter(({ isStale }) => !isStale);
  const byPath = new Map<string, Own[]>();
  for (const learning of learnings) {
    const from = pathFor(learning, normalizeFolder(file), root);
    if (from === undefined) continue;
    for (const stored of learning.watches) {
      const id = watchIdOf(learning.id, stored.predicate);
      if (stored.state !== 'on' || checkers.isSlow(id)) continue;
      const own: Own = { ...checkers.of(id, stored.predicate), id, learning, stored };
      byPath.set(from, [...(byPath.get(from) ?? []), own]);
    }
  }
  const lines = byPath.size > 0 ? text.split('\n') : [];
  return [...byPath].flatMap(([from, own]) =>
    checkFile(own, from, text, ({ id }) => checkers.noteSlow(id))
      .filter(({ checker: { stored }, place }) => !isExcepted(ports, stored, from, lines[place.line] ?? ''))
      .map(({ checker: { learning, stored }, place }): Contradiction => ({
        watch: watchOf(learning, stored, checkers.isSlow),
        line: place.line,
        from: place.column,
        to: place.endColumn,
        ...(place.follow && { follow: place.follow }),
      })),
  );
}

/** A number by which a place is known again, and nobody knows which it was. */
const placeNumber = ({ names }: WatchPorts, file: string, line: string | undefined): number =>
  Buffer.from(names.of(JSON.stringify([file, line?.trim() ?? null])), 'base64url').readUIntBE(0, 6);

const isExcepted = (ports: WatchPorts, { exceptions }: StoredWatch, file: string, line: string): boolean =>
  exceptions.length > 0 && [undefined, line].some((each) => exceptions.includes(placeNumber(ports, file, each)));

function exceptWatch(ports: WatchPorts, { watchId, file, root, line }: WatchException, isNew: boolean): void {
  edit(ports.driver, watchId, ({ exceptions }, learning) => {
    const from = pathFor(learning, normalizeFolder(file), root);
    if (from === undefined) throw new MemoryError('invalid_input', 'This file is not in the project of the learning.');
    const place = placeNumber(ports, from, line);
    const others = exceptions.filter((each) => each !== place);
    return (isNew ? [...others, place] : others).slice(-maxExceptions);
  });
}

function edit(
  driver: SqlDriver,
  watchId: string,
  change: (watch: StoredWatch, learning: CheckableLearning) => number[],
): void {
  driver.transaction(() => {
    const learning = checkableLearning(driver, learningOfWatch(watchId));
    const known = learning?.watches.find(({ predicate }) => watchIdOf(learning.id, predicate) === watchId);
    if (!learning || !known) throw new MemoryError('not_found', 'This is no longer watched.');
    const exceptions = change(known, learning);
    putWatches(
      driver,
      learning.id,
      learning.watches.map((each) => (each === known ? { ...each, exceptions } : each)),
    );
  });
}

async function supersede({ driver, clock, seal }: WatchPorts, id: string, because: string): Promise<Learning> {
  const [note] = await seal([because.trim()]);
  const at = clock.now();
  return setState(driver, id, 'superseded', { at, by: 'person', action: 'superseded', note: note! });
}
