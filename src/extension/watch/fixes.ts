/** What can be done where a file contradicts a decision: follow it, say that it no longer holds, or that it does not apply. */
import { CodeAction, CodeActionKind, Range, WorkspaceEdit, l10n, languages } from 'vscode';
import type { CodeActionProvider, Disposable, TextDocument } from 'vscode';
import type { Contradiction } from '../../protocol/watch';
import { commandIds } from '../contributions';
import type { Parts } from '../parts';
import { followTitle } from './text';
import type { DecisionAct } from './use';
import { rangeOf } from './watcher';

class DecisionFixes implements CodeActionProvider {
  constructor(private readonly parts: Parts) {}

  provideCodeActions(document: TextDocument, range: Range): CodeAction[] {
    const here = this.parts.decisions
      .at(document.uri)
      .filter((each) => rangeOf(each).intersection(range) !== undefined && stillStands(document, each));
    return here.flatMap((each) => actionsFor(document, each));
  }
}

export const offerDecisionFixes = (parts: Parts): Disposable =>
  languages.registerCodeActionsProvider({ scheme: 'file' }, new DecisionFixes(parts), {
    providedCodeActionKinds: [CodeActionKind.QuickFix],
  });

/** Lines may have moved since it was looked at. */
const stillStands = (document: TextDocument, { line, to }: Contradiction): boolean =>
  line < document.lineCount && to <= document.lineAt(line).text.length;

function actionsFor(document: TextDocument, found: Contradiction): CodeAction[] {
  const { watch, follow, line } = found;
  const act = (title: string, what: DecisionAct): CodeAction => {
    const action = new CodeAction(title, CodeActionKind.QuickFix);
    action.command = {
      title,
      command: commandIds.useDecision,
      arguments: [what, watch.id, document.uri.fsPath, document.lineAt(line).text],
    };
    return action;
  };
  const actions = [
    act(l10n.t('Superseded Because…'), 'supersede'),
    act(l10n.t('Not Applicable Here'), 'line'),
    act(l10n.t('Not Applicable in This File'), 'file'),
    act(l10n.t('Show the Decision'), 'show'),
  ];
  if (!follow) return actions;
  const first = new CodeAction(followTitle(watch.predicate), CodeActionKind.QuickFix);
  first.edit = new WorkspaceEdit();
  first.edit.replace(document.uri, new Range(follow.line, follow.from, follow.toLine, follow.to), follow.text);
  first.isPreferred = true;
  return [first, ...actions];
}
