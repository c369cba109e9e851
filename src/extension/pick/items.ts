/** Rows of the Quick Picks: label, place and snippet of a hit. */
import { ThemeIcon, env, l10n } from 'vscode';
import type { QuickInputButton, QuickPickItem } from 'vscode';
import type { MemoryApi } from '../../protocol/memory-api';
import type { ProjectInfo, ProjectRef, SessionCard } from '../../protocol/model';
import { projectLabels } from '../../protocol/project-names';
import type { QueryProblem, SearchHit } from '../../protocol/search-hit';
import { formatAgo, formatCount, plain, titleLine } from '../format';

export interface HitItem extends QuickPickItem {
  hit: SearchHit;
}
export interface SessionItem extends QuickPickItem {
  session: SessionCard;
}
export interface ProjectItem extends QuickPickItem {
  project: ProjectInfo;
}

/** What a project is called: two of one name are told apart, as in the view. */
export type NameOf = (project: Pick<ProjectRef, 'id' | 'name'>) => string;

export async function projectNames(client: Pick<MemoryApi, 'projects'>): Promise<NameOf> {
  // Names alone will do where this fails: the rows are what was asked for.
  const labels = projectLabels(await client.projects().catch(() => []));
  return ({ id, name }) => labels.get(id) ?? name;
}

/** Buttons at the end of a row. They are compared by identity, so each exists once. */
export interface RowButtons {
  insert: QuickInputButton;
  copy: QuickInputButton;
  open: QuickInputButton;
}

export function createRowButtons(): RowButtons {
  return {
    insert: { iconPath: new ThemeIcon('insert'), tooltip: l10n.t('Insert at Cursor') },
    copy: { iconPath: new ThemeIcon('copy'), tooltip: l10n.t('Copy as Context') },
    open: { iconPath: new ThemeIcon('go-to-file'), tooltip: l10n.t('Open') },
  };
}

export function hitItem(hit: SearchHit, buttons: RowButtons, nameOf: NameOf): HitItem {
  return {
    hit,
    label: `$(${iconOf(hit)}) ${plain(titleLine(hit.title, 100))}`,
    description: plain(
      placeAndTime([...(hit.kind === 'note' ? [hit.file] : []), hit.project ? nameOf(hit.project) : ''], hit.at),
    ),
    detail: plain(titleLine(hit.snippet, 240)),
    buttons: [buttons.insert, buttons.copy, buttons.open],
    // The keeper did the search; the editor's own filter would hide hits with other spellings.
    alwaysShow: true,
  };
}

/** A part of the query that was not understood, or that hides much, shown above the results. */
export interface ProblemItem extends QuickPickItem {
  /** The query with what was probably meant; choosing the row searches for it. */
  mended: string | undefined;
}

export function problemRow(problem: QueryProblem, query: string): ProblemItem {
  const { start, end, hint } = problem;
  return {
    mended: hint === undefined ? undefined : query.slice(0, start) + hint + query.slice(end),
    label: `$(warning) ${plain(explainProblem(problem))}`,
    ...(hint !== undefined && {
      description: plain(
        problem.code === 'excluded' ? l10n.t('Take it as a word: {0}', hint) : l10n.t('Did you mean {0}?', hint),
      ),
    }),
    alwaysShow: true,
  };
}

function explainProblem({ code, filter = '', value = '', count = 0, of = 0, message }: QueryProblem): string {
  switch (code) {
    case 'unknown_filter':
      return l10n.t('There is no filter "{0}:"; it was taken as a word.', value);
    case 'bad_date':
      return l10n.t('"{0}" is not a date. Try 2026-01-31, 2026-01, yesterday, 7d or "last week".', value);
    case 'unclosed_quote':
      return l10n.t('A quote is not closed.');
    case 'empty_value':
      return l10n.t('"{0}:" needs a value.', filter);
    case 'unknown_value':
      return l10n.t('Nothing here has {0}; it was left out.', `${filter}:${value}`);
    case 'excluded':
      return l10n.t(
        '"-{0}" left out {1} of {2} sessions.',
        value,
        formatCount(count, env.language),
        formatCount(of, env.language),
      );
    case 'too_long':
      return l10n.t('Only the first {0} letters of this query are searched.', formatCount(count, env.language));
    default:
      return message;
  }
}

export function sessionItem(session: SessionCard, nameOf: NameOf): SessionItem {
  const prompts =
    session.prompts === 1 ? l10n.t('1 prompt') : l10n.t('{0} prompts', formatCount(session.prompts, env.language));
  return {
    session,
    label: `$(${session.isLive ? 'record' : 'history'}) ${plain(titleLine(session.title, 100))}`,
    description: plain(`${placeAndTime([nameOf(session.project)], session.updatedAt)} · ${prompts}`),
    ...(session.firstPrompt !== '' &&
      session.firstPrompt !== session.title && { detail: plain(titleLine(session.firstPrompt, 200)) }),
    alwaysShow: true,
  };
}

export function projectItem(project: ProjectInfo): ProjectItem {
  const sessions = l10n.t('Sessions: {0}', formatCount(project.sessions, env.language));
  return {
    project,
    label: `$(folder) ${plain(project.name)}`,
    description: plain(`${sessions} · ${formatAgo(project.lastAt, Date.now(), env.language)}`),
    // With the folders it had: a person may look for one of them.
    detail: plain([project, ...(project.joined ?? [])].map(({ root }) => root).join(' ← ')),
  };
}

function iconOf(hit: SearchHit): string {
  if (hit.kind === 'learning') return 'lightbulb';
  if (hit.kind === 'note') return 'book';
  if (hit.kind === 'session') return 'history';
  if (hit.kind === 'tool') return hit.type === 'error' ? 'error' : 'tools';
  return hit.role === 'user' ? 'comment' : 'sparkle';
}

function placeAndTime(places: readonly string[], at: number): string {
  return [...places, formatAgo(at, Date.now(), env.language)].filter((part) => part !== '').join(' · ');
}
