/**
 * Finds the row here that a row of another memory is, for sessions that both have. Uids were keyed with different salts,
 * so rows are compared by what is the same everywhere: when the line was written, who said it, and the text.
 */
import type { SqlDriver } from '../sqlite/driver';
import { withoutMarkHashes } from '../tables/row-aliases';
import type { RowLook } from '../tables/row-aliases';

type Table = 'prompts' | 'observations';

interface Here {
  id: number;
  uid: string;
  isImported: boolean;
}

export class RowMatcher {
  #session = '';
  /** By when and by whom. */
  #rows = new Map<string, Here[]>();
  /** Rows here that a row of the import was recognised as. */
  readonly #taken = new Set<string>();

  constructor(
    private readonly driver: SqlDriver,
    private readonly table: Table,
  ) {}

  /** A row of the session is called the same in both memories. */
  noteKnown(session: number, uid: string): void {
    this.#load(session);
    this.#taken.add(uid);
  }

  /** The import itself has added a row, which is none to be recognised. */
  noteAdded(session: number, uid: string): void {
    if (this.#session.startsWith(`${session}:`)) this.#session = `${session}:${this.#nextOf(session)}`;
    this.#taken.add(uid);
  }

  #nextOf(session: number): number {
    return (
      this.driver.get<{ next: number }>('SELECT next_sequence AS next FROM sessions WHERE no = ?', [session])?.next ?? 0
    );
  }

  find(session: number, look: RowLook): string | undefined {
    this.#load(session);
    const open = (this.#rows.get(keyOf(look)) ?? []).filter(({ uid }) => !this.#taken.has(uid));
    const wanted = withoutMarkHashes(look.text);
    const column = this.table === 'prompts' ? 'content' : 'input';
    const same = open.find(
      ({ id }) =>
        withoutMarkHashes(
          this.driver.get<{ text: string }>(`SELECT ${column} AS text FROM ${this.table} WHERE id = ?`, [id])?.text ??
            '',
        ) === wanted,
    );
    // Rules of redaction differ between memories: the only line of this time is the same whatever was replaced in it.
    const native = open.filter(({ isImported }) => !isImported);
    const found = same ?? (look.at > 0 && native.length === 1 ? native[0] : undefined);
    if (found) this.#taken.add(found.uid);
    return found?.uid;
  }

  /** Rows come session by session, so those of one are kept. */
  #load(session: number): void {
    const state = `${session}:${this.#nextOf(session)}`;
    if (state === this.#session) return;
    if (!this.#session.startsWith(`${session}:`)) this.#taken.clear();
    this.#session = state;
    this.#rows = new Map();
    const name = this.table === 'prompts' ? 'prompt_type' : 'source_tool';
    this.driver.each(
      `SELECT r.id, r.uid, r.created_at, r.${name}, r.agent_id, i.uid IS NOT NULL FROM ${this.table} r
        LEFT JOIN imported_rows i ON i.uid = r.uid
        WHERE r.session = ?1 OR r.id IN (SELECT ${this.table === 'prompts' ? 'prompt_id' : 'observation_id'} FROM copies
          WHERE session = ?1)`,
      [session],
      ([id, uid, at, sort, agentId, isImported]) => {
        const key = keyOf({ at: at as number, sort: sort as string, agentId: agentId as string | null });
        const rows = this.#rows.get(key) ?? [];
        rows.push({ id: id as number, uid: uid as string, isImported: isImported === 1 });
        this.#rows.set(key, rows);
      },
    );
  }
}

const keyOf = ({ at, sort, agentId }: Omit<RowLook, 'text'>): string => `${at} ${sort} ${agentId ?? ''}`;
