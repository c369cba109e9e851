/** A person says what of a learning is watched: of what kind, what must not be, what stands there instead, and where. */
import { l10n, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { Scope } from '../../protocol/questions/schemas';
import type { Predicate, PredicateKind, Watch } from '../../protocol/watch';
import { titleLine } from '../format';
import { explain } from '../messages';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';

interface Wish {
  learningId: string | undefined;
  scope: Scope | undefined;
  /** The one that is changed. */
  edited: Watch | undefined;
}

/** False when it was given up. */
export async function definePredicate(parts: Parts, { learningId, scope, edited }: Wish): Promise<boolean> {
  const id = edited?.learning.id ?? learningId ?? (await pickLearning(parts, scope));
  if (id === undefined) return false;
  const predicate = await askPredicate(edited?.predicate);
  if (!predicate) return false;
  const client = await parts.memory.client();
  try {
    await client.setWatch({ learningId: id, predicate, state: 'on', ...(edited && { replaces: edited.id }) });
  } catch (error) {
    // What was typed is not lost: it can be changed.
    const again = l10n.t('Change It');
    if ((await window.showErrorMessage(explain(error), again)) !== again) return false;
    const wish = { id: edited?.id ?? '', learning: { id, title: '', project: null }, predicate };
    return definePredicate(parts, {
      learningId: id,
      scope,
      edited: { ...wish, state: edited?.state ?? 'proposed', exceptions: 0 },
    });
  }
  return true;
}

async function pickLearning({ memory }: Parts, scope: Scope | undefined): Promise<string | undefined> {
  const { items } = await (await memory.client()).listLearnings({ ...(scope && { scope }), limit: 200 });
  if (items.length === 0) {
    void window.showInformationMessage(l10n.t('Only an accepted learning can be watched, and there is none yet.'));
    return undefined;
  }
  const chosen = await lasting(() =>
    window.showQuickPick(
      items.map(({ id, title, description }) => ({
        label: titleLine(title, 100),
        detail: titleLine(description, 160),
        id,
      })),
      { title: l10n.t('Watch Something Else'), placeHolder: l10n.t('Which learning says so?'), matchOnDetail: true },
    ),
  );
  return chosen?.id;
}

interface KindItem extends QuickPickItem {
  of: PredicateKind;
  isRegex: boolean;
}

async function askPredicate(before: Predicate | undefined): Promise<Predicate | undefined> {
  const kinds: KindItem[] = [
    { label: l10n.t('An Import'), detail: l10n.t('A module that code must not import'), of: 'import', isRegex: false },
    {
      label: l10n.t('A Dependency'),
      detail: l10n.t('A package that must not be in package.json and the like'),
      of: 'dependency',
      isRegex: false,
    },
    {
      label: l10n.t('A Command'),
      detail: l10n.t('A command that scripts and CI must not run'),
      of: 'command',
      isRegex: false,
    },
    { label: l10n.t('A Text'), detail: l10n.t('A name or text that must not be in code'), of: 'text', isRegex: false },
    {
      label: l10n.t('A Pattern'),
      detail: l10n.t('A regular expression that must not match code; only one that is always quick'),
      of: 'text',
      isRegex: true,
    },
  ];
  const first = kinds.filter((each) => before && each.of === before.kind && each.isRegex === before.isRegex);
  const title = l10n.t('What Must Not Be');
  const kind = await lasting(() =>
    window.showQuickPick([...first, ...kinds.filter((each) => !first.includes(each))], {
      title,
      placeHolder: l10n.t('What is watched?'),
    }),
  );
  if (!kind) return undefined;
  const ask = (prompt: string, value: string, isNeeded = false) =>
    lasting(() =>
      window.showInputBox({
        title,
        prompt,
        value,
        ignoreFocusOut: true,
        validateInput: (text) => (isNeeded && text.trim() === '' ? l10n.t('This is needed.') : undefined),
      }),
    );
  const subject = await ask(kind.detail ?? '', before?.subject ?? '', true);
  if (subject === undefined) return undefined;
  const instead = await ask(l10n.t('What stands there instead? May be empty.'), before?.instead ?? '');
  if (instead === undefined) return undefined;
  const files = await ask(
    l10n.t('In which files, as a glob like src/**/*.ts? Empty: everywhere in the project.'),
    before?.files ?? '',
  );
  if (files === undefined) return undefined;
  return {
    kind: kind.of,
    subject: subject.trim(),
    instead: instead.trim(),
    files: files.trim(),
    isRegex: kind.isRegex,
  };
}
