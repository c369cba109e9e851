/** A light bulb and a hover at a problem that was fixed before. Silent unless the memory is sure. */
import { CodeAction, CodeActionKind, Disposable, Hover, MarkdownString, languages } from 'vscode';
import type { CodeActionContext, CodeActionProvider, HoverProvider, Position, Range, TextDocument } from 'vscode';
import type { CancellationToken, Diagnostic } from 'vscode';
import { commandIds } from '../contributions';
import { logError } from '../log';
import type { Parts } from '../parts';
import { isProblem, problemsAt, standingOf, wishOf } from './known-fixes';
import { hoverText, lampTitle } from './text';

/** Problems at one place that are asked about. */
const maxProblems = 3;

class Lamps implements CodeActionProvider, HoverProvider {
  constructor(private readonly parts: Parts) {}

  async provideCodeActions(
    document: TextDocument,
    _range: Range,
    { diagnostics }: CodeActionContext,
    token: CancellationToken,
  ): Promise<CodeAction[]> {
    const found = await this.#fixesFor(document, diagnostics);
    if (token.isCancellationRequested) return [];
    return found.flatMap(({ diagnostic, wish, fixes }) =>
      fixes.map((fix) => {
        const action = new CodeAction(lampTitle(fix), CodeActionKind.QuickFix);
        action.diagnostics = [diagnostic];
        action.command = { title: action.title, command: commandIds.usePastFix, arguments: [wish, fix.id] };
        return action;
      }),
    );
  }

  async provideHover(document: TextDocument, position: Position, token: CancellationToken): Promise<Hover | undefined> {
    const [found] = await this.#fixesFor(document, problemsAt(document, position));
    const [fix] = found?.fixes ?? [];
    if (!found || !fix || token.isCancellationRequested) return undefined;
    const standing = await standingOf(fix).catch(() => undefined);
    const link = `command:${commandIds.usePastFix}?${encodeURIComponent(JSON.stringify([found.wish, fix.id]))}`;
    const text = new MarkdownString(hoverText(fix, standing, link), true);
    text.isTrusted = { enabledCommands: [commandIds.usePastFix] };
    return new Hover(text, found.diagnostic.range);
  }

  async #fixesFor(document: TextDocument, diagnostics: readonly Diagnostic[]) {
    const asked = diagnostics.filter(isProblem).slice(0, maxProblems);
    return Promise.all(
      asked.map(async (diagnostic) => {
        const wish = wishOf(diagnostic, document);
        try {
          return { diagnostic, wish, fixes: await this.parts.fixes.quietly(wish) };
        } catch (error) {
          logError(this.parts.log, 'asking for past fixes', error);
          return { diagnostic, wish, fixes: [] };
        }
      }),
    ).then((found) => found.filter(({ fixes }) => fixes.length > 0));
  }
}

export function offerPastFixes(parts: Parts): Disposable {
  const lamps = new Lamps(parts);
  const files = [{ scheme: 'file' }, { scheme: 'untitled' }];
  return Disposable.from(
    languages.registerCodeActionsProvider(files, lamps, { providedCodeActionKinds: [CodeActionKind.QuickFix] }),
    languages.registerHoverProvider(files, lamps),
  );
}
