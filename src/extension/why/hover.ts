/** A hover that says who wrote a line: after the command, and at every rest of the mouse when a person wants that. */
import { Hover, MarkdownString, Range, languages } from 'vscode';
import type { CancellationToken, Disposable, HoverProvider, Position, TextDocument } from 'vscode';
import { commandIds } from '../contributions';
import { logError } from '../log';
import type { Parts } from '../parts';
import { whySchemes } from './known-whys';
import type { KnownWhy } from './known-whys';
import { whyHover } from './text';

class WhyHovers implements HoverProvider {
  constructor(private readonly parts: Parts) {}

  async provideHover(document: TextDocument, position: Position, token: CancellationToken): Promise<Hover | undefined> {
    const { whys, log } = this.parts;
    const { line } = position;
    if (!whys.isOn) return undefined;
    const kept = whys.around(document, line);
    if (kept) return hoverOf(kept);
    if (!whys.isHovering || document.lineAt(line).isEmptyOrWhitespace) return undefined;
    try {
      const known = await whys.quietly(document, { from: line, to: line });
      // By itself it speaks only when it knows.
      return known && known.why.turns.length > 0 && !token.isCancellationRequested ? hoverOf(known) : undefined;
    } catch (error) {
      logError(log, 'asking who wrote a line', error);
      return undefined;
    }
  }
}

function hoverOf({ id, why, from, to }: KnownWhy): Hover {
  const link = (...args: unknown[]) =>
    `command:${commandIds.useWhy}?${encodeURIComponent(JSON.stringify([id, ...args]))}`;
  const text = new MarkdownString(whyHover(why, to - from + 1, link), true);
  text.isTrusted = { enabledCommands: [commandIds.useWhy] };
  return new Hover(text, new Range(from, 0, to, Number.MAX_SAFE_INTEGER));
}

export const offerWhyHovers = (parts: Parts): Disposable =>
  languages.registerHoverProvider(
    whySchemes.map((scheme) => ({ scheme })),
    new WhyHovers(parts),
  );
