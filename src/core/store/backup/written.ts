/**
 * Reads what a person wrote (learnings, marks, forgotten sessions, settings) from one database and merges it into
 * another.
 */
import { isDeepStrictEqual } from 'node:util';
import { defaultCareSettings } from '../../../protocol/care';
import { isMarkOf } from '../../lib/keyed-mark';
import { createNameKey } from '../../lib/keyed-name';
import type { NameKey } from '../../lib/keyed-name';
import type { Row, SqlDriver } from '../sqlite/driver';
import { keyedEvidence } from '../sqlite/keyed-uids';
import { putLedger } from '../tables/calls';
import { allSetClasses, classesWithout, mergeClasses } from '../tables/classes';
import { getConfiguration, saltKey } from '../tables/configuration';
import { documentKinds, indexRow, learningEntry, unindexRow } from '../tables/documents';
import { forgetAgain, notYetForgotten } from '../tables/forget';
import type { Tombstone } from '../tables/forget';
import { mergeChoices, readChoices, withoutForgotten } from '../tables/give-choices';
import { putMarks, readMarks } from '../tables/marks';
import { mergeRefusals, readRefusals, refusalsWithout } from '../tables/past-fixes';
import { mergeJoins, readJoins } from '../tables/project-joins';
import { mergeRestrictions, readRestrictions } from '../tables/restrictions';
import { putSessionMarks, readSessionMarks } from '../tables/session-marks';
import type { SessionMarkRow } from '../tables/session-marks';
import { isReviewed, putProofs, readProofs } from './proofs';

type LearningRow = Row & {
  no: number;
  id: string;
  project_id: number | null;
  updated_at: number;
  deleted_at: number | null;
  project_root: string | null;
  project_name: string | null;
};
interface ConfigurationRow {
  key: string;
  value_json: string;
  updated_at: number;
}

export interface Written {
  learnings: LearningRow[];
  tombstones: Tombstone[];
  configurations: ConfigurationRow[];
  /** Which projects are shown as one. Absent in a backup of an earlier version, like marks. */
  joins?: Row[];
  marks?: ReturnType<typeof readMarks>;
  /** Pins and names of sessions. */
  sessionMarks?: SessionMarkRow[];
  /** What was said about giving. */
  choices?: Row[];
  /** What was said about past fixes. */
  refusals?: Row[];
  /** Classes that were set. */
  classes?: Row[];
  /** What must not be processed for a time. */
  restrictions?: Row[];
  /** Evidence and history of these learnings. */
  proofs?: ReturnType<typeof readProofs>;
  /** Cost ledger of a database that is being replaced; backups have none. */
  ledger?: Row[];
}

export interface MergeReport {
  /** Learnings taken from the other side. */
  learnings: number;
  /** Sessions and projects that were forgotten on the other side and have now been erased here. */
  forgotten: number;
}

/**
 * `incoming` replaces rows that exist; `present` only adds missing ones; `wishes` takes no learnings, only what
 * protects privacy.
 */
export type Preference = 'incoming' | 'present' | 'wishes';

const isWish = (key: string): boolean => key.startsWith('exclude:') || key === 'capture.isPaused';

/** Leaves out the notes that keepers make about themselves: these change at every start. */
export function readWritten(driver: SqlDriver): Written {
  return {
    learnings: driver.all<LearningRow>(
      `SELECT l.*, p.root AS project_root, p.name AS project_name FROM learnings l LEFT
        JOIN projects p ON p.id = l.project_id WHERE ${isReviewed} ORDER BY l.no`,
    ),
    tombstones: driver.all<Tombstone & Row>('SELECT kind, target, at FROM tombstones ORDER BY kind, target'),
    configurations: driver.all<ConfigurationRow & Row>(
      "SELECT key, value_json, updated_at FROM configurations WHERE key NOT LIKE 'keeper.%' ORDER BY key",
    ),
    joins: readJoins(driver),
    marks: readMarks(driver),
    sessionMarks: readSessionMarks(driver),
    choices: readChoices(driver),
    refusals: readRefusals(driver),
    restrictions: readRestrictions(driver),
    classes: allSetClasses(driver),
    proofs: readProofs(driver),
  };
}

/** True when nobody has written, forgotten or set anything yet: there is nothing to save. */
export function isUntouched({
  learnings,
  tombstones,
  configurations,
  joins = [],
  marks = [],
  sessionMarks = [],
  choices = [],
  refusals = [],
  classes = [],
}: Written): boolean {
  return (
    learnings.length === 0 &&
    marks.length === 0 &&
    sessionMarks.length === 0 &&
    choices.length === 0 &&
    refusals.length === 0 &&
    classes.length === 0 &&
    joins.every(({ why, undone_at }) => why === 'moved' && undone_at === null) &&
    tombstones.length === 0 &&
    configurations.every(({ key, value_json }) => key === saltKey || isUsual(key, JSON.parse(value_json)))
  );
}

