/** Shows two projects as one, and takes that back. */
import { env, l10n, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { ProjectInfo, ProjectJoin } from '../../protocol/model';
import { formatAgo, formatCount, plain, titleLine } from '../format';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { pickProject } from '../pick/session';
import { confirm } from './confirm';

const noticeMs = 5_000;

/** For a project that was renamed or moved, and that no file of git says so of. */
export async function joinProjects(parts: Parts): Promise<void> {
  const title = l10n.t('Join With Another Folder');
  const one = await pickProject(parts, title);
  const other = one && (await pickProject(parts, l10n.t('Join “{0}” With …', nameOf(one)), one.id));
  if (!one || !other) return;
  const client = await parts.memory.client();
  const { from, into } = await client.previewJoin(one.id, other.id);
  const isSure = await confirm(
    l10n.t('Show both as the project “{0}”?', nameOf(into)),
    [from, into].map(countLine).join('\n') +
      `\n\n${l10n.t(
        'They are listed, searched, counted and forgotten as one project in {0}. Nothing is moved: Undo Join takes it back.',
        into.root,
      )}`,
    l10n.t('Join'),
  );
  if (!isSure) return;
  const { id } = await client.joinProjects(one.id, other.id);
  const undo = l10n.t('Undo');
  const chosen = await window.showInformationMessage(
    l10n.t('Shown as “{0}” now. Sessions: {1}', nameOf(into), count(from.sessions + into.sessions)),
    undo,
  );
  if (chosen === undo) await takeBack(parts, id);
}

/** Lists the joins, also those that were found out. */
export async function undoJoin(parts: Parts): Promise<void> {
  const joins = await (await parts.memory.client()).projectJoins();
  if (joins.length === 0) {
    await window.showInformationMessage(l10n.t('No project is joined with another one.'));
    return;
  }
  const chosen = await lasting(() =>
    window.showQuickPick(joins.map(joinItem), {
      title: l10n.t('Undo Join'),
      placeHolder: l10n.t('Which two are shown as two again'),
      matchOnDescription: true,
      matchOnDetail: true,
    }),
  );
  if (chosen) await takeBack(parts, chosen.join.id);
}

async function takeBack({ memory }: Parts, id: number): Promise<void> {
  await (await memory.client()).undoJoin(id);
  window.setStatusBarMessage(l10n.t('$(check) Shown as two projects again'), noticeMs);
}

function joinItem(join: ProjectJoin): QuickPickItem & { join: ProjectJoin } {
  const { from, into, sessions, why, at } = join;
  const reason = why === 'moved' ? l10n.t('found out by its repository') : l10n.t('joined by you');
  return {
    join,
    label: `$(folder) ${plain(from.name)} → ${plain(into.name)}`,
    description: [l10n.t('Sessions: {0}', count(sessions)), reason, formatAgo(at, Date.now(), env.language)].join(
      ' · ',
    ),
    detail: plain(`${from.root} → ${into.root}`),
  };
}

const nameOf = ({ name }: ProjectInfo): string => titleLine(name, 60);
const count = (sessions: number): string => formatCount(sessions, env.language);
const countLine = ({ root, sessions }: ProjectInfo): string => l10n.t('{0} – sessions: {1}', root, count(sessions));
