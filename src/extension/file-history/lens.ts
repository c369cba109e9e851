/** A line above a file that says how many sessions changed it. Off by default: it is one more line in every file. */
import { CodeLens, EventEmitter, Range, env, l10n, languages } from 'vscode';
import type { CodeLensProvider, Disposable, TextDocument } from 'vscode';
import { commandIds } from '../contributions';
import { formatAgo } from '../format';
import { logError } from '../log';
import type { Parts } from '../parts';
import { editsOf, sessionsOf } from './history';

/** More are not counted: the line says "20+". */
const maxCounted = 20;

class FileLens extends CodeLens {
  constructor(readonly document: TextDocument) {
    super(new Range(0, 0, 0, 0));
  }
}

class FileLenses implements CodeLensProvider<FileLens>, Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: Disposable[];
  #isBusy = false;
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(private readonly parts: Parts) {
    const { memory } = parts;
    this.#subscriptions = [
      this.#changed,
      memory.onWindowChanged(() => this.#changed.fire()),
      memory.onConnection(({ isConnected }) => isConnected && this.#changed.fire()),
      // Drawn anew, a line loses a click that is under way, so only the end of an import draws it.
      memory.onCapture(({ phase }) => {
        if (phase === 'idle' && this.#isBusy) this.#changed.fire();
        this.#isBusy = phase !== 'idle';
      }),
    ];
  }

  provideCodeLenses(document: TextDocument): FileLens[] {
    return this.parts.memory.settings.fileLens ? [new FileLens(document)] : [];
  }

  /** Asked only for a lens that is on the screen. */
  async resolveCodeLens(lens: FileLens): Promise<FileLens> {
    lens.command = { title: '', command: '' };
    try {
      const edits = await editsOf(this.parts.memory, lens.document.uri, maxCounted);
      const [latest] = edits;
      if (latest)
        lens.command = {
          title: describe(sessionsOf(edits).length, latest.at),
          // Without arguments: the editor keeps them until it asks for lines anew, and until it has drawn those, a click finds
          // its command gone. A click has made this editor the active one.
          command: commandIds.showFileHistory,
        };
    } catch (error) {
      logError(this.parts.log, 'counting sessions of a file', error);
    }
    return lens;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function describe(count: number, at: number): string {
  const ago = formatAgo(at, Date.now(), env.language);
  if (count === 1) return l10n.t('$(history) Changed by 1 Claude session, {0}', ago);
  const shown = count >= maxCounted ? `${maxCounted}+` : String(count);
  return l10n.t('$(history) Changed by {0} Claude sessions, the last {1}', shown, ago);
}

export function offerFileLens(parts: Parts): Disposable {
  const lenses = new FileLenses(parts);
  const registration = languages.registerCodeLensProvider({ scheme: 'file' }, lenses);
  return {
    dispose() {
      registration.dispose();
      lenses.dispose();
    },
  };
}
