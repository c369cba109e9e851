/**
 * What ranking needs of every document, in typed arrays: about 32 bytes each. Asking the database for 2,000 rows costs
 * more than a whole search may take.
 */
import type { DocumentFacts, DocumentKind } from '../store/documents';
import { eachDocument } from '../store/documents';
import type { SqlDriver } from '../store/driver';

const firstCapacity = 4096;

export class DocumentColumns {
  #session = new Int32Array(firstCapacity);
  #turn = new Int32Array(firstCapacity);
  #project = new Int32Array(firstCapacity);
  #row = new Int32Array(firstCapacity);
  #at = new Float64Array(firstCapacity);
  #kind = new Uint8Array(firstCapacity);
  #facet = new Uint8Array(firstCapacity);
  #tool = new Uint16Array(firstCapacity);
  /** Position of each document; ids have gaps where rows were renewed. */
  readonly #positions = new Map<number, number>();
  #ids: number[] = [];
  readonly #facets = new Names();
  readonly #tools = new Names();
  #last = 0;

  get size(): number {
    return this.#positions.size;
  }

  /** Takes in what was added since the last time. Rows that went away stay, unreachable, until `clear`. */
  update(driver: SqlDriver): void {
    eachDocument(driver, this.#last, (facts) => this.#add(facts));
  }

  clear(): void {
    this.#positions.clear();
    this.#ids = [];
    this.#last = 0;
  }

  get(id: number): DocumentFacts | undefined {
    const at = this.#positions.get(id);
    return at === undefined ? undefined : this.#facts(at);
  }

  /** Newest first. */
  *newest(): Generator<DocumentFacts> {
    const order = Array.from(this.#ids.keys()).sort((a, b) => (this.#at[b] ?? 0) - (this.#at[a] ?? 0));
    for (const at of order) yield this.#facts(at);
  }

  #facts(at: number): DocumentFacts {
    return {
      id: this.#ids[at] ?? 0, kind: (this.#kind[at] ?? 0) as DocumentKind, row: this.#row[at] ?? 0, session: this.#session[at] ?? 0, turn: this.#turn[at] ?? 0,
      projectId: this.#project[at] ?? 0, facet: this.#facets.name(this.#facet[at] ?? 0), tool: this.#tools.name(this.#tool[at] ?? 0), at: this.#at[at] ?? 0,
    };
  }

  #add(facts: DocumentFacts): void {
    const at = this.#ids.length;
    if (at === this.#session.length) this.#grow(at * 2);
    this.#ids.push(facts.id);
    this.#positions.set(facts.id, at);
    this.#session[at] = facts.session;
    this.#turn[at] = facts.turn;
    this.#project[at] = facts.projectId;
    this.#row[at] = facts.row;
    this.#at[at] = facts.at;
    this.#kind[at] = facts.kind;
    this.#facet[at] = this.#facets.number(facts.facet);
    this.#tool[at] = this.#tools.number(facts.tool);
    this.#last = facts.id;
  }

  #grow(capacity: number): void {
    const grown = <A extends Int32Array | Float64Array | Uint8Array | Uint16Array>(from: A, to: A): A => {
      to.set(from);
      return to;
    };
    this.#session = grown(this.#session, new Int32Array(capacity));
    this.#turn = grown(this.#turn, new Int32Array(capacity));
    this.#project = grown(this.#project, new Int32Array(capacity));
    this.#row = grown(this.#row, new Int32Array(capacity));
    this.#at = grown(this.#at, new Float64Array(capacity));
    this.#kind = grown(this.#kind, new Uint8Array(capacity));
    this.#facet = grown(this.#facet, new Uint8Array(capacity));
    this.#tool = grown(this.#tool, new Uint16Array(capacity));
  }
}

/** Few different texts, kept once each. */
class Names {
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();

  number(name: string): number {
    let known = this.#numbers.get(name);
    if (known === undefined) {
      known = this.#names.push(name) - 1;
      this.#numbers.set(name, known);
    }
    return known;
  }

  name(number: number): string {
    return this.#names[number] ?? '';
  }
}
