/** Finds how an error was fixed before, and keeps what that needs. */
import { MemoryError } from '../../../protocol/errors';
import type { FileDiff } from '../../../protocol/model';
import type { PastEdit, PastFix } from '../../../protocol/past-fix';
import { fileName } from '../../../protocol/paths';
import type { ErrorWish, PastFixApi } from '../../../protocol/questions/past-fixes';
import type { Scope } from '../../../protocol/questions/schemas';
import { shorten } from '../../../protocol/text';
import type { KeyedName, NameKey } from '../../lib/keyed-name';
import type { SqlDriver } from '../../store/sqlite/driver';
import { allowFix, fixesBy, refuseFix, replacePastFixes } from '../../store/tables/past-fixes';
import type { KnownFix } from '../../store/tables/past-fixes';
import { callsByUid } from '../../store/tables/session-lines';
import type { SessionHead, SessionLine } from '../../store/tables/session-lines';
import { readMessage, sameMessage } from './error-message';
import type { ErrorMessage } from './error-message';
import { errorAt, errorsIn } from './errors-in';
import { fixesOf } from './fixes-of';
import { leastLikeness, likenessOf } from './likeness';

export interface PastFixPorts {
  driver: SqlDriver;
  names: NameKey;
  now: () => number;
  /** Ids of the projects in a scope; undefined for all. */
  inScope: (scope: Scope | undefined) => Promise<number[] | undefined>;
}

type Asked = ErrorMessage & { file: string };
type Found = KnownFix & { error: string; likeness: number; match: PastFix['match'] };

const maxAnswers = 3;
/** Errors of one text that are asked about. */
const maxAsked = 5;
/** Lines of one side of an edit that are told. */
const maxLines = 40;
const maxLine = 300;
/** An edit of more lines is a new file, not a fix that anybody reads. */
const longestDiff = 2000;

export function pastFixApi(ports: PastFixPorts): PastFixApi {
  const { driver, names, now, inScope } = ports;
  return {
    async pastFixes(wish) {
      const projectIds = await inScope(wish.scope);
      for (const asked of askedErrors(wish)) {
        const fixes = fixesFor(ports, asked, projectIds);
        if (fixes.length > 0) return fixes;
      }
      return [];
    },
    async refusePastFix(wish, id, isRefused) {
      for (const asked of askedErrors(wish)) {
        const error = keysOf(names, asked).alike;
        if (!isRefused) allowFix(driver, error, id);
        else if (!refuseFix(driver, error, id, now()))
          throw new MemoryError('not_found', 'This memory is no longer there.');
      }
    },
  };
}

/** Replaces what is known of a session. Doing it twice changes nothing. */
export function updatePastFixes(
  { driver, names }: Pick<PastFixPorts, 'driver' | 'names'>,
  head: SessionHead,
  lines: readonly SessionLine[],
): void {
  // The rows of a copy belong to another session, which is read for itself.
  const fixes = fixesOf(lines).filter(({ red }) => !red.isCopy);
  replacePastFixes(
    driver,
    head.no,
    fixes.map(({ error, red, green, edits }) => ({
      ...keysOf(names, error),
      redUid: red.uid,
      line: error.line,
      edits: edits.map(({ uid }) => uid),
      at: green.at,
    })),
  );
}

function keysOf(names: NameKey, error: ErrorMessage): { same: KeyedName; alike: KeyedName; kind: KeyedName } {
  const { code, template } = error;
  return {
    same: names.of(`error ${JSON.stringify([code, template, error.names])}`),
    alike: names.of(`error ${JSON.stringify([code, template])}`),
    kind: names.of(`error kind ${code === '' ? template.split(' ', 2).join(' ') : code}`),
  };
}

export function askedErrors({ text, code, file = '' }: ErrorWish): Asked[] {
  if (code === undefined) return errorsIn(text).slice(0, maxAsked);
  const [first = '', second = ''] = text.split('\n', 2);
  // rustc's own message has what is wrong with the code in its second line.
  const words = /^E\d{4}$/i.test(code) && second !== '' ? `${first}: ${second}` : first;
  // In the terminal some tools leave out the code that their extension of the editor tells.
  const codes = code === '' ? [''] : [code, ''];
  return codes.flatMap((each) => {
    const message = readMessage(words, each);
    return message ? [{ ...message, file }] : [];
  });
}

function fixesFor({ driver, names }: PastFixPorts, asked: Asked, projectIds: readonly number[] | undefined): PastFix[] {
  const keys = keysOf(names, asked);
  const sure: Found[] = [];
  for (const by of ['same', 'alike', 'kind'] as const) {
    // What is the same in every name needs no search for what is like it.
    if (sure.length > 0) break;
    for (const fix of fixesBy(driver, by, keys[by], keys.alike, projectIds)) {
      const found = compare(asked, fix);
      if (found) sure.push(found);
    }
  }
  const fixes: PastFix[] = [];
  const seen = new Set<string>();
  for (const found of sure.sort((a, b) => b.likeness - a.likeness || b.at - a.at)) {
    if (fixes.length === maxAnswers) break;
    const change = found.edits.join(' ');
    if (seen.has(change)) continue;
    seen.add(change);
    const edits = editsOf(driver, found.edits);
    if (edits.length > 0) fixes.push(shown(found, edits));
  }
  return fixes;
}

function compare(asked: Asked, fix: KnownFix): Found | undefined {
  const past = errorAt(fix.output.split('\n'), fix.line);
  if (!past) return undefined;
  const isSameFile = asked.file !== '' && fileName(asked.file) === fileName(past.file);
  const likeness = likenessOf(asked, past, isSameFile);
  if (likeness < leastLikeness) return undefined;
  return { ...fix, error: past.text, likeness, match: sameMessage(asked, past) ? 'same' : 'alike' };
}

const shown = ({ redUid, sessionId, title, turn, at, match, likeness, error }: Found, edits: PastEdit[]): PastFix => ({
  id: redUid,
  sessionId,
  title,
  turn,
  at,
  match,
  likeness: Math.round(likeness * 100) / 100,
  error: shorten(error, maxLine),
  edits,
});

const editsOf = (driver: SqlDriver, uids: readonly string[]): PastEdit[] =>
  callsByUid(driver, uids).flatMap(({ key, diffs }) =>
    diffs.flatMap((diff, index): PastEdit[] => {
      const { added, removed } = changedLines(diff);
      return added.length + removed.length === 0 ? [] : [{ key, index, file: diff.file, added, removed }];
    }),
  );

/** Lines that are in one side only. Their order is that of the text. */
function changedLines({ before, after }: FileDiff): { added: string[]; removed: string[] } {
  const [old, now] = [before.split(/\r?\n/, longestDiff), after.split(/\r?\n/, longestDiff)];
  const [had, has] = [new Set(old.map((line) => line.trim())), new Set(now.map((line) => line.trim()))];
  const only = (lines: readonly string[], others: ReadonlySet<string>) =>
    lines
      .filter((line) => line.trim() !== '' && !others.has(line.trim()))
      .slice(0, maxLines)
      .map((line) => line.slice(0, maxLine));
  return { added: only(now, had), removed: only(old, has) };
}
