/**
 * What ranking needs of every document, in typed arrays of about 48 bytes per document: querying the database for 2,000
 * rows takes longer than a whole search may. The arrays are public for the loops over all matches. They are replaced
 * when they grow, so a loop must read them again each time.
 */
import type { SqlDriver } from '../store/sqlite/driver';
import type { DocumentFacts, DocumentKind, SubjectKey } from '../store/tables/documents';
import {
  documentKinds,
  eachDocument,
  eachMoved,
  eachRemoved,
  isAlone,
  subjectOf,
  watchDocuments,
} from '../store/tables/documents';
import { Names } from './names';
import { SessionColumns } from './session-columns';
import { SessionLengths } from './session-lengths';
import { kindWeights, defaultRanking } from './weigh';
import type { RankWeights } from './weigh';

const firstCapacity = 4096;

export class DocumentColumns {
  /** Id → place + 1; 0 when there is none. Ids have gaps where rows were replaced. */
  places = new Int32Array(firstCapacity);
  /** Number of the session or learning that a document belongs to, counted from 0 without gaps. */
  groups = new Int32Array(firstCapacity);
  /**
   * Number of words in the index, at most 65,535. Small types, because the time of a search depends on the memory it
   * reads.
   */
  lengths = new Uint16Array(firstCapacity);
  /** Sort of text: an index into the three lists below. */
  sorts = new Uint8Array(firstCapacity);
  /**
   * By sort: the weight of a word in the head of the text, of one after it, and whether the text is work (tools) or
   * talk.
   */
  readonly headWeights: number[] = [];
  readonly restWeights: number[] = [];
  readonly isWork: boolean[] = [];
  times = new Float64Array(firstCapacity);
  #session = new Int32Array(firstCapacity);
  #turn = new Int32Array(firstCapacity);
  #project = new Int32Array(firstCapacity);
  #row = new Int32Array(firstCapacity);
  #kind = new Uint8Array(firstCapacity);
  #facet = new Uint8Array(firstCapacity);
  #tool = new Uint16Array(firstCapacity);
  #ids: number[] = [];
  readonly #facets = new Names();
  readonly #tools = new Names();
  /** Calls per tool; those of replaced rows count twice. */
  readonly #toolUses: number[] = [];
  /** What filters and facets need to know about sessions. */
  readonly sessions = new SessionColumns();
  /** Number of tool calls per session. */
  readonly #work: number[] = [];
  readonly #groupOf = new Map<SubjectKey, number>();
  readonly lengthsOfSessions = new SessionLengths();
  #last = 0;
  #lastRemoved = 0;
  #lastMoved = 0;
  #isWatching = false;
  #words = 0;

  constructor(readonly ranking: RankWeights = defaultRanking) {}

  get size(): number {
    return this.#ids.length;
  }

  get groupCount(): number {
    return this.#groupOf.size;
  }

