/** Search in a Quick Pick, by keyboard only. */
import { QuickPickItemKind, ThemeIcon, l10n } from 'vscode';
import type { QuickInputButton, QuickPickItem } from 'vscode';
import type { SearchOrder } from '../../protocol/questions/search';
import { foundWords, identityOf } from '../../protocol/search-hit';
import type { SearchHit } from '../../protocol/search-hit';
import { searchOrderKey } from '../contributions';
import { copyContext } from '../insert/copy';
import { insertMemory } from '../insert/insert';
import { logError } from '../log';
import type { Parts } from '../parts';
import { closePreviews, previewMemory } from '../session/documents';
import { openNote } from '../session/open';
import type { EnterAction } from '../settings';
import { createRowButtons, hitItem, problemRow, projectNames, sessionItem } from './items';
import type { HitItem, NameOf, ProblemItem, SessionItem } from './items';
import { showLivePick } from './live-pick';

type Row = HitItem | SessionItem;

interface Wish {
  title: string;
  placeholder: string;
  /** What Enter does with a hit. */
  enter: EnterAction;
}

export async function pickMemory(parts: Parts, { title, placeholder, enter }: Wish): Promise<void> {
  const rowButtons = createRowButtons();
  let names: Promise<NameOf> | undefined;
  const named = async () => (names ??= projectNames(await parts.memory.client()));
  const preview = createPreview(parts);
  let isEverywhere = parts.memory.settings.defaultScope === 'all' || parts.memory.scopeOf(false) === undefined;
  const scopeButton = (): QuickInputButton =>
    isEverywhere
      ? { iconPath: new ThemeIcon('globe'), tooltip: l10n.t('All projects. Click for this workspace only.') }
      : { iconPath: new ThemeIcon('folder'), tooltip: l10n.t('This workspace. Click for all projects.') };
  let scope = scopeButton();
  const perform = (hit: SearchHit, action: EnterAction) => performOn(parts, hit, action);
  await showLivePick<Row>({
    title,
    placeholder,
    buttons: [scope, preview.button],
    find: async (text, signal, show) => {
      const nameOf = await named();
      return text === ''
        ? recent(parts, isEverywhere, enter, nameOf, signal)
        : found(parts, text, isEverywhere, (hit) => hitItem(hit, rowButtons, nameOf), signal, show);
    },
    keyOf: (row) => ('hit' in row ? row.hit.key : `session:${row.session.id}`),
    isItem: (row): row is Row => 'hit' in row || 'session' in row,
    replace: (row) => ('mended' in row ? (row as ProblemItem).mended : undefined),
    accept: (row) => ('hit' in row ? perform(row.hit, enter) : parts.readers.open({ sessionId: row.session.id })),
    press: async (row, button) => {
      if ('hit' in row)
        await perform(row.hit, button === rowButtons.insert ? 'insert' : button === rowButtons.copy ? 'copy' : 'open');
    },
    toggle: (button, pick) => {
      if (button === preview.button) preview.toggle();
      else isEverywhere = !isEverywhere;
      scope = scopeButton();
      pick.setButtons([scope, preview.button]);
      if (button === preview.button) pick.active();
      else pick.refresh();
    },
    look: (row) => preview.look(row && 'hit' in row ? row.hit : undefined),
    close: preview.close,
  });
}

async function found(
  parts: Parts,
  text: string,
  isEverywhere: boolean,
  itemOf: (hit: SearchHit) => HitItem,
  signal: AbortSignal,
  show: (rows: readonly (Row | QuickPickItem)[]) => void,
): Promise<(Row | QuickPickItem)[]> {
  const client = await parts.memory.client();
  parts.memory.noteStep('hasSearched');
  // The same order as in the view.
  const order = parts.extension.globalState.get<SearchOrder>(searchOrderKey);
  const ask = (isAll: boolean, roads: 'words' | 'all' = 'words') => {
    const scope = parts.memory.scopeOf(isAll);
    return client.search({ text, limit: 30, isTyping: true, roads, ...order, ...(scope && { scope }) }, signal);
  };
  const here = await ask(isEverywhere);
  const problems = here.problems.map((problem) => problemRow(problem, text));
  if (here.hits.length > 0) {
    const rows = [...problems, ...here.hits.map((hit) => itemOf(hit))];
    if (!here.canRefine) return rows;
    // Hits by words are shown first; what only meaning found is added below.
    show(rows);
    const known = new Set(here.hits.map(identityOf));
    const refined = await ask(isEverywhere, 'all').catch(() => here);
    return [...rows, ...refined.hits.filter((hit) => !known.has(identityOf(hit))).map((hit) => itemOf(hit))];
  }
  const elsewhere = isEverywhere && !here.canRefine ? here : await ask(true, 'all');
  if (elsewhere.hits.length === 0)
    return [...problems, { label: `$(info) ${l10n.t('Nothing found. Try fewer or other words.')}`, alwaysShow: true }];
  return [...problems, separator(l10n.t('All projects')), ...elsewhere.hits.map((hit) => itemOf(hit))];
}

/**
 * Rows before the first letter is typed. Recent sessions have no single text to insert or copy, so they are shown only
 * when Enter opens.
 */
async function recent(
  parts: Parts,
  isEverywhere: boolean,
  enter: EnterAction,
  nameOf: NameOf,
  signal: AbortSignal,
): Promise<(Row | QuickPickItem)[]> {
  if (enter !== 'open') return [];
  const client = await parts.memory.client();
  const scope = parts.memory.scopeOf(isEverywhere);
  const here = scope ? (await client.listSessions({ limit: 20, scope }, signal)).items : [];
  if (here.length > 0) return [separator(l10n.t('Recent')), ...here.map((each) => sessionItem(each, nameOf))];
  const { items } = await client.listSessions({ limit: 20 }, signal);
  return items.length === 0
    ? []
    : [separator(l10n.t('All projects')), ...items.map((each) => sessionItem(each, nameOf))];
}

async function performOn(parts: Parts, hit: SearchHit, action: EnterAction): Promise<void> {
  if (action === 'insert') await insertMemory(parts, hit.key);
  else if (action === 'copy') await copyContext(parts, hit.key);
  else if (hit.kind === 'note') await openNote(parts, hit.key, hit.line);
  else if (hit.kind === 'learning') await parts.view.show('show', { tab: 'learnings', query: hit.title });
  else await parts.readers.open({ sessionId: hit.sessionId, key: hit.key, turn: hit.turn, words: foundWords(hit) });
}

interface Preview {
  button: QuickInputButton;
  toggle: () => void;
  look: (hit: SearchHit | undefined) => void;
  close: () => void;
}

/** Shows the text of the active row in a preview editor behind the pick. */
function createPreview({ log }: Parts): Preview {
  let isOn = false;
  const note = (error: unknown) => logError(log, 'preview', error);
  return {
    button: { iconPath: new ThemeIcon('open-preview'), tooltip: l10n.t('Preview the Selected Result') },
    toggle: () => (isOn = !isOn),
    look: (hit) => {
      if (isOn && hit) previewMemory(hit.key, hit.title).catch(note);
    },
    close: () => {
      if (isOn) closePreviews().catch(note);
      isOn = false;
    },
  };
}

function separator(label: string): QuickPickItem {
  return { label, kind: QuickPickItemKind.Separator };
}
