/** Counts the proposals that came since the person last looked at them, for the badge in the activity bar. */
import { window } from 'vscode';
import type { Disposable, Memento } from 'vscode';
import { proposalsSeenKey } from '../contributions';
import type { MemorySession } from '../memory-session';

interface CountPorts {
  memory: Pick<MemorySession, 'client' | 'connection' | 'onChanged' | 'onConnection'>;
  /** State of the person, for all windows. */
  state: Pick<Memento, 'get' | 'update'>;
  /** Called with every new number. */
  show: (count: number) => void;
}

/** While sessions are read, learnings change many times a second; the keeper is asked at most this often. */
export const askEveryMs = 3_000;

export class NewProposalsCount implements Disposable {
  readonly #disposables: Disposable[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isAsked = false;
  /** The person looks at the proposals, and how far they have seen is not noted yet. */
  #isLooking = false;
  #isDisposed = false;

  constructor(private readonly ports: CountPorts) {
    const { memory } = ports;
    this.#disposables = [
      memory.onChanged((event) => (event.learnings || event.isReset) && this.#plan()),
      memory.onConnection(({ isConnected }) => isConnected && this.#plan()),
      // The person may have looked in another window meanwhile.
      window.onDidChangeWindowState(({ focused }) => focused && this.#plan()),
    ];
  }

  /** The proposals are on the screen: all that are there now are seen. */
  seen(): void {
    this.#isLooking = true;
    // At once, because the badge would stay beside what it counts until the keeper has answered.
    this.ports.show(0);
    this.#plan();
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** Asks now, and again after the pause when this was called meanwhile. */
  #plan(): void {
    this.#isAsked = true;
    if (this.#timer === undefined && !this.#isDisposed) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#isAsked = false;
    // Begins before the answer, so that a slow keeper is not asked twice.
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isAsked) this.#plan();
    }, askEveryMs);
    const { memory, state, show } = this.ports;
    // Starting a keeper is not the business of a number: `onConnection` comes when there is one.
    if (!memory.connection.isConnected) return;
    const isLooking = this.#isLooking;
    this.#isLooking = false;
    try {
      const known = state.get<number>(proposalsSeenKey, 0);
      const { count, newest } = await (await memory.client()).newProposals(known);
      if (this.#isDisposed) return;
      // A last number below the known one is of a memory that was deleted or restored: counting begins there.
      if (isLooking ? newest !== known : newest < known) await state.update(proposalsSeenKey, newest);
      show(isLooking || this.#isLooking ? 0 : count);
    } catch {
      // The number stays as it was; the next change or connection asks again.
      this.#isLooking ||= isLooking;
    }
  }
}
