/**
 * Merges an export into the memory. It is checked as a whole first. Then it comes in batches, one transaction each, and
 * every record is known again: a run that is cut off is repeated from its beginning and doubles nothing.
 */
import type { ImportCounts, RecordKind } from '../../protocol/portable';
import { recordKinds } from '../../protocol/portable';
import type { Turn } from '../lib/turns';
import type { Redactor } from '../observe/redact';
import { metSession } from '../store/portable/merge';
import type { Merge, Outcome, SealedRecord } from '../store/portable/merge';
import { mergeEvidence, mergeLearning, mergeMerge, mergeTrail } from '../store/portable/merge-learnings';
import { isKnownRow, mergeCopy, mergeKnownRow, mergeObservation, mergePrompt } from '../store/portable/merge-rows';
import { mergeCost, mergeSession, mergeUsage, mergeUses } from '../store/portable/merge-sessions';
import {
  mergeChoice,
  mergeClass,
  mergeGiven,
  mergeJoin,
  mergeMark,
  mergeName,
  mergeRefusal,
  mergeSearch,
  mergeSummary,
} from '../store/portable/merge-written';
import { RowMatcher } from '../store/portable/row-matcher';
import type { SqlDriver } from '../store/sqlite/driver';
import type { Manifest } from './manifest';
import { readBatches } from './read-lines';
import type { RecordOf } from './schemas';
import { sealRecords } from './seal-records';

export interface ImportPorts {
  driver: SqlDriver;
  now: number;
  redactor: Pick<Redactor, 'redact'>;
  isExcluded: (root: string, cwd: string) => boolean;
  turn: Turn;
  signal: AbortSignal;
  onBytes(bytes: number): void;
  /** Called after a batch was stored, with the sessions that got rows. */
  onSessions(ids: ReadonlySet<string>): void;
  /** For tests: called after each batch. */
  onBatch?: (() => void) | undefined;
}

type Sealed<Kind extends RecordKind> = SealedRecord<RecordOf<Kind>>;

export interface ImportResult extends ImportCounts {
  records: number;
  redactions: number;
  /** New sessions by root of their project. */
  newSessions: ReadonlyMap<string, { name: string; sessions: number }>;
}