  /** Average number of words per document. */
  get averageLength(): number {
    return this.size === 0 ? 1 : Math.max(1, this.#words / this.size);
  }

  /**
   * Adds documents that were written since, at most `most`; false when there may be more. Deleted rows keep an
   * unreachable place until `clear`. A row that moved to another session needs `clear`, one within its session does not.
   */
  update(driver: SqlDriver, most = -1): boolean {
    if (!this.#isWatching) watchDocuments(driver);
    this.#isWatching = true;
    const before = this.size;
    const grown = new Set<number>();
    eachDocument(driver, this.#last, most, (facts, words) => {
      this.#add(facts, words);
      grown.add(facts.session);
    });
    this.#lastRemoved = eachRemoved(driver, this.#lastRemoved, (id) => {
      const at = this.position(id);
      if (at < 0) return;
      if (!isAlone(this.kind(at))) this.lengthsOfSessions.add(this.group(at), -this.lengths[at]!);
      this.places[id] = 0;
      this.#ids[at] = 0;
    });
    this.#lastMoved = eachMoved(driver, this.#lastMoved, (id, turn) => {
      const at = this.position(id);
      if (at >= 0) this.#turn[at] = turn;
    });
    this.sessions.update(driver, grown);
    return most < 0 || this.size - before < most;
  }

  clear(): void {
    this.places.fill(0);
    this.#ids = [];
    this.#toolUses.fill(0);
    this.#work.length = 0;
    this.#groupOf.clear();
    this.lengthsOfSessions.clear();
    this.#last = 0;
    this.#words = 0;
    this.sessions.clear();
  }

  /** The place of a document in the columns, or -1. */
  position(id: number): number {
    return (this.places[id] ?? 0) - 1;
  }

  /** Turns a test by place into one by document id; unknown documents fail it. */
  testById(test: ((at: number) => boolean) | undefined): ((id: number) => boolean) | undefined {
    return (
      test &&
      ((id) => {
        const at = this.position(id);
        return at >= 0 && test(at);
      })
    );
  }

  id(at: number): number {
    return this.#ids[at] ?? 0;
  }

  session(at: number): number {
    return this.#session[at] ?? 0;
  }

  group(at: number): number {
    return this.groups[at] ?? 0;
  }

  turn(at: number): number {
    return this.#turn[at] ?? 0;
  }

  row(at: number): number {
    return this.#row[at] ?? 0;
  }

  kind(at: number): DocumentKind {
    return (this.#kind[at] ?? 0) as DocumentKind;
  }

  facet(at: number): string {
    return this.#facets.name(this.#facet[at] ?? 0);
  }

  tool(at: number): string {
    return this.#tools.name(this.#tool[at] ?? 0);
  }

  /** Facet and tool as numbers, for counting; `facet` and `tool` give their names. */
  facetNumber(at: number): number {
    return this.#facet[at] ?? 0;
  }

  toolNumber(at: number): number {
    return this.#tool[at] ?? 0;
  }

  /** Tools by number of calls. Messages have their note in this column and are not counted. */
  toolsUsed(): { number: number; name: string }[] {
    const used = this.#toolUses.flatMap((uses, number) =>
      uses > 0 ? [{ number, name: this.#tools.name(number), uses }] : [],
    );
    return used.sort((a, b) => b.uses - a.uses);
  }

  facetName(number: number): string {
    return this.#facets.name(number);
  }

  toolName(number: number): string {
    return this.#tools.name(number);
  }

  /** Number of tool calls of a session. */
  workOf(session: number): number {
    return this.#work[session] ?? 0;
  }

  project(at: number): number {
    return this.#project[at] ?? 0;
  }

  time(at: number): number {
    return this.times[at] ?? 0;
  }

  facts(at: number): DocumentFacts {
    return {
      id: this.#ids[at] ?? 0,
      kind: this.kind(at),
      row: this.row(at),
      session: this.session(at),
      turn: this.turn(at),
      projectId: this.project(at),
      facet: this.facet(at),
      tool: this.tool(at),
      at: this.time(at),
    };
  }

  /** Places of all documents that exist. */
  *each(): Iterable<number> {
    for (let at = 0; at < this.#ids.length; at++) if (this.#ids[at] !== 0) yield at;
  }

  #add(facts: DocumentFacts, words: number): void {
    const at = this.#ids.length;
    if (at === this.#session.length) this.#grow(at * 2);
    this.#ids.push(facts.id);
    if (facts.id >= this.places.length) this.places = widened(this.places, facts.id * 2);
    this.places[facts.id] = at + 1;
    this.groups[at] = this.#groupFor(facts);
    this.lengths[at] = Math.min(words, 0xff_ff);
    this.sorts[at] = this.#sortFor(facts);
    this.times[at] = facts.at;
    this.#session[at] = facts.session;
    this.#turn[at] = facts.turn;
    this.#project[at] = facts.projectId;
    this.#row[at] = facts.row;
    this.#kind[at] = facts.kind;
    this.#facet[at] = this.#facets.number(facts.facet);
    this.#tool[at] = this.#tools.number(facts.tool);
    if (facts.kind === documentKinds.observation) {
      this.#toolUses[this.#tool[at] ?? 0] = (this.#toolUses[this.#tool[at] ?? 0] ?? 0) + 1;
      this.#work[facts.session] = this.workOf(facts.session) + 1;
    }
    if (!isAlone(facts.kind)) this.lengthsOfSessions.add(this.group(at), this.lengths[at]);
    this.#last = facts.id;
    this.#words += words;
  }

  #sortFor(facts: DocumentFacts): number {
    const { head, rest } = kindWeights(facts, this.ranking);
    const isWork = facts.kind === documentKinds.observation;
    const known = this.headWeights.findIndex(
      (weight, sort) => weight === head && this.restWeights[sort] === rest && this.isWork[sort] === isWork,
    );
    if (known >= 0) return known;
    this.restWeights.push(rest);
    this.isWork.push(isWork);
    return this.headWeights.push(head) - 1;
  }

  #groupFor(facts: DocumentFacts): number {
    const key = subjectOf(facts);
    let group = this.#groupOf.get(key);
    if (group === undefined) {
      group = this.#groupOf.size;
      this.#groupOf.set(key, group);
    }
    return group;
  }

  #grow(capacity: number): void {
    this.groups = widened(this.groups, capacity);
    this.lengths = widened(this.lengths, capacity);
    this.sorts = widened(this.sorts, capacity);
    this.times = widened(this.times, capacity);
    this.#session = widened(this.#session, capacity);
    this.#turn = widened(this.#turn, capacity);
    this.#project = widened(this.#project, capacity);
    this.#row = widened(this.#row, capacity);
    this.#kind = widened(this.#kind, capacity);
    this.#facet = widened(this.#facet, capacity);
    this.#tool = widened(this.#tool, capacity);
  }
}

type Column =
  | Int32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>;

function widened<A extends Column>(from: A, capacity: number): A {
  const to = new (from.constructor as new (length: number) => A)(capacity);
  to.set(from);
  return to;
}
