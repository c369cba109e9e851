/**
 * A person's own rules of redaction. They are kept in a file beside the memory, so that a keeper without a window (the
 * command line, an import before the window has spoken) applies them too. The file is no part of backups. Patterns are
 * judged once; those that were refused are told in the diagnosis, and the others go on.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { redactionFileName } from '../../protocol/data-folder';
import type {
  OwnPattern,
  OwnRules,
  RedactionStatus,
  RefusedPattern,
  ScanNote,
  ScanReport,
} from '../../protocol/redaction';
import type { Verdict } from '../care/judge-patterns';
import type { RunCareTask } from '../care/tasks';
import { readJson, writeDurably } from '../lib/durable';
import { createOwnFinder } from '../observe/own-rules';
import type { OwnFinder } from '../observe/own-rules';
import type { Redactor } from '../observe/redact';

interface Kept {
  rules: OwnRules;
  /** By the hash of pattern and flags. */
  verdicts: Record<string, Verdict>;
  lastScan?: ScanNote & { rules: string };
  /** Of the last whole scan, for a call whose answer was lost. */
  answered?: { requestId: string; report: ScanReport };
}

interface RuleBookPorts {
  dataDir: string;
  redactor: Pick<Redactor, 'setOwnRules'>;
  /** Without it a pattern that was not judged before is refused. */
  run: RunCareTask | undefined;
}

const none: OwnRules = { patterns: [], words: [], kinds: [] };
const nameOf = ({ pattern, flags = '' }: OwnPattern): string =>
  createHash('sha256').update(`${flags}/${pattern}`).digest('hex').slice(0, 16);

export class RuleBook {
  readonly #ports: RuleBookPorts;
  #kept: Kept;
  #finder: OwnFinder | undefined;
  #taking: Promise<unknown> = Promise.resolve();

  constructor(ports: RuleBookPorts) {
    this.#ports = ports;
    this.#kept = { rules: none, verdicts: {}, ...readJson<Partial<Kept>>(this.#file) };
    this.#apply();
  }

  get #file(): string {
    return path.join(this.#ports.dataDir, redactionFileName);
  }

  /** Puts rules in force. Resolves when new patterns have been judged: nothing must be read before. */
  take(rules: OwnRules): Promise<void> {
    const mine = this.#taking.then(() => this.#take(rules));
    this.#taking = mine.catch(() => {});
    return mine;
  }

  async #take(rules: OwnRules): Promise<void> {
    if (JSON.stringify(rules) === JSON.stringify(this.#kept.rules)) return;
    const { run } = this.#ports;
    const known = this.#kept.verdicts;
    const fresh = rules.patterns.filter((each) => known[nameOf(each)] === undefined);
    const judged = fresh.length > 0 && run ? await run('judgePatterns', { patterns: fresh }) : [];
    const verdicts = Object.fromEntries(
      rules.patterns.flatMap((each) => {
        const verdict = known[nameOf(each)] ?? judged[fresh.indexOf(each)];
        return verdict ? [[nameOf(each), verdict]] : [];
      }),
    );
    this.#kept = { ...this.#kept, rules, verdicts };
    this.#write();
    this.#apply();
  }

  #verdictOf(pattern: OwnPattern): Verdict {
    return this.#kept.verdicts[nameOf(pattern)] ?? { fault: 'unproven', detail: '' };
  }

  #apply(): void {
    const { rules } = this.#kept;
    const sound = {
      ...rules,
      patterns: rules.patterns.filter((each) => this.#verdictOf(each).fault === undefined),
    };
    this.#finder = createOwnFinder(sound);
    this.#ports.redactor.setOwnRules(this.#finder, sound);
  }

  #write(): void {
    writeDurably(this.#file, JSON.stringify(this.#kept));
  }

  /** Noted at the beginning, so that a scan that was cut off is known. */
  noteScan(lastScan: ScanNote): void {
    this.#kept = { ...this.#kept, lastScan: { ...lastScan, rules: this.#mark } };
    this.#write();
  }

  /** Notes a scan that has come to its end. */
  noteReport(requestId: string, report: ScanReport): void {
    const { startedAt, endedAt, counts, changed } = report;
    this.#kept = { ...this.#kept, answered: { requestId, report } };
    this.noteScan({ startedAt, endedAt, counts, changed });
  }

  /** What this request was answered; undefined when it was not. */
  reportOf(requestId: string): ScanReport | undefined {
    const { answered } = this.#kept;
    return answered?.requestId === requestId ? answered.report : undefined;
  }

  /** Names the rules in force without saying them. */
  get #mark(): string {
    return createHash('sha256').update(JSON.stringify(this.#kept.rules)).digest('hex').slice(0, 16);
  }

  get refused(): RefusedPattern[] {
    return this.#kept.rules.patterns.flatMap((each): RefusedPattern[] => {
      const { fault, detail } = this.#verdictOf(each);
      if (fault) return [{ name: each.name, fault, detail }];
      return this.#finder?.slow.has(each.name) === true ? [{ name: each.name, fault: 'slow', detail: '' }] : [];
    });
  }

  status(): RedactionStatus {
    const { rules, lastScan } = this.#kept;
    const refused = this.refused;
    const { rules: scannedBy, ...note } = lastScan ?? { rules: '' };
    return {
      patterns: rules.patterns.length - refused.length,
      words: rules.words.length,
      kinds: rules.kinds,
      refused,
      ...(lastScan && { lastScan: note as ScanNote }),
      isBehind:
        rules.patterns.length - refused.length + rules.words.length + rules.kinds.length > 0 &&
        (scannedBy !== this.#mark || lastScan?.endedAt === undefined),
    };
  }
}
