/** Above lines that one turn wrote: what was asked. Off by default, since it puts lines between those of the file. */
import { CodeLens, Disposable, EventEmitter, Range, languages } from 'vscode';
import type { CancellationToken, CodeLensProvider, TextDocument } from 'vscode';
import type { WroteLines } from '../../protocol/why';
import { maxWhyLines } from '../../protocol/why-limits';
import { commandIds } from '../contributions';
import { logError } from '../log';
import type { Parts } from '../parts';
import { lensTitle } from './text';

/** Lines of a file that are asked about: below them there are no lenses. */
const maxLines = 4 * maxWhyLines;
/** Lines of one turn, one below the other, that are worth a line of their own. */
const fewest = 3;
/** Between two lines of one turn there may be so many of others. */
const gap = 2;

class WhyLenses implements CodeLensProvider, Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: Disposable;
  #hasLenses = false;
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(private readonly parts: Parts) {
    const { memory, whys } = parts;
    // Drawn anew, a line of another provider loses a click that is under way: so only when there are any of ours.
    const redraw = () => {
      if (whys.isLensed || this.#hasLenses) this.#changed.fire();
    };
    this.#subscriptions = Disposable.from(
      this.#changed,
      memory.onWindowChanged(redraw),
      memory.onConnection(({ isConnected }) => void (isConnected && redraw())),
    );
  }

  async provideCodeLenses(document: TextDocument, token: CancellationToken): Promise<CodeLens[]> {
    const { whys, log } = this.parts;
    this.#hasLenses = whys.isLensed;
    if (!whys.isLensed) return [];
    const lenses: CodeLens[] = [];
    try {
      const end = Math.min(document.lineCount, maxLines);
      for (let from = 0; from < end && !token.isCancellationRequested; from += maxWhyLines) {
        // oxlint-disable-next-line no-await-in-loop -- one question at a time, so that other work of the keeper gets through
        const known = await whys.quietly(document, { from, to: Math.min(end, from + maxWhyLines) - 1 });
        lenses.push(...(known?.why.turns ?? []).flatMap((turn) => lensesOf(document, turn)));
      }
    } catch (error) {
      logError(log, 'asking who wrote a file', error);
    }
    return token.isCancellationRequested ? [] : lenses;
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}

function lensesOf({ uri }: TextDocument, turn: WroteLines): CodeLens[] {
  return runsOf(turn.lines).map(
    ([from, to]) =>
      new CodeLens(new Range(from, 0, from, 0), {
        title: lensTitle(turn),
        command: commandIds.whyHere,
        arguments: [uri, { from, to }],
      }),
  );
}

function runsOf(lines: readonly number[]): [from: number, to: number][] {
  const runs: { from: number; to: number; count: number }[] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last && line - last.to <= gap + 1) {
      last.to = line;
      last.count++;
    } else runs.push({ from: line, to: line, count: 1 });
  }
  return runs.filter(({ count }) => count >= fewest).map(({ from, to }) => [from, to]);
}

export function offerWhyLenses(parts: Parts): Disposable {
  const lenses = new WhyLenses(parts);
  return Disposable.from(lenses, languages.registerCodeLensProvider({ scheme: 'file' }, lenses));
}
