/** Everything that deletes from the memory, each after a confirmation that says what will be gone. */
import { ConfigurationTarget, l10n, window, workspace } from 'vscode';
import type { ProjectInfo, ProjectRef, SessionId } from '../../protocol/model';
import { settingIds } from '../contributions';
import { titleLine } from '../format';
import type { Parts } from '../parts';
import { dropPrints } from '../session/print';
import { confirm } from './confirm';
import { offerWayBack, readAgain, readAllAgain, showForgotten } from './forgotten';
import { expectNoLearnings } from './lost-learnings';

const noticeMs = 5_000;
/** Learnings, or folders, named in a question. */
const maxNamed = 5;

export async function forgetSession(parts: Parts, id: SessionId): Promise<void> {
  const { memory } = parts;
  const client = await memory.client();
  const [{ title }, quoting] = await Promise.all([client.getSession(id), client.quotingLearnings({ sessionId: id })]);
  const isSure = await confirm(
    l10n.t('Forget the session “{0}”?', titleLine(title, 80)),
    l10n.t(
      'Its prompts, answers and tool results are erased from Claude-Mem. Claude Code’s own transcript stays where it is and is not read again, unless you ask for it in Forgotten Sessions.',
    ) + tellQuoting(quoting),
    l10n.t('Forget Session'),
  );
  if (!isSure) return;
  await Promise.all([client.forgetSession(id), dropPrints(parts)]);
  // The card is gone from the list, so the way back is offered here.
  offerWayBack(parts, l10n.t('Session forgotten.'), l10n.t('Read Again'), () => readAgain(parts, [id]));
}

/** Asks once for all. What is forgotten before one fails stays forgotten; the error is shown. */
export async function forgetSessions(parts: Parts, ids: readonly SessionId[]): Promise<void> {
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) {
    await forgetSession(parts, only);
    return;
  }
  const client = await parts.memory.client();
  const quoting = await Promise.all(ids.map((sessionId) => client.quotingLearnings({ sessionId })));
  const isSure = await confirm(
    l10n.t('Forget {0} sessions?', ids.length),
    l10n.t(
      'Their prompts, answers and tool results are erased from Claude-Mem. Claude Code’s own transcripts stay where they are and are not read again, unless you ask for it in Forgotten Sessions.',
    ) + tellQuoting([...new Set(quoting.flat())]),
    l10n.t('Forget Sessions'),
  );
  if (!isSure) return;
  // oxlint-disable-next-line no-await-in-loop -- an error must stop the rest
  for (const id of ids) await client.forgetSession(id);
  await dropPrints(parts);
  offerWayBack(parts, l10n.t('Sessions forgotten: {0}', ids.length), l10n.t('Read Again'), () => readAgain(parts, ids));
}

export async function forgetProject(parts: Parts, { id, name, sessions, joined = [] }: ProjectInfo): Promise<void> {
  const { memory } = parts;
  const client = await memory.client();
  const quoting = await client.quotingLearnings({ projectId: id });
  const isSure = await confirm(
    l10n.t('Forget the project “{0}”?', titleLine(name, 80)),
    l10n.t(
      'All its sessions ({0}) are erased from Claude-Mem. Claude Code’s own transcripts stay where they are and are not read again, unless you ask for it in Forgotten Sessions.',
      sessions,
    ) +
      tellJoined(joined) +
      tellQuoting(quoting),
    l10n.t('Forget Project'),
  );
  if (!isSure) return;
  await Promise.all([client.forgetProject(id), dropPrints(parts)]);
  const told = l10n.t('The project “{0}” is forgotten.', titleLine(name, 80));
  offerWayBack(parts, told, l10n.t('Forgotten Sessions…'), () => showForgotten(parts));
}

/** What is shown as one is forgotten as one, so the folders it had are named. */
function tellJoined(joined: readonly ProjectRef[]): string {
  if (joined.length === 0) return '';
  const named = joined.slice(0, maxNamed).map(({ root }) => root);
  return `\n\n${l10n.t(
    'This includes the sessions of what is joined with it: {0}. Undo Join first if they should stay.',
    named.join(', ') + (joined.length > maxNamed ? ' …' : ''),
  )}`;
}

/** Accepted learnings are a person's own: they stay, so the question before forgetting names them. */
function tellQuoting(titles: readonly string[]): string {
  if (titles.length === 0) return '';
  const named = titles.slice(0, maxNamed).map((title) => `“${titleLine(title, 60)}”`);
  return `\n\n${l10n.t(
    'Learnings you accepted from it stay and may quote it ({0}): {1}. Delete them in Learnings if they should go too.',
    titles.length,
    named.join(', ') + (titles.length > maxNamed ? ' …' : ''),
  )}`;
}

export async function deleteEverything(parts: Parts): Promise<void> {
  const { memory } = parts;
  const { sessions, learnings } = await memory.status();
  const isSure = await confirm(
    l10n.t('Delete all memory?'),
    l10n.t(
      'Sessions: {0}, learnings: {1}. All are erased from this computer, with the search index, the archive and all backups. Learnings and archived transcripts are gone for good. Claude Code’s own transcripts stay where they are and are not read again unless you ask for it; new sessions will be read.',
      sessions,
      learnings,
    ),
    l10n.t('Delete All Memory'),
  );
  if (!isSure) return;
  await Promise.all([(await memory.client()).deleteEverything(), dropPrints(parts)]);
  await expectNoLearnings(parts);
  const told = l10n.t('All memory is deleted. New sessions will be remembered.');
  offerWayBack(parts, told, l10n.t('Read Again From Transcripts'), () => readAllAgain(parts));
}

/** Also turns the setting off; otherwise the archive would be filled again at once. */
export async function deleteArchive({ memory }: Parts): Promise<void> {
  const { archive } = await memory.status();
  const isSure = await confirm(
    l10n.t('Delete all archived transcripts?'),
    l10n.t(
      'Archived sessions: {0}. They can then not be restored or resumed once Claude Code has deleted its own files. What was made of them stays: timeline, search, learnings. Archiving is turned off. This cannot be undone.',
      archive.sessions,
    ),
    l10n.t('Delete and Turn Off'),
  );
  if (!isSure) return;
  await workspace.getConfiguration().update(settingIds.archive, false, ConfigurationTarget.Global);
  await (await memory.client()).deleteArchive();
  window.setStatusBarMessage(l10n.t('$(check) Archived transcripts deleted'), noticeMs);
}
