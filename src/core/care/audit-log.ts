/**
 * The audit log: who did what with the memory, and for how long it took, never the text. Each entry has an HMAC over
 * itself and the mark of the one before, and both ends are sealed, so an entry that was changed or removed is seen.
 */
import { createHmac } from 'node:crypto';
import type { AuditAction, AuditCheck, AuditEntry, AuditResult, Auditor } from '../../protocol/audit';
import type { AuditFilter } from '../../protocol/questions/erase';
import type { Page } from '../../protocol/status';
import type { Clock } from '../lib/clock';
import { dayMs } from '../lib/clock';
import { traceOf } from '../lib/log';
import type { Log } from '../lib/log';
import { breathe } from '../lib/turns';
import type { SqlDriver } from '../store/sqlite/driver';
import {
  auditAfter,
  auditEnds,
  dropAuditTo,
  lastAuditBefore,
  lastAuditNo,
  listAudit,
  putAuditEnds,
  putAuditEntry,
} from '../store/tables/audit';
import type { AuditEnds, MarkedEntry } from '../store/tables/audit';
import type { MemoryKeys } from './keys';

export interface AuditNote {
  who?: Auditor;
  action: AuditAction;
  resource: string;
  result?: AuditResult;
  durationMs?: number;
  details?: AuditEntry['details'];
}

const pageEntries = 100;
const atOnce = 2000;
const maxResource = 200;

export class AuditLog {
  /** Reads that are not written down yet, with their times. */
  #waiting: (AuditNote & { at: number })[] = [];

  constructor(
    private readonly ports: {
      driver: SqlDriver;
      keys: MemoryKeys;
      clock: Clock;
      log: Log;
      /** How many days an entry is kept, which has nothing to do with how long sessions are. */
      days: () => number;
    },
  ) {}

  /** Writes an entry. What it is about has been done already, so a log that cannot be written stops nothing. */
  note(note: AuditNote): void {
    this.#write([...this.#waiting.splice(0), { ...note, at: this.ports.clock.now() }]);
  }

  /**
   * Writes what waits. A read is written down just after its answer is on its way, together with those that ended
   * meanwhile: each transaction waits for the disk, and a reader would wait with it.
   */
  flush(): void {
    this.#write(this.#waiting.splice(0));
  }

