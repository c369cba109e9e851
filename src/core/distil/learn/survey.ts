/**
 * Asks open and trusted repositories what became of learnings: how many edited lines are still in HEAD, whether cited
 * files exist, and whether a commit reverted the edits. This raises or lowers their confidence as the repository
 * changes.
 */
import { evidenceMessages } from '../../../protocol/learning';
import type { FileDiff } from '../../../protocol/model';
import { isInside, withoutWorktree } from '../../../protocol/paths';
import type { Commit, CommitHistory, CommittedFile, CommittedFiles } from '../../lib/git';
import { breathe } from '../../lib/turns';
import type { Seal } from '../../observe/redact';
import type { SqlDriver } from '../../store/sqlite/driver';
import { editsBehind, putEvidence, weightsOf } from '../../store/tables/learning-evidence';
import type { SealedEvidence } from '../../store/tables/learning-evidence';
import { factById, livingFacts, setStale } from '../../store/tables/proposals';
import type { FactRow } from '../../store/tables/proposals';
import { callsByUid } from '../../store/tables/session-lines';
import type { CallLine } from '../../store/tables/session-lines';
import { shortPath } from './candidate';
import { withCited } from './cited-in-text';
import { updateConfidence } from './learn';

export interface SurveyPorts {
  driver: SqlDriver;
  repository: CommittedFiles;
  commits: CommitHistory;
  seal: Seal;
  now: () => number;
  /** HEAD at the last survey, by root and learning: nothing changes for the same learning and HEAD. */
  asked?: Map<string, string>;
}

/** Learnings per survey, newest first; the others keep their evidence. */
const maxFacts = 400;

/** Evidence from git belongs to no session, so it stays while the learning exists. */
const ofNoSession = '';

interface Findings {
  edits: readonly CallLine[];
  files: ReadonlyMap<string, CommittedFile>;
  /** Commits after these edits that revert something in these files. */
  reverts: readonly Commit[];
}

const filesOf = ({ cites }: FactRow, edits: readonly CallLine[]): string[] => [
  ...new Set([...cites.files, ...edits.flatMap(({ diffs }) => diffs.map(({ file }) => file))].map(withoutWorktree)),
];

/** Returns the number of learnings that changed. */
export async function survey(ports: SurveyPorts, signal?: AbortSignal): Promise<number> {
  const { driver, repository } = ports;
  const all = livingFacts(driver).slice(0, maxFacts);
  const commits = await ports.commits.commits(signal);
  let changed = 0;
  for (const root of repository.trusted()) {
    const head = await repository.head(root, signal);
    if (head === undefined) continue;
    const facts = all.map((fact) => (fact.ownText === '' ? fact : withCited(fact, root, commits)));
    for (const fact of facts) {
      signal?.throwIfAborted();
      const uids = editsBehind(driver, fact.id);
      const [place, state] = [`${root}\n${fact.id}`, JSON.stringify([head, fact.state, fact.cites, uids])];
      if (ports.asked?.get(place) === state) continue;
      const edits = callsByUid(driver, uids);
      const files = await repository.files(
        root,
        filesOf(fact, edits).filter((file) => isInside(root, file)),
        signal,
      );
      const since = commits.filter(
        ({ at, files: touched }) =>
          at > (edits.at(-1)?.at ?? fact.createdAt) && touched.some((file) => files.has(file)),
      );
      if (
        files.size > 0 &&
        (await judge(ports, fact, {
          edits: edits.filter(({ at }) => isCommitted(commits, since, at)),
          files,
          reverts: since.filter(({ subject }) => /^revert\b/i.test(subject)),
        }))
      )
        changed++;
      ports.asked?.set(place, state);
      // Lets the keeper answer other requests.
      await breathe();
    }
  }
  return changed;
}