/** Reads every record of an export. @throws MemoryError `corrupt` naming the first that is none */
export async function checkRecords(
  folder: string,
  { files }: Manifest,
  signal: AbortSignal,
  turn: Turn,
): Promise<void> {
  for (const file of files) {
    if (file.kind === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    for await (const _batch of readBatches(folder, file, file.kind)) {
      signal.throwIfAborted();
      await turn();
    }
  }
}

/** @param isDry only says what would come; texts are not redacted then, because nothing is stored */
export async function importExport(
  folder: string,
  { files }: Manifest,
  ports: ImportPorts,
  isDry: boolean,
): Promise<ImportResult> {
  const { driver, redactor, turn, signal } = ports;
  const run = new ImportRun(driver, ports.now, ports.isExcluded, isDry);
  for (const kind of recordKinds) {
    const file = files.find((each) => each.kind === kind);
    if (!file) continue;
    for await (const { records, bytes } of readBatches(folder, file, kind)) {
      signal.throwIfAborted();
      // Of a row that is here no text is taken, so none is looked at: what was cut off goes on quickly.
      const known = isDry ? [] : records.filter((record) => run.isKnown(kind, record));
      const others = known.length === 0 ? records : records.filter((record) => !known.includes(record));
      const sealed = isDry
        ? { records: others as unknown as Sealed<RecordKind>[], redactions: 0 }
        : await sealRecords(kind, others, redactor);
      // Redacting and storing are a step each.
      await turn();
      signal.throwIfAborted();
      if (isDry) run.take(kind, sealed.records);
      else
        driver.transaction(() => {
          run.takeKnown(kind, known);
          run.take(kind, sealed.records);
        });
      run.redactions += sealed.redactions;
      ports.onSessions(run.takeTouched());
      ports.onBytes(bytes);
      ports.onBatch?.();
      await turn();
    }
  }
  return run.result();
}

class ImportRun {
  redactions = 0;
  #records = 0;
  readonly #counts: ImportCounts = { added: {}, changed: {}, skipped: {} };
  readonly #merge: Merge;
  readonly #newSessions = new Map<string, { name: string; sessions: number }>();
  readonly #matchers: Record<'prompts' | 'observations', RowMatcher>;
  #touched = new Set<string>();

  constructor(driver: SqlDriver, now: number, isExcluded: Merge['isExcluded'], isDry: boolean) {
    this.#merge = { driver, now, isDry, isExcluded, sessions: new Map(), learnings: new Map() };
    this.#matchers = {
      prompts: new RowMatcher(driver, 'prompts'),
      observations: new RowMatcher(driver, 'observations'),
    };
  }

  isKnown(kind: RecordKind, record: unknown): boolean {
    return (
      (kind === 'prompts' || kind === 'observations') && isKnownRow(this.#merge, kind, record as RecordOf<'prompts'>)
    );
  }

  /** Rows that were here a moment before; one that was erased since does not come back. */
  takeKnown(kind: RecordKind, records: readonly unknown[]): void {
    if (kind !== 'prompts' && kind !== 'observations') return;
    for (const record of records as RecordOf<'prompts'>[]) {
      const met = metSession(this.#merge, record.session);
      const isHere = mergeKnownRow(this.#merge, kind, record, this.#matchers[kind]);
      this.#records++;
      const counts = (this.#counts.skipped[typeof met === 'string' ? met : isHere ? 'known' : 'alone'] ??= {});
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
  }

  take(kind: RecordKind, records: readonly unknown[]): void {
    for (const record of records) {
      const outcome = this.#put(kind, record);
      this.#records++;
      const into =
        outcome === 'added' || outcome === 'changed' ? this.#counts[outcome] : (this.#counts.skipped[outcome] ??= {});
      into[kind] = (into[kind] ?? 0) + 1;
      if (outcome !== 'added' && outcome !== 'changed') continue;
      const { session, id } = record as { session?: string; id?: string };
      const touched = kind === 'sessions' ? id : session;
      if (touched !== undefined && touched !== '') this.#touched.add(touched);
      if (kind === 'sessions' && outcome === 'added') this.#noteSession(record as Sealed<'sessions'>);
    }
  }

  takeTouched(): ReadonlySet<string> {
    const touched = this.#touched;
    if (touched.size > 0) this.#touched = new Set();
    return touched;
  }

  result(): ImportResult {
    return {
      ...this.#counts,
      records: this.#records,
      redactions: this.redactions,
      newSessions: this.#newSessions,
    };
  }

  #noteSession({ project, projectName }: Sealed<'sessions'>): void {
    const known = this.#newSessions.get(project) ?? { name: projectName, sessions: 0 };
    known.sessions++;
    this.#newSessions.set(project, known);
  }

  #put(kind: RecordKind, record: unknown): Outcome {
    const merge = this.#merge;
    switch (kind) {
      case 'sessions':
        return mergeSession(merge, record as Sealed<'sessions'>);
      case 'prompts':
        return mergePrompt(merge, record as Sealed<'prompts'>, this.#matchers.prompts);
      case 'observations':
        return mergeObservation(merge, record as Sealed<'observations'>, this.#matchers.observations);
      case 'copies':
        return mergeCopy(merge, record as Sealed<'copies'>);
      case 'usage':
        return mergeUsage(merge, record as Sealed<'usage'>);
      case 'costs':
        return mergeCost(merge, record as Sealed<'costs'>);
      case 'summaries':
        return mergeSummary(merge, record as Sealed<'summaries'>);
      case 'learnings':
        return mergeLearning(merge, record as Sealed<'learnings'>);
      case 'evidence':
        return mergeEvidence(merge, record as Sealed<'evidence'>);
      case 'trail':
        return mergeTrail(merge, record as Sealed<'trail'>);
      case 'merges':
        return mergeMerge(merge, record as Sealed<'merges'>);
      case 'marks':
        return mergeMark(merge, record as Sealed<'marks'>);
      case 'names':
        return mergeName(merge, record as Sealed<'names'>);
      case 'classes':
        return mergeClass(merge, record as Sealed<'classes'>);
      case 'searches':
        return mergeSearch(merge, record as Sealed<'searches'>);
      case 'joins':
        return mergeJoin(merge, record as Sealed<'joins'>);
      case 'given':
        return mergeGiven(merge, record as Sealed<'given'>);
      case 'choices':
        return mergeChoice(merge, record as Sealed<'choices'>);
      case 'refusals':
        return mergeRefusal(merge, record as Sealed<'refusals'>);
      case 'uses':
        return mergeUses(merge, record as Sealed<'uses'>);
      default:
        // What was spent elsewhere counts against no ceiling here.
        return 'machine';
    }
  }
}