  #write(notes: readonly (AuditNote & { at: number })[]): void {
    if (notes.length === 0) return;
    const { driver, log } = this.ports;
    try {
      driver.transaction(() => {
        const ends = auditEnds(driver) ?? this.#begin();
        let { head } = ends;
        head = { ...head, no: Math.max(head.no, lastAuditNo(driver)) };
        for (const note of notes) head = this.#put(note, head);
        this.#putEnds(ends.base, head);
      });
    } catch (error) {
      log.error(`audit: ${traceOf(error)}`);
    }
  }

  /** Adds an entry behind `head`, and returns the new head of the chain. */
  #put(note: AuditNote & { at: number }, head: { no: number; mark: string }): { no: number; mark: string } {
    const { at, who = 'memory', action, resource, result = 'done', durationMs = 0, details = {} } = note;
    const entry = {
      no: head.no + 1,
      at,
      who,
      action,
      resource: resource.slice(0, maxResource),
      result,
      durationMs: Math.round(durationMs),
      details,
      detailsJson: JSON.stringify(details),
    };
    const mark = this.#markOf(entry, head.mark);
    putAuditEntry(this.ports.driver, { ...entry, mark });
    return { no: entry.no, mark };
  }

  /** Runs `work`, and notes how it ended. */
  async noting<T>(note: AuditNote, elapsed: () => number, work: () => Promise<T>): Promise<T> {
    const from = elapsed();
    const end = (result: AuditResult) => {
      const ended = { ...note, result, durationMs: elapsed() - from };
      if (note.action !== 'read') {
        this.note(ended);
        return;
      }
      if (this.#waiting.push({ ...ended, at: this.ports.clock.now() }) === 1) setImmediate(() => this.flush());
    };
    try {
      const value = await work();
      end('done');
      return value;
    } catch (error) {
      end((error as { code?: unknown }).code === 'cancelled' ? 'cancelled' : 'failed');
      throw error;
    }
  }

  read(filter: AuditFilter): Page<AuditEntry> {
    this.flush();
    const limit = filter.limit ?? pageEntries;
    const items = listAudit(this.ports.driver, filter, limit).map(({ mark: _, detailsJson: _json, ...entry }) => entry);
    const last = items.at(-1);
    return { items, ...(items.length === limit && last && { next: String(last.no) }) };
  }

  async verify(): Promise<AuditCheck> {
    this.flush();
    const { driver } = this.ports;
    const ends = auditEnds(driver);
    const isOtherKey = ends !== undefined && ends.seal !== this.#sealOf(ends.base, ends.head);
    const check: AuditCheck = { entries: 0, changed: [], isCut: false, isOtherKey, unchained: 0 };
    let before: { no: number; mark: string } = ends?.base ?? { no: 0, mark: '' };
    for (let after = 0; ;) {
      // What is written down meanwhile is not looked at: the end was read before.
      const entries = auditAfter(driver, after, atOnce).filter(({ no }) => ends === undefined || no <= ends.head.no);
      for (const entry of entries) {
        check.entries++;
        if (entry.mark === '' && entry.no <= (ends?.base.no ?? Infinity)) {
          check.unchained++;
          continue;
        }
        if (entry.no <= (ends?.base.no ?? 0)) check.changed.push(entry.no);
        else if (!this.#follows(entry, before)) check.changed.push(entry.no);
        before = entry;
      }
      const last = entries.at(-1);
      if (!last) break;
      after = last.no;
      // oxlint-disable-next-line no-await-in-loop -- requests are answered in between
      await breathe();
    }
    // Without its ends it had a chain once, and somebody has taken them away.
    check.isCut = ends ? before.no !== ends.head.no || before.mark !== ends.head.mark : before.no > 0;
    return check;
  }

  /** Removes the oldest entries whose time is over. The chain goes on from the last of them. */
  prune(): void {
    this.flush();
    const { driver, clock } = this.ports;
    const ends = auditEnds(driver);
    const last = lastAuditBefore(driver, clock.now() - this.ports.days() * dayMs);
    if (!ends || !last || last.no >= ends.head.no) return;
    let removed = 0;
    driver.transaction(() => {
      removed = dropAuditTo(driver, last.no);
      this.#putEnds(last.mark === '' ? ends.base : { no: last.no, mark: last.mark }, ends.head);
    });
    if (removed > 0) this.note({ action: 'prune', resource: 'audit', details: { removed } });
  }

  /** Entries from before the chain stay, and are told as such. */
  #begin(): AuditEnds {
    const base = { no: lastAuditNo(this.ports.driver), mark: '' };
    return { base, head: base, seal: '' };
  }

  #follows(entry: MarkedEntry, before: { no: number; mark: string }): boolean {
    return entry.no === before.no + 1 && entry.mark === this.#markOf(entry, before.mark);
  }

  #markOf(entry: Omit<MarkedEntry, 'mark'>, before: string): string {
    const { no, at, who, action, resource, result, durationMs, detailsJson } = entry;
    return this.#hmac(JSON.stringify([before, no, at, who, action, resource, result, durationMs, detailsJson]));
  }

  #sealOf(base: AuditEnds['base'], head: AuditEnds['head']): string {
    return this.#hmac(JSON.stringify(['ends', base, head]));
  }

  #putEnds(base: AuditEnds['base'], head: AuditEnds['head']): void {
    putAuditEnds(this.ports.driver, { base, head, seal: this.#sealOf(base, head) }, this.ports.clock.now());
  }

  #hmac(text: string): string {
    return createHmac('sha256', this.ports.keys.audit).update(text).digest('base64url');
  }
}
