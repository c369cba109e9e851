/** What can be done with a fix that was found: chosen from a list, with a way back where something is kept. */
import { env, l10n, window } from 'vscode';
import type { QuickPickItem, TextEditor } from 'vscode';
import type { PastFix } from '../../protocol/past-fix';
import { fileName } from '../../protocol/paths';
import type { ErrorWish } from '../../protocol/questions/past-fixes';
import { sendBasket } from '../basket/send';
import { titleLine } from '../format';
import { cleanText } from '../insert/comment';
import { copyPlain } from '../insert/copy';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { openDiff } from '../session/documents';
import { problemsAt, standingOf, wishOf } from './known-fixes';
import { fixRow, standingLine } from './text';

interface Act extends QuickPickItem {
  run: () => Promise<void>;
}

const maxText = 20_000;
const noticeMs = 5_000;

/** From the palette: the selection, else the problem at the cursor, else what was copied. */
export async function pastFixes(parts: Parts): Promise<void> {
  const wish = wishHere(window.activeTextEditor) ?? { text: (await env.clipboard.readText()).slice(0, maxText) };
  if (wish.text.trim() === '') {
    void window.showInformationMessage(
      l10n.t('Select an error, put the cursor on a problem, or copy what a command put out.'),
    );
    return;
  }
  const fixes = await parts.fixes.find(wish);
  if (fixes.length > 0) {
    await choose(parts, wish, fixes);
    return;
  }
  const search = l10n.t('Search Instead');
  const chosen = await window.showInformationMessage(l10n.t('No fix in memory is surely one for this error.'), search);
  if (chosen === search) await parts.view.show('show', { tab: 'search', query: titleLine(wish.text, 200) });
}

/** From the light bulb or the hover. */
export async function usePastFix(parts: Parts, ...[wish, id]: unknown[]): Promise<void> {
  if (!isWish(wish)) return;
  const fixes = await parts.fixes.find(wish);
  const named = fixes.filter((fix) => fix.id === id);
  await choose(parts, wish, named.length > 0 ? named : fixes);
}

function wishHere(editor: TextEditor | undefined): ErrorWish | undefined {
  if (!editor) return undefined;
  const { document, selection } = editor;
  const selected = document.getText(selection).slice(0, maxText);
  if (selected.trim() !== '') return { text: selected, file: document.uri.fsPath };
  const [here] = problemsAt(document, selection.active);
  return here && wishOf(here, document);
}

async function choose(parts: Parts, wish: ErrorWish, fixes: readonly PastFix[]): Promise<void> {
  const [only] = fixes;
  if (!only) {
    void window.showInformationMessage(l10n.t('This fix is no longer in memory.'));
    return;
  }
  const fix = fixes.length === 1 ? only : await pickFix(fixes);
  if (!fix) return;
  const standing = standingLine(await standingOf(fix).catch(() => undefined));
  const act = await lasting(() =>
    window.showQuickPick(actsOf(parts, wish, fix), {
      title: l10n.t('Fixed Before: {0}', titleLine(fix.title, 60)),
      placeHolder: standing,
    }),
  );
  await act?.run();
}

async function pickFix(fixes: readonly PastFix[]): Promise<PastFix | undefined> {
  const rows = fixes.map((fix) => ({ ...fixRow(fix), fix }));
  const chosen = await lasting(() => window.showQuickPick(rows, { title: l10n.t('Past Fixes for This Error') }));
  return chosen?.fix;
}

function actsOf(parts: Parts, wish: ErrorWish, fix: PastFix): Act[] {
  const { sessionId, turn, edits } = fix;
  const added = edits.flatMap((edit) => edit.added);
  const keys = [...new Set(edits.map(({ key }) => key))];
  const addToBasket = () => parts.basket.add(keys.filter((key) => !parts.basket.keys.includes(key)));
  return [
    ...edits.map(({ key, index, file }) => ({
      label: `$(diff) ${l10n.t('Show the Edit')}`,
      description: fileName(file),
      run: () => openDiff(parts, key, index),
    })),
    {
      label: `$(history) ${l10n.t('Open the Session')}`,
      description: titleLine(fix.title, 60),
      run: () => parts.readers.open({ sessionId, key: keys[0]!, turn }),
    },
    ...(added.length > 0
      ? [
          {
            label: `$(insert) ${l10n.t('Insert Its Lines at the Cursor')}`,
            detail: titleLine(added.join('  '), 160),
            run: () => insertLines(parts, added),
          },
        ]
      : []),
    {
      label: `$(briefcase) ${l10n.t('Put into the Basket')}`,
      async run() {
        await addToBasket();
        window.setStatusBarMessage(l10n.t('$(check) In the basket'), noticeMs);
      },
    },
    {
      label: `$(sparkle) ${l10n.t('Send to Claude…')}`,
      detail: l10n.t('Puts it into the basket, which is sent as a whole.'),
      async run() {
        await addToBasket();
        await sendBasket(parts);
      },
    },
    {
      label: `$(circle-slash) ${l10n.t('Not the Same')}`,
      detail: l10n.t('This fix is not shown for this error again.'),
      run: () => refuse(parts, wish, fix.id),
    },
  ];
}

/** As they were, and one step to undo. */
async function insertLines(parts: Parts, lines: readonly string[]): Promise<void> {
  const text = cleanText(lines.join('\n'));
  const editor = await parts.editors.target();
  const isWritten = await editor?.edit(
    (edit) => {
      for (const selection of editor.selections) edit.replace(selection, text);
    },
    { undoStopBefore: true, undoStopAfter: true },
  );
  if (!isWritten) await copyPlain(text);
}

async function refuse({ memory, fixes }: Parts, wish: ErrorWish, id: string): Promise<void> {
  const set = async (isRefused: boolean) => {
    await (await memory.client()).refusePastFix(wish, id, isRefused);
    fixes.drop();
  };
  await set(true);
  const undo = l10n.t('Undo');
  // Not awaited: an open message would keep the command running.
  void window
    .showInformationMessage(l10n.t('This fix is not shown for this error again.'), undo)
    .then((chosen) => (chosen === undo ? set(false) : undefined));
}

const isWish = (wish: unknown): wish is ErrorWish =>
  typeof wish === 'object' && wish !== null && 'text' in wish && typeof wish.text === 'string';