/** True for a setting that still has its default value. */
const isUsual = (key: string, value: unknown): boolean =>
  (key.startsWith('exclude:') && Array.isArray(value) && value.length === 0) ||
  (key === 'care.settings' && isDeepStrictEqual({ ...defaultCareSettings, ...(value as object) }, defaultCareSettings));

/**
 * Merges what a person wrote. Tombstones of both sides apply whatever the preference is. Needs the tokenizer of the
 * index (`defineTokens`).
 */
export function mergeWritten(
  driver: SqlDriver,
  {
    learnings,
    tombstones,
    configurations,
    joins = [],
    marks = [],
    sessionMarks = [],
    choices = [],
    refusals = [],
    restrictions = [],
    classes = [],
    proofs,
    ledger = [],
  }: Written,
  preference: Preference,
): MergeReport {
  const added = notYetForgotten(driver, tombstones);
  if (added.length > 0) forgetAgain(driver, added);
  return driver.transaction(() => {
    for (const row of configurations) putConfiguration(driver, row, preference);
    putLedger(driver, ledger);
    mergeRestrictions(driver, restrictions);
    mergeClasses(driver, classes);
    if (preference !== 'wishes') mergeChoices(driver, choices, preference === 'incoming');
    if (preference !== 'wishes') mergeRefusals(driver, refusals);
    if (preference !== 'wishes') mergeJoins(driver, joins, preference === 'incoming');
    // A backup of an earlier version names rows by plain uids.
    const names = createNameKey(getConfiguration<string>(driver, saltKey) ?? '');
    const keyedMarks = marks.map((mark) => ({ ...mark, uid: names.ofRow(mark.uid) }));
    if (preference !== 'wishes') putMarks(driver, keyedMarks, preference === 'incoming');
    if (preference !== 'wishes') putSessionMarks(driver, sessionMarks, preference === 'incoming');
    const kept =
      preference === 'wishes'
        ? 0
        : learnings.filter((row) => putLearning(driver, row, preference === 'incoming')).length;
    if (preference !== 'wishes' && proofs)
      putProofs(driver, { ...proofs, evidence: keyedRows(proofs.evidence, names) });
    return { learnings: kept, forgotten: added.length };
  });
}

const keyedRows = (evidence: readonly Row[], names: NameKey): Row[] =>
  evidence.map((row) => ({ ...row, ...keyedEvidence(String(row['evidence_key']), String(row['lines_json']), names) }));

function putConfiguration(
  driver: SqlDriver,
  { key, value_json, updated_at }: ConfigurationRow,
  preference: Preference,
): void {
  const isKnown = driver.get('SELECT 1 FROM configurations WHERE key = ?', [key]) !== undefined;
  // Names in the rows were keyed with the salt of the present database, so that stays.
  const isWanted =
    preference === 'wishes' ? isWish(key) : preference === 'incoming' ? !(isKnown && key === saltKey) : !isKnown;
  if (isWanted)
    driver.run('INSERT OR REPLACE INTO configurations (key, value_json, updated_at) VALUES (?, ?, ?)', [
      key,
      value_json,
      updated_at,
    ]);
}

