/**
 * Whether a session used a piece of memory: the one definition of it. Nobody can ask whether a model read a sentence, so
 * only what leaves traces counts, and only what was new: not what the prompt says itself, and not what the session had
 * done before it.
 */
import { endsWithPath, fileName, withoutWorktree } from '../../protocol/paths';
import type { UseKind } from '../../protocol/shadow';
import { trimEndOf } from '../../protocol/text';
import { errorLine, errorLinesIn } from '../distil/reading/error-line';
import type { SqlDriver } from '../store/sqlite/driver';
import { deedsBefore, deedsFrom, outputsOf, toldIn } from '../store/tables/afterwards';
import type { Deed } from '../store/tables/afterwards';
import { sessionNumber } from '../store/tables/sessions';
import { beforeFix } from './candidates';
import type { Piece } from './candidates';
import type { TermCounts } from './term-counts';
import { sumOf, termsIn, weighTerms } from './term-weights';
import type { WeighedTerms } from './term-weights';

/** What a piece would have told. */
export interface Carried {
  /** As its text names them. */
  names: readonly string[];
  /** What was touched where it stands. */
  files: readonly string[];
  /** On one line; a command that it names stands in it whole. */
  text: string;
  /** Its line, without what changes from run to run. */
  error: string | undefined;
  terms: WeighedTerms;
}

/** What a session did from a prompt on that was new to it, with the rows that did it. */
export interface Afterwards {
  files: ReadonlyMap<string, string>;
  commands: ReadonlyMap<string, string>;
  /** Fingerprints of all calls that failed. */
  failed: ReadonlySet<string>;
  /** By line, without what changes from run to run; read when it is asked for. */
  errors: () => ReadonlyMap<string, string>;
  /** Later words of the person. */
  told: readonly { uid: string; terms: ReadonlySet<string> }[];
  /** Of the prompt. */
  asked: ReadonlySet<string>;
}

/** A turn that touched more is a bulk change, which says nothing about single files. */
const maxTouched = 20;
const betweenNames = /[\s`"'()<>[\],;:|]+/;
/** Words that end like a file. */
const isFile = /\.[a-z]\w{0,7}$/i;
const minCommand = 6;
/** Words that say something, how many of them must be told, and which share of their weight. */
const tellingFrom = 0.31;
const rareFrom = 0.6;
const minTold = 3;
const toldShare = 0.6;
/** Outputs that are compared. */
const maxFailed = 12;

export function carriedBy(driver: SqlDriver, counts: TermCounts, piece: Piece): Carried {
  const { text, kind, sessionId, turn } = piece;
  const no = sessionId === undefined || turn === undefined ? undefined : sessionNumber(driver, sessionId);
  const touched = no === undefined ? [] : new Set(deedsFrom(driver, no, turn!, turn!).flatMap(({ files }) => files));
  const files = [...touched];
  return {
    names: text.split(betweenNames).flatMap((word) => {
      const name = trimEndOf(word, '.!?');
      return isFile.test(name) ? [name] : [];
    }),
    files: files.length > maxTouched ? [] : files.map(withoutWorktree),
    text: plain(text),
    error: kind === 'fix' ? errorLine(text.slice(0, Math.max(0, text.indexOf(beforeFix)))) : undefined,
    terms: weighTerms(counts, text),
  };
}

const plain = (command: string): string => command.replace(/\s+/g, ' ').trim();
/** The commands of a line, without folders changed to. */
const commandsIn = (line: string): string[] =>
  line
    .split(/&&|\|\||[;|\n]/)
    .map(plain)
    .filter((command) => command.length >= minCommand && !command.startsWith('cd '));

/** @param isCommon true for a file that many sessions touch: it says nothing about what this one is about */
export function afterwardsOf(
  driver: SqlDriver,
  { session, turn, to, prompt }: { session: number; turn: number; to: number; prompt: string },
  isCommon: (file: string) => boolean,
): Afterwards {
  const before = deedsBefore(driver, session, turn);
  const after = deedsFrom(driver, session, turn, to);
  const asked = plain(prompt);
  const seen = {
    files: new Set(before.flatMap(({ files }) => files.map(withoutWorktree))),
    commands: new Set(before.flatMap(({ command }) => commandsIn(command))),
  };
  const files = new Map<string, string>();
  const commands = new Map<string, string>();
  for (const { uid, files: touched, command } of after) {
    for (const path of touched) {
      const file = withoutWorktree(path);
      const isKnown = files.has(file) || seen.files.has(file) || isCommon(path);
      if (!isKnown && !asked.includes(fileName(file))) files.set(file, uid);
    }
    for (const each of commandsIn(command))
      if (!commands.has(each) && !seen.commands.has(each) && !asked.includes(each)) commands.set(each, uid);
  }
  return {
    files,
    commands,
    failed: new Set(after.flatMap(({ fingerprint }) => fingerprint ?? [])),
    errors: once(() => newErrors(driver, before, after)),
    told: toldIn(driver, session, turn + 1, to).map(({ uid, text }) => ({ uid, terms: termsIn(text) })),
    asked: termsIn(prompt),
  };
}

/** Lines of outputs that failed, but for those that had failed before; `Exit code 1` alone says nothing. */
function newErrors(driver: SqlDriver, before: readonly Deed[], after: readonly Deed[]): Map<string, string> {
  const failed = (deeds: readonly Deed[]) =>
    outputsOf(
      driver,
      deeds
        .filter(({ fingerprint }) => fingerprint !== null)
        .slice(0, maxFailed)
        .map(({ uid }) => uid),
    );
  const seen = new Set(failed(before).flatMap(({ text }) => errorLinesIn(text)));
  const errors = new Map<string, string>();
  for (const { uid, text } of failed(after))
    for (const line of errorLinesIn(text)) if (!seen.has(line) && !errors.has(line)) errors.set(line, uid);
  return errors;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** The surest sign first. */
export function useOf(carried: Carried, after: Afterwards): { kind: UseKind; uid: string } | undefined {
  const met = carried.error === undefined ? undefined : after.errors().get(carried.error);
  if (met !== undefined) return { kind: 'error', uid: met };
  for (const [ran, uid] of after.commands) if (isNamed(carried, ran)) return { kind: 'command', uid };
  for (const [file, uid] of after.files)
    if (carried.files.includes(file) || carried.names.some((name) => endsWithPath(file, name)))
      return { kind: 'file', uid };
  const told = after.told.find(({ terms }) => isTold(carried.terms, after.asked, terms));
  return told && { kind: 'told', uid: told.uid };
}

/** `git push` is run anyway: a command must have a word that few texts have. */
function isNamed({ text, terms }: Carried, ran: string): boolean {
  if (!ran.includes(' ') || !text.includes(ran)) return false;
  return [...termsIn(ran)].some((term) => (terms.get(term) ?? 0) >= rareFrom);
}

/** The person said most of what the piece says and the prompt did not. */
function isTold(piece: WeighedTerms, asked: ReadonlySet<string>, told: ReadonlySet<string>): boolean {
  const telling = [...piece].filter(([term, weight]) => weight >= tellingFrom && !asked.has(term));
  const shared = telling.filter(([term]) => told.has(term));
  if (shared.length < minTold) return false;
  return sumOf(shared.map(([, weight]) => weight)) >= toldShare * sumOf(telling.map(([, weight]) => weight));
}
