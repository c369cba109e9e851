/**
 * Erases rows for good, and proves it. First it is looked up what goes, which can be cancelled; then marks of the rows are
 * written down, and from there each step is noted before it begins, so that the next keeper finishes it. At the end every
 * file is searched for pieces of what was erased.
 */
import type { EraseProgress, ErasePhase, ErasePreview, ErasedKind, Receipt, ReceiptBody } from '../../protocol/erase';
import { MemoryError } from '../../protocol/errors';
import type { SessionId } from '../../protocol/model';
import type { EraseTarget } from '../../protocol/questions/erase';
import type { AuditLog } from '../care/audit-log';
import type { Care } from '../care/care';
import type { MemoryKeys } from '../care/keys';
import { ByteFinder, countMarks, markPieces } from '../lib/byte-finder';
import type { ByteMarks } from '../lib/byte-finder';
import type { Clock } from '../lib/clock';
import type { NameKey } from '../lib/keyed-name';
import { traceOf } from '../lib/log';
import type { Log } from '../lib/log';
import { inTurns } from '../lib/turns';
import type { Turn } from '../lib/turns';
import type { Redactor } from '../observe/redact';
import { sizeOfArchive, sweepArchive } from '../store/archive/rescan';
import { listAside } from '../store/backup/aside';
import { listManifests } from '../store/backup/files';
import type { SqlDriver } from '../store/sqlite/driver';
import {
  eachKept,
  eraseInSession,
  eraseLearnings,
  keptTables,
  removeDerived,
  smallKept,
} from '../store/tables/erase-rows';
import {
  countEmptied,
  examplesOf,
  isEmpty,
  madeOf,
  marksOfSelection,
  selectErased,
  selectSessions,
  sessionsShowing,
  textsOfSelection,
} from '../store/tables/erase-selection';
import type { EraseSelection } from '../store/tables/erase-selection';
import { dropErasure, erasedTest, getErasure, openErasures, putErasedRows, putErasure } from '../store/tables/erasures';
import type { ErasedRow, Erasure, ErasureState } from '../store/tables/erasures';
import { sweepOut } from '../store/tables/forget';
import { dropNotes, noteMarks } from '../store/tables/notes';
import { knownSessions } from '../store/tables/sessions';
import { eraseArchived } from './erase-archive';
import { emptyState, noteErased } from './erased-file';
import { piecesOf } from './pieces';
import { receiptOf, writeReceipt } from './receipts';

export interface ErasingPorts {
  driver: SqlDriver;
  /** Undefined when the archive could not be opened. */
  archive: SqlDriver | undefined;
  dataDir: string;
  clock: Clock;
  log: Log;
  redactor: Pick<Redactor, 'redactLines'>;
  names: NameKey;
  keys: MemoryKeys;
  audit: AuditLog;
  care: Pick<Care, 'replaceCopies' | 'scanFiles' | 'isForgetting'>;
  turn: Turn;
  /** Random text, for the marks of one erasure. */
  newKey: () => string;
  select: (target: EraseTarget) => Promise<EraseSelection>;
  /** Runs `work` while nothing is read, and reports that everything changed. */
  alone: (work: () => void | Promise<void>) => Promise<void>;
  onProgress: (progress: EraseProgress | undefined) => void;
}

const isForgetting = (kind: ErasedKind): boolean => kind === 'session' || kind === 'project' || kind === 'everything';

/** Rows of which pieces are taken: more prove nothing more, and each piece is compared with all that stays. */
const mostSampled = 5_000;
const mostOfRow = 12;
const keptLetters = 512 * 1024;
/** What is left after a first search may have been made anew meanwhile, as a summary of rows that went: it goes again. */
const mostRounds = 2;

export class Erasing {
  readonly #ports: ErasingPorts;
  readonly #ending = new AbortController();
  #tail: Promise<unknown> = Promise.resolve();

  constructor(ports: ErasingPorts) {
    this.#ports = ports;
  }

