/** *Set Class…*: how much a project, a session, a row or a learning must be protected. It can be taken back where it was set. */
import { l10n, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { dataClasses } from '../../protocol/classes';
import type { ClassEntry, ClassOf, DataClass, SetClass } from '../../protocol/classes';
import { rowKeyOf } from '../../protocol/row-key';
import { titleLine } from '../format';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { pickProject, pickSession } from '../pick/session';
import { offerWayBack } from './forgotten';

type Target = Omit<ClassEntry, 'class'>;
interface Choice extends QuickPickItem {
  run: () => Promise<void>;
}

export const nameOfClass = (of: DataClass): string =>
  ({
    public: l10n.t('Public'),
    internal: l10n.t('Internal'),
    sensitive: l10n.t('Sensitive'),
    confidential: l10n.t('Confidential'),
    top_secret: l10n.t('Top secret'),
  })[of];

/** What it means with the usual settings. */
const aboutClass = (of: DataClass): string =>
  ({
    public: l10n.t('May go everywhere'),
    internal: l10n.t('What Claude said and did has this class by itself'),
    sensitive: l10n.t('Prompts, summaries and learnings have this class by themselves'),
    confidential: l10n.t('Not sent to a model, not written to CLAUDE.md, exported only when asked'),
    top_secret: l10n.t('Stays in this memory: only your own search and pages show it'),
  })[of];

/** From the palette: what, then which class. What was set is listed, so that it can be changed. */
export async function setSomeClass(parts: Parts): Promise<void> {
  const title = l10n.t('Set Class');
  const known = await (await parts.memory.client()).listClasses();
  const choices: Choice[] = [
    {
      label: l10n.t('$(folder) A project…'),
      async run() {
        const project = await pickProject(parts, title);
        if (project) await setClassOf(parts, { projectId: project.id }, project.name);
      },
    },
    {
      label: l10n.t('$(comment-discussion) A session…'),
      run: () =>
        pickSession(parts, title, ({ id, title: name }) =>
          setClassOf(parts, { key: rowKeyOf({ kind: 'session', id }) }, name),
        ),
    },
    ...known.map((each) => ({ ...setItem(each), run: () => setClassOf(parts, targetOf(each), each.name) })),
  ];
  const chosen = await lasting(() =>
    window.showQuickPick(choices, {
      title,
      placeHolder: l10n.t('A row is set by its context menu in the session reader'),
      matchOnDescription: true,
    }),
  );
  await chosen?.run();
}

const targetOf = ({ key, projectId }: SetClass): Target => ({
  ...(key !== undefined && { key }),
  ...(projectId !== undefined && { projectId }),
});

const setItem = (each: SetClass): QuickPickItem => ({
  label: `$(shield) ${titleLine(each.name, 80) || l10n.t('Not in memory now')}`,
  description: `${nameOfClass(each.class)} · ${kindNames()[each.what]}`,
});

const kindNames = (): Record<SetClass['what'], string> => ({
  project: l10n.t('project'),
  session: l10n.t('session'),
  row: l10n.t('row'),
  learning: l10n.t('learning'),
});

/** Asks for the class and sets it. */
export async function setClassOf(parts: Parts, target: Target, name = ''): Promise<void> {
  const client = await parts.memory.client();
  const now = await client.classOf(target);
  const chosen = await lasting(() =>
    window.showQuickPick(classItems(now), {
      title: name === '' ? l10n.t('Set Class') : l10n.t('Class of “{0}”', titleLine(name, 60)),
      placeHolder: placeOf(now),
      matchOnDetail: true,
    }),
  );
  if (!chosen || chosen.to === (now.set ?? null)) return;
  await client.setClasses([{ ...target, class: chosen.to }]);
  const told =
    chosen.to === null
      ? l10n.t('The class follows from what it is again.')
      : l10n.t('Class set: {0}', nameOfClass(chosen.to));
  offerWayBack(parts, told, l10n.t('Undo'), async () => {
    await (await parts.memory.client()).setClasses([{ ...target, class: now.set ?? null }]);
  });
}

interface ClassItem extends QuickPickItem {
  to: DataClass | null;
}

function classItems({ class: is, set }: ClassOf): ClassItem[] {
  const items = dataClasses.toReversed().map((each): ClassItem => ({
    to: each,
    label: nameOfClass(each),
    ...((set ?? is) === each && {
      description: set === undefined ? l10n.t('by itself') : l10n.t('set by you'),
    }),
    detail: aboutClass(each),
  }));
  return set === undefined ? items : [...items, { to: null, label: l10n.t('$(discard) As it is by itself') }];
}

function placeOf({ class: is, hasSecrets }: ClassOf): string {
  const now = l10n.t('It is: {0}.', nameOfClass(is));
  return hasSecrets ? `${now} ${l10n.t('Rows in which a secret was found are confidential by themselves.')}` : now;
}