/** True when something changed. */
function putLearning(driver: SqlDriver, row: LearningRow, mayReplace: boolean): boolean {
  const fact = row['fact_key'] ?? null;
  // The same fact may have been found again under another id: the reviewed learning replaces the proposal.
  if (fact !== null)
    driver.run("DELETE FROM learnings WHERE fact_key = ? AND id <> ? AND state = 'proposed'", [fact, row.id]);
  const known = driver.get<LearningRow>('SELECT * FROM learnings WHERE id = ?', [row.id]);
  const { no: _, project_root, project_name, ...rest } = row;
  const projectId = project_root === null ? null : projectOf(driver, project_root, project_name ?? '');
  const values: Row = { ...rest, project_id: projectId };
  const columns = Object.keys(values);
  if (
    known &&
    known['state'] !== 'proposed' &&
    (!mayReplace || columns.every((column) => known[column] === values[column]))
  )
    return false;
  if (known) {
    if (known['state'] === 'accepted') unindexRow(driver, documentKinds.learning, known.no);
    driver.run(`UPDATE learnings SET ${columns.map((column) => `"${column}" = ?`).join(', ')} WHERE no = ?`, [
      ...columns.map((column) => values[column] ?? null),
      known.no,
    ]);
  } else {
    driver.run(
      `INSERT INTO learnings (${columns.map((column) => `"${column}"`).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      columns.map((column) => values[column] ?? null),
    );
  }
  const no = known?.no ?? driver.lastInsertId();
  if (row.deleted_at === null && (row['state'] ?? 'accepted') === 'accepted')
    indexRow(driver, learningEntry(no, projectId, row.updated_at));
  return true;
}

function projectOf(driver: SqlDriver, root: string, name: string): number {
  driver.run('INSERT OR IGNORE INTO projects (root, name) VALUES (?, ?)', [root, name]);
  return driver.get<{ id: number }>('SELECT id FROM projects WHERE root = ?', [root])?.id ?? 0;
}

/** Removes marks, evidence and unaccepted learnings of forgotten sessions. Undefined when nothing had to be removed. */
export function dropForgotten(written: Written, tombstones: readonly Tombstone[]): Written | undefined {
  const gone = new Set(tombstones.map(({ kind, target }) => `${kind}:${target}`));
  const projects = tombstones.filter(({ kind }) => kind === 'project');
  const isProjectGone = (root: string | null) => root !== null && projects.some(({ target }) => isMarkOf(target, root));
  const isGone = (session: unknown) => gone.has(`session:${String(session)}`);
  const isLeft = ({ session_id, project_root }: { session_id: string; project_root: string | null }) =>
    !isGone(session_id) && !isProjectGone(project_root);
  const marks = (written.marks ?? []).filter(isLeft);
  const sessionMarks = (written.sessionMarks ?? []).filter(isLeft);
  const choices = withoutForgotten(written.choices ?? [], tombstones);
  const refusals = refusalsWithout(written.refusals ?? [], isGone);
  const restrictions = (written.restrictions ?? []).filter(({ root }) => !isProjectGone(String(root)));
  const classes = classesWithout(written.classes ?? [], isProjectGone);
  const joins = (written.joins ?? []).filter(
    ({ from_root, into_root }) => !isProjectGone(String(from_root)) && !isProjectGone(String(into_root)),
  );
  // The words of an unaccepted learning may come from any of its sessions, so it is removed. A rejected one that has
  // other sessions too stays without its words: otherwise the same fact would be proposed again.
  const learnings = written.learnings.flatMap((row): LearningRow[] => {
    const sources = JSON.parse(String(row['source_sessions_json'])) as string[];
    if (!sources.some(isGone)) return [row];
    // What a person accepted or wrote stays, without the session as its source.
    if ((row['state'] ?? 'accepted') === 'accepted' || row['origin'] === 'person')
      return [{ ...row, source_sessions_json: JSON.stringify(sources.filter((id) => !isGone(id))) }];
    return row['state'] === 'rejected' && !sources.every(isGone)
      ? [
          {
            ...row,
            title: '',
            description: '',
            context: '',
            dead_end_json: null,
            tags_json: '[]',
            cites_json: '{"files":[],"symbols":[]}',
            ...('watches_json' in row && { watches_json: '[]' }),
          },
        ]
      : [];
  });
  const kept = new Set(learnings.map(({ id }) => id));
  const evidence = (written.proofs?.evidence ?? []).filter(
    ({ session_id, learning_id }) => !isGone(session_id) && kept.has(String(learning_id)),
  );
  const isAsBefore =
    marks.length === (written.marks ?? []).length &&
    sessionMarks.length === (written.sessionMarks ?? []).length &&
    choices.length === (written.choices ?? []).length &&
    refusals.length === (written.refusals ?? []).length &&
    joins.length === (written.joins ?? []).length &&
    restrictions.length === (written.restrictions ?? []).length &&
    classes.length === (written.classes ?? []).length &&
    learnings.length === written.learnings.length &&
    learnings.every((row, at) => row === written.learnings[at]) &&
    evidence.length === (written.proofs?.evidence ?? []).length;
  if (isAsBefore) return undefined;
  return {
    ...written,
    ...(written.joins && { joins }),
    ...(written.restrictions && { restrictions }),
    ...(written.classes && { classes }),
    ...(written.choices && { choices }),
    ...(written.refusals && { refusals }),
    marks,
    ...(written.sessionMarks && { sessionMarks }),
    learnings,
    ...(written.proofs && {
      proofs: { evidence, trail: written.proofs.trail.filter(({ learning_id }) => kept.has(String(learning_id))) },
    }),
  };
}
