/** Everything that answers a search, with its state in memory: both indexes, the road of meaning, completions. */
import type { SessionId } from '../../protocol/model';
import type { SearchQuery } from '../../protocol/questions/search';
import type { SearchHit, SearchResult, Suggestion } from '../../protocol/search-hit';
import type { DocumentColumns } from '../index/columns';
import { Completer } from '../index/complete';
import { FullText } from '../index/full-text';
import { HotSet, maxHotRows } from '../index/hotset';
import { breathe } from '../lib/turns';
import { MeaningRoad } from '../meaning/road';
import type { RoadPorts } from '../meaning/road';
import { hotRowIds, hotRowsOf, hotRowsOfSession } from '../store/tables/hot-rows';
import { moreInSession } from './in-session';
import { recall } from './recall';
import { Merits } from './rerank';

/** A longer text is not completed, because accepting a completion replaces the whole text. */
const maxCompletedLength = 200;
/** Longest slice of filling the hot set, and rows put before the clock is asked. */
const sliceMs = 20;
const rowsAtOnce = 50;

type Later = (ms: number, work: () => void) => void;

export class Finder {
  readonly index: FullText;
  readonly road: MeaningRoad;
  readonly merits: Merits;
  readonly #completer: Completer;
  readonly #hot = new HotSet();
  /** The running filling of the hot set. */
  #filling = {};

  constructor(private readonly ports: Omit<RoadPorts, 'index'>) {
    const { driver, elapsed } = ports;
    this.index = new FullText(
      driver,
      (term) => this.#hot.correct(term),
      undefined,
      (term) => this.#hot.wordOf(term),
    );
    this.road = new MeaningRoad({ ...ports, index: this.index });
    this.merits = new Merits(driver);
    this.#completer = new Completer(driver, () => this.columns(), elapsed);
  }

  /** The columns, up to date with the database. */
  columns(): DocumentColumns {
    return this.index.columns();
  }

  async search(
    query: SearchQuery,
    projectIds: readonly number[] | undefined,
    signal?: AbortSignal,
  ): Promise<SearchResult> {
    const { driver, clock, elapsed } = this.ports;
    // Lets a cancellation by a newer keystroke arrive before the work begins.
    await breathe();
    signal?.throwIfAborted();
    const { index, road, merits } = this;
    return recall(
      { driver, index, road, merits, clock: { now: () => clock.now(), elapsed } },
      query,
      projectIds,
      signal,
    );
  }

  async moreInSession(
    query: SearchQuery,
    id: SessionId,
    projectIds: readonly number[] | undefined,
  ): Promise<SearchHit[]> {
    await breathe();
    const { driver, clock } = this.ports;
    return moreInSession({ driver, index: this.index, clock }, query, id, projectIds);
  }

  suggest(text: string, projectIds: readonly number[] | undefined): Suggestion[] {
    if (text.length > maxCompletedLength) return [];
    const pieces = this.#completer.complete(text, projectIds);
    return [...this.#completer.searches(text), ...pieces, ...this.#hot.suggest(text)];
  }

  /** These sessions have new rows. */
  renew(sessions: readonly SessionId[]): void {
    for (const id of sessions) this.#hot.put(hotRowsOfSession(this.ports.driver, id));
  }

  /** The database changed; after a reset nothing that was read before may be used. */
  invalidate(isReset: boolean): void {
    this.index.invalidate(isReset);
    this.road.invalidate(isReset);
    this.merits.invalidate();
    if (isReset) this.#completer.clear();
  }

  /**
   * Fills the hot set again, in slices, so that requests are answered in between. What was in it is gone at once; the
   * texts are read slice by slice, so nothing comes back that is forgotten meanwhile.
   */
  refill(later: Later): void {
    const { driver, elapsed } = this.ports;
    this.#hot.clear();
    const ids = hotRowIds(driver, maxHotRows);
    const filling = (this.#filling = {});
    let done = 0;
    const slice = () => {
      // The next one has begun from an empty set.
      if (filling !== this.#filling) return;
      const until = elapsed() + sliceMs;
      do {
        this.#hot.put(hotRowsOf(driver, ids.slice(done, done + rowsAtOnce)));
        done += rowsAtOnce;
      } while (done < ids.length && elapsed() < until);
      if (done < ids.length) later(0, slice);
    };
    slice();
  }

  /** Reads the columns in slices, so that requests are answered in between. */
  warm(later: Later): void {
    if (!this.index.warm()) later(0, () => this.warm(later));
  }
}