async function judge(ports: SurveyPorts, fact: FactRow, { edits, files, reverts }: Findings): Promise<boolean> {
  const { driver } = ports;
  const at = ports.now();
  const survival = fact.isDeadEnd
    ? undefined
    : survivalOf(
        edits.flatMap(({ diffs }) => diffs),
        files,
      );
  const known = new Set(weightsOf(driver, fact.id).map(({ key }) => key));
  const isOwn = fact.ownText !== '';
  // A name in a person's words may never have been in the file: it is gone when it was seen there before.
  const cited = citedIn(fact, files).filter(
    ({ kind, key, isGone }) => !isOwn || kind === 'file' || !isGone || known.has(key),
  );
  const gone = cited.filter(({ isGone }) => isGone);
  // A revert that left the lines in place was about something else.
  const taken = survival && survival.there < survival.all / 2 ? reverts : [];
  const [safeSubjects, safeNames, safeHeadlines] = [
    await ports.seal(taken.map(({ subject }) => subject)),
    await ports.seal(cited.map(({ name }) => shortPath(name, { cwd: '', projectRoot: fact.projectRoot ?? '' }))),
    await ports.seal(edits.map(({ headline }) => headline)),
  ];
  const base = { sessionId: ofNoSession, lines: [] };
  const pieces: SealedEvidence[] = [
    ...(survival
      ? [
          {
            ...base,
            key: 'survival',
            kind: 'survival' as const,
            speaks: speaksOf(survival),
            value: survival.there / survival.all,
            message: evidenceMessages.survival,
            args: [survival.there, survival.all],
            lines: edits.map(({ uid }, index) => ({ uid, quote: safeHeadlines[index]! })),
            at,
          },
        ]
      : []),
    ...taken.map((commit, index): SealedEvidence => ({
      ...base,
      key: `commit:${commit.at}`,
      kind: 'revert',
      speaks: -1,
      message: evidenceMessages.revertCommit,
      args: [safeSubjects[index]!],
      at: commit.at,
    })),
    ...cited.flatMap(({ key, isGone }, index): SealedEvidence[] => {
      return isGone || known.has(key) || (isOwn && key.startsWith('symbol:'))
        ? [
            {
              ...base,
              key,
              kind: 'presence',
              speaks: isGone ? -1 : 0,
              message: isGone ? evidenceMessages.gone : evidenceMessages.there,
              args: [safeNames[index]!],
              at,
            },
          ]
        : [];
    }),
  ];
  // A learning is stale when all files or all symbols it cites are gone; single ones may be renamed.
  const isStale = (kind: Cited['kind'], all: number) =>
    all > 0 && gone.filter((each) => each.kind === kind).length === all;
  const all = (kind: Cited['kind']) =>
    isOwn ? cited.filter((each) => each.kind === kind).length : fact.cites[`${kind}s`].length;
  const firstGone = cited.findIndex(({ isGone }) => isGone);
  const stale = isStale('file', all('file')) || isStale('symbol', all('symbol')) ? safeNames[firstGone]! : '';
  // The learning may have been deleted while the evidence was redacted, with its session or by itself.
  if (
    factById(driver, fact.id)?.state !== fact.state ||
    callsByUid(
      driver,
      edits.map(({ uid }) => uid),
    ).length !== edits.length
  )
    return false;
  return driver.transaction(() => {
    const isNews = putEvidence(driver, fact.id, pieces);
    const isStaler = setStale(driver, fact.id, stale, at);
    return updateConfidence(driver, fact.id) || isNews || isStaler;
  });
}

interface Cited {
  kind: 'file' | 'symbol';
  key: string;
  name: string;
  isGone: boolean;
}

/** Cited files and symbols. A symbol is gone when all files that may declare it are known and none contains it. */
function citedIn({ cites }: FactRow, files: ReadonlyMap<string, CommittedFile>): Cited[] {
  const known = cites.files.filter((file) => files.has(withoutWorktree(file)));
  const texts = known.map((file) => files.get(withoutWorktree(file))?.text);
  const areAllRead = known.length === cites.files.length && texts.every((text) => text !== undefined);
  return [
    ...known.map((file): Cited => ({
      kind: 'file',
      key: `file:${file}`,
      name: file,
      isGone: files.get(withoutWorktree(file))?.isThere === false,
    })),
    ...(areAllRead
      ? cites.symbols.map((name): Cited => ({
          kind: 'symbol',
          key: `symbol:${name}`,
          name,
          isGone: !texts.some((text) => text?.includes(name)),
        }))
      : []),
  ];
}

const speaksOf = ({ there, all }: Survival): -1 | 0 | 1 => (there * 2 > all ? 1 : there * 2 < all ? -1 : 0);

interface Survival {
  there: number;
  all: number;
}

/** Added lines that are still in HEAD, and all added lines. Undefined when HEAD has none of these files. */
function survivalOf(diffs: readonly FileDiff[], files: ReadonlyMap<string, CommittedFile>): Survival | undefined {
  const found = { there: 0, all: 0 };
  for (const { file, before, after } of diffs) {
    const head = files.get(withoutWorktree(file));
    // A file that is not committed yet counts as unknown, not as gone.
    if (!head || (head.isThere && head.text === undefined)) continue;
    const standing = new Set((head.text ?? '').split('\n').map((line) => line.trim()));
    const old = new Set(before.split('\n').map((line) => line.trim()));
    const put = new Set(
      after
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => /[\p{L}\d]{3}/u.test(line) && !old.has(line)),
    );
    found.all += put.size;
    found.there += [...put].filter((line) => standing.has(line)).length;
  }
  return found.all > 0 ? found : undefined;
}

/**
 * An edit counts as committed when a commit of its files followed, or when it is older than all commits that git
 * listed. Before that, missing lines mean nothing.
 */
function isCommitted(commits: readonly Commit[], since: readonly Commit[], editedAt: number): boolean {
  const oldest = commits.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
  return since.length > 0 || (commits.length > 0 && editedAt < oldest);
}
