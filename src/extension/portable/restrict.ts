/** *Restrict Processing…*: a project, or everything, is read but not distilled, given or sent, until a day or sooner. */
import { env, l10n, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { mostRestrictedDays } from '../../protocol/portable';
import type { Restriction } from '../../protocol/portable';
import { titleLine } from '../format';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { pickProject } from '../pick/session';

const noticeMs = 6_000;
const dayMs = 86_400_000;

interface Choice extends QuickPickItem {
  run: () => Promise<string>;
}

/** Returns what was done as text; empty when nothing was. */
export async function restrictProcessing(parts: Parts): Promise<string> {
  const client = await parts.memory.client();
  const known = await client.restrictions();
  const choices: Choice[] = [
    ...known.map((restriction) => ({
      label: l10n.t('$(unlock) Lift: {0}', nameOf(restriction)),
      description: l10n.t('ends by itself on {0}', dayOf(restriction.until)),
      run: async () => {
        await client.liftRestriction(restriction.id);
        return l10n.t('Processing is no longer restricted: {0}', nameOf(restriction));
      },
    })),
    {
      label: l10n.t('$(folder) A project…'),
      run: async () => {
        const project = await pickProject(parts, l10n.t('Restrict Processing'));
        return project ? restrictFor(parts, project.id) : '';
      },
    },
    { label: l10n.t('$(database) Everything…'), run: () => restrictFor(parts) },
  ];
  const chosen = await lasting(() =>
    window.showQuickPick(choices, {
      title: l10n.t('Restrict Processing'),
      placeHolder: l10n.t('It is still read and found, but not distilled, given to Claude or sent'),
    }),
  );
  const done = (await chosen?.run()) ?? '';
  if (done !== '') window.setStatusBarMessage(`$(check) ${done}`, noticeMs);
  return done;
}

async function restrictFor(parts: Parts, projectId?: number): Promise<string> {
  const typed = await lasting(() =>
    window.showInputBox({
      title: l10n.t('Restrict Processing'),
      prompt: l10n.t('For how many days (1 to {0}); it ends by itself', mostRestrictedDays),
      value: '30',
      validateInput: (text) =>
        daysIn(text) === undefined ? l10n.t('A number from 1 to {0}', mostRestrictedDays) : null,
    }),
  );
  const days = daysIn(typed ?? '');
  if (days === undefined) return '';
  const client = await parts.memory.client();
  const all = await client.restrictProcessing(Date.now() + days * dayMs, projectId);
  const made = all.find(({ project }) => project?.id === projectId) ?? all.at(-1);
  return made ? l10n.t('Restricted until {0}: {1}', dayOf(made.until), nameOf(made)) : '';
}

function daysIn(text: string): number | undefined {
  const days = /^\d{1,3}$/.test(text.trim()) ? Number(text) : 0;
  return days >= 1 && days <= mostRestrictedDays ? days : undefined;
}

const dayOf = (at: number): string => new Date(at).toLocaleDateString(env.language);

const nameOf = ({ project }: Restriction): string => (project ? titleLine(project.name, 60) : l10n.t('everything'));