  async preview(target: EraseTarget): Promise<ErasePreview> {
    const { driver, dataDir, select } = this.#ports;
    const selection = await select(target);
    const sessions = sessionsShowing(driver, selection);
    return {
      prompts: selection.prompts.length,
      observations: selection.observations.length,
      sessions: sessions.length,
      wholeSessions: countEmptied(driver, sessions, selection),
      titles: selection.titles.length,
      learnings: selection.learnings.length,
      notes: selection.notes.length,
      ...madeOf(driver, sessions, selection),
      backups: listManifests(dataDir).length,
      aside: listAside(dataDir).length,
      examples: examplesOf(driver, selection),
    };
  }

  /** @throws MemoryError `not_found` when nothing is selected, `cancelled` before the first row is gone */
  async erase(id: string, target: EraseTarget, signal?: AbortSignal): Promise<Receipt> {
    return this.#inTurn(async () => {
      const { driver } = this.#ports;
      const known = receiptOf(driver, id);
      if (known) return known;
      const open = getErasure(driver, id) ?? (await this.#begin(id, target, signal));
      return this.#finish(open);
    });
  }

  /** Goes on with what an earlier keeper began. */
  resume(): void {
    const { driver, log, care } = this.#ports;
    for (const { id } of openErasures(driver))
      this.#inTurn(async () => {
        const erasure = getErasure(driver, id);
        if (!erasure || erasure.stage === 'done') return;
        if (!isForgetting(erasure.kind)) await this.#finish(erasure);
        // Forgetting was noted here, and the keeper died before it began.
        else if (knownSessions(driver, erasure.state.sessions).length > 0) dropErasure(driver, id);
        else if (!care.isForgetting()) await this.#finish(erasure);
      }).catch((error: unknown) => {
        if (!this.#ending.signal.aborted) log.error(`erasing: ${traceOf(error)}`);
      });
  }

  /**
   * Notes what sessions say that are about to be forgotten, so that it can be searched for afterwards. Returns what has to
   * be called when they are: it makes the receipt.
   */
  async beforeForgetting(kind: ErasedKind, ids: readonly SessionId[]): Promise<() => void> {
    const { driver, clock, newKey } = this.#ports;
    const id = newKey();
    const selection = selectSessions(driver, ids);
    const sample = await this.#piecesOf(selection, id);
    putErasure(driver, {
      id,
      kind,
      at: clock.now(),
      stage: 'texts',
      state: {
        ...emptyState(id),
        erased: {
          prompts: selection.prompts.length,
          observations: selection.observations.length,
          sessions: selection.titles.length,
          titles: 0,
          learnings: 0,
          notes: 0,
        },
        ...sample,
        sessions: [...ids],
      },
    });
    return () => this.resume();
  }

  /** True while something is not erased everywhere, or not proved. */
  get isOpen(): boolean {
    return openErasures(this.#ports.driver).length > 0;
  }

  /** Resolves when nothing is being erased or proved. */
  async settled(): Promise<void> {
    await this.#tail;
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#tail;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#tail.then(async () => {
      this.#refuseEnded();
      try {
        return await work();
      } finally {
        this.#ports.onProgress(undefined);
      }
    });
    this.#tail = mine.catch(() => {});
    return mine;
  }

  #refuseEnded(signal?: AbortSignal): void {
    if (this.#ending.signal.aborted || signal?.aborted) throw new MemoryError('cancelled', 'Nothing was erased.');
  }

  #tell(phase: ErasePhase, done = 0, total = 0): void {
    this.#ports.onProgress({ phase, done, total, canCancel: phase === 'looking' });
  }

  /** Looks up what goes. Nothing is changed before the last statement, which is where it cannot be taken back any more. */
  async #begin(id: string, target: EraseTarget, signal?: AbortSignal): Promise<Erasure> {
    const { driver, clock, care, names, select, turn } = this.#ports;
    this.#tell('looking');
    const selection = await select(target);
    if (isEmpty(selection)) throw new MemoryError('not_found', 'Nothing in memory matches, so nothing was erased.');
    await turn();
    this.#refuseEnded(signal);
    const sample = await this.#piecesOf(selection, id);
    const before = await care
      .scanFiles(
        { marks: sample.pieces, isDatabaseOnly: true },
        AbortSignal.any([this.#ending.signal, ...(signal ? [signal] : [])]),
      )
      .catch((error: unknown) => {
        this.#refuseEnded(signal);
        throw error;
      });
    this.#refuseEnded(signal);
    const rows: ErasedRow[] = [
      ...marksOfSelection(driver, selection),
      ...noteMarks(driver, names, selection.notes).map((mark) => ({ mark, session: '' })),
    ];
    const sessions = sessionsShowing(driver, selection);
    const at = clock.now();
    const erasure: Erasure = {
      id,
      kind: target.kind,
      at,
      stage: 'rows',
      state: {
        ...emptyState(id),
        sessions,
        erased: countsOf(driver, selection, sessions),
        ...sample,
        foundBefore: before?.found ?? 0,
      },
    };
    driver.transaction(() => {
      putErasedRows(driver, rows, id);
      putErasure(driver, erasure);
      eraseLearnings(driver, selection.learnings);
      dropNotes(driver, selection.notes);
    });
    return erasure;
  }

  /** Does what is left of an erasure. */
  async #finish(erasure: Erasure): Promise<Receipt> {
    const { driver, dataDir, log, names } = this.#ports;
    let { stage, state } = erasure;
    const next = (to: Erasure['stage'], change: Partial<ErasureState> = {}) => {
      [stage, state] = [to, { ...state, ...change }];
      putErasure(driver, { ...erasure, stage, state });
      this.#refuseEnded();
    };
    const isForgotten = isForgetting(erasure.kind);
    for (;;) {
      /* oxlint-disable no-await-in-loop -- one step after the other */
      if (stage === 'rows') {
        noteErased(dataDir, driver, erasure);
        // What a memory put back holds is known by its marks only: its texts are looked at before they go.
        if (erasure.kind === 'again' && state.sampled === 0) {
          const selection = selectErased(driver, names);
          next('rows', { ...(await this.#piecesOf(selection, erasure.id)), erased: countsOf(driver, selection, []) });
          eraseLearnings(driver, selection.learnings);
          dropNotes(driver, selection.notes);
        }
        await this.#eraseRows(state.sessions);
        next('texts');
      } else if (stage === 'texts') {
        const { pieces, shared } = await this.#withoutShared(state.pieces);
        if (!isForgotten) await this.#removeDerived(pieces);
        next(isForgotten ? 'proof' : 'archive', { pieces, shared: state.shared + shared });
      } else if (stage === 'archive') {
        await this.#eraseArchive(state);
        next('overwriting');
      } else if (stage === 'overwriting') {
        await this.#overwrite();
        next('backups');
      } else if (stage === 'backups') {
        this.#tell('backups');
        const replaced = await this.#ports.care.replaceCopies(this.#ending.signal);
        next('proof', { backupsReplaced: state.backupsReplaced + replaced });
      } else {
        this.#tell('proof');
        const scan = (await this.#ports.care.scanFiles({ marks: state.pieces }, this.#ending.signal)) ?? nothingScanned;
        if (scan.found > 0 && !isForgotten && state.rounds < mostRounds) {
          next('rows', { rounds: state.rounds + 1 });
          continue;
        }
        const receipt = writeReceipt(this.#ports, { ...erasure, stage, state }, scan, this.#ports.clock.now());
        log.info(`erasing: ${receipt.body.pieces} pieces searched for, ${receipt.body.residue} left`);
        return receipt;
      }
      /* oxlint-enable no-await-in-loop */
    }
  }

  async #eraseRows(sessions: readonly SessionId[]): Promise<void> {
    const { driver, clock, turn } = this.#ports;
    let done = 0;
    for (const id of sessions) {
      this.#tell('rows', done++, sessions.length);
      eraseInSession(driver, id, clock.now());
      // oxlint-disable-next-line no-await-in-loop -- questions are answered in between
      await turn();
      this.#refuseEnded();
    }
  }

  /** Without the pieces that stand in what stays, too: these say nothing about what is left. */
  async #withoutShared(marks: ByteMarks): Promise<{ pieces: ByteMarks; shared: number }> {
    const { driver, turn } = this.#ports;
    if (countMarks(marks) === 0) return { pieces: marks, shared: 0 };
    const finder = new ByteFinder(marks);
    const found = new Set<number>();
    const visit = (text: string) => finder.find(Buffer.from(text), found);
    smallKept(driver).forEach(visit);
    for (const [at, table] of keptTables.entries()) {
      for (let after: number | undefined = 0; after !== undefined;) {
        this.#tell('texts', at, keptTables.length);
        after = eachKept(driver, table, after, keptLetters, visit);
        // oxlint-disable-next-line no-await-in-loop -- questions are answered in between
        await turn();
        this.#refuseEnded();
      }
    }
    return { pieces: finder.without(found), shared: found.size };
  }

  async #removeDerived(pieces: ByteMarks): Promise<void> {
    const { driver, clock, turn } = this.#ports;
    const finder = new ByteFinder(pieces);
    await inTurns(
      removeDerived(driver, (text) => finder.isIn(Buffer.from(text)), clock.now()),
      turn,
    );
  }

  async #eraseArchive({ pieces, sessions }: ErasureState): Promise<void> {
    const { driver, archive, names, redactor, turn } = this.#ports;
    const isErased = erasedTest(driver);
    if (!archive || !isErased) return;
    const total = sizeOfArchive(archive).parts;
    let done = 0;
    await eraseArchived({
      archive,
      finder: new ByteFinder(pieces),
      sessions: new Set(sessions),
      names,
      isErased,
      redactor,
      turn: async () => {
        await turn();
        this.#refuseEnded();
      },
      onBlock: () => this.#tell('archive', Math.min(++done, total), total),
    });
  }

  async #overwrite(): Promise<void> {
    const { driver, archive, alone } = this.#ports;
    this.#tell('overwriting');
    await alone(() => {
      sweepOut(driver);
      if (archive) sweepArchive(archive);
    });
  }

  /** Pieces of the rows; of very many, of some that lie evenly among them. */
  async #piecesOf(
    selection: EraseSelection,
    key: string,
  ): Promise<Pick<ErasureState, 'pieces' | 'withoutPiece' | 'sampled'>> {
    const { driver, turn } = this.#ports;
    const rows = Object.values(selection).reduce((sum, numbers: number[]) => sum + numbers.length, 0);
    const step = Math.max(1, rows / mostSampled);
    const sample = Object.fromEntries(
      Object.entries(selection).map(([name, numbers]: [string, number[]]) => [
        name,
        numbers.filter((_, at) => step === 1 || Math.floor(at / step) !== Math.floor((at - 1) / step)),
      ]),
    ) as unknown as EraseSelection;
    const all: Uint8Array[] = [];
    let [sampled, withoutPiece] = [0, 0];
    for (const texts of textsOfSelection(driver, sample)) {
      const pieces = piecesOf(texts, mostOfRow);
      if (pieces.length === 0) withoutPiece++;
      all.push(...pieces);
      // oxlint-disable-next-line no-await-in-loop -- questions are answered in between
      if (++sampled % 50 === 0) await turn();
    }
    return { pieces: markPieces(all, key), withoutPiece, sampled };
  }
}

const countsOf = (
  driver: SqlDriver,
  selection: EraseSelection,
  sessions: readonly SessionId[],
): ReceiptBody['erased'] => ({
  prompts: selection.prompts.length,
  observations: selection.observations.length,
  sessions: countEmptied(driver, sessions, selection),
  titles: selection.titles.length,
  learnings: selection.learnings.length,
  notes: selection.notes.length,
});

const nothingScanned = { files: [], leftOut: [], found: 0 };
