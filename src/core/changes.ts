/** Reports changes: to the caches of search at once, to the heads a few times a second. */
import type { MemoryEventName, MemoryEvents } from '../protocol/memory-api';
import type { SessionId } from '../protocol/model';
import type { Timers } from './lib/timers';
import type { Finder } from './search/finder';

export type Emit = <Name extends MemoryEventName>(name: Name, event: MemoryEvents[Name]) => void;

/** An import writes thousands of rows a second, so rows are reported at most this often. */
export const tellMs = 200;
/** With more sessions than this, "anything" is reported. */
const maxTold = 50;

export class Changes {
  readonly #touched = new Set<SessionId>();
  readonly #tellSoon: () => void;

  constructor(
    private readonly finder: Finder,
    timers: Timers,
    private readonly emit: Emit,
  ) {
    this.#tellSoon = timers.throttled(tellMs, () => this.flush());
  }

  readonly tell = (event: Partial<MemoryEvents['changed']>): void => {
    this.finder.invalidate(event.isReset ?? false);
    this.emit('changed', { sessions: [], learnings: false, isReset: false, ...event });
  };

  /** Rows of a session were written; reported together with those of others. */
  note(id: SessionId): void {
    this.#touched.add(id);
    this.#tellSoon();
  }

  /** A session is called differently. */
  renamed(id: SessionId): void {
    this.finder.renew([id]);
    this.tell({ sessions: [id], marks: true });
  }

  /** Reports all waiting changes now. */
  flush(): void {
    if (this.#touched.size === 0) return;
    const sessions = [...this.#touched];
    this.#touched.clear();
    this.finder.renew(sessions);
    this.tell({ sessions: sessions.length > maxTold ? [] : sessions });
  }
}
