/** Gives what is in the basket: at the cursor, on the clipboard, into CLAUDE.md. */
import { randomUUID } from 'node:crypto';
import { l10n, window } from 'vscode';
import type { PackedBasket } from '../../protocol/basket';
import { hasSection, putSection } from '../../protocol/marked-section';
import { copyPlain } from '../insert/copy';
import { insertText } from '../insert/insert';
import { mayWriteInstructions, pickInstructions, readText, writeText } from '../learnings/claude-md';
import { logError } from '../log';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { textForClaude, textForFile, textForInstructions } from './text';

const noticeMs = 5_000;
const marks = {
  begin: '<!-- claude-mem:context — kept by Claude-Mem; what you change between the markers is replaced -->',
  end: '<!-- /claude-mem:context -->',
  opening: '<!-- claude-mem:context',
};

/** As it is now. Undefined when there is nothing to give, which is said. */
export async function readBasket({ basket }: Parts): Promise<PackedBasket | undefined> {
  const packed = await basket.read();
  if (packed.items.length > 0) return packed;
  void window.showInformationMessage(
    l10n.t('The basket is empty. Put something in from the search, the timeline, a session or the learnings.'),
  );
  return undefined;
}

/** Notes what was given; failing to do so takes nothing back. */
export async function noteBasket({ memory, log }: Parts, { items, tokens }: PackedBasket): Promise<void> {
  try {
    await (
      await memory.client()
    ).noteGiven({
      requestId: randomUUID(),
      source: 'hand',
      tokens,
      items: items.map(({ ref, session }) => ({ id: ref, ...(session && { sessionId: session.id }) })),
    });
  } catch (error) {
    logError(log, 'noting what was given', error);
  }
}

/** At every cursor of the last text editor, in one step to undo. */
export async function insertBasket(parts: Parts): Promise<void> {
  const packed = await readBasket(parts);
  if (!packed) return;
  if (await insertText(parts, { text: textForFile(packed.text) }, () => copyBasket(parts)))
    await noteBasket(parts, packed);
}

export async function copyBasket(parts: Parts): Promise<void> {
  const packed = await readBasket(parts);
  if (!packed) return;
  await copyPlain(textForClaude(packed.text));
  await noteBasket(parts, packed);
}

/**
 * A section of CLAUDE.md, shown as a diff and replaced the next time. With an empty basket, or when the person chooses so,
 * it is taken out.
 */
export async function basketToInstructions(parts: Parts): Promise<void> {
  const { basket, promotions } = parts;
  if (!mayWriteInstructions(l10n.t('Open a folder first: its CLAUDE.md is where the basket goes.'))) return;
  const chosen = await pickInstructions(l10n.t('Add the Basket to CLAUDE.md'));
  if (!chosen) return;
  const { file, name } = chosen;
  let isRemoval: boolean | undefined;
  for (;;) {
    /* oxlint-disable no-await-in-loop -- a person decides between the rounds */
    const before = await readText(file);
    const packed = await basket.read();
    isRemoval ??= await mustRemove(hasSection(before ?? '', marks), packed.items.length > 0, name);
    if (isRemoval === undefined) return;
    const lines = isRemoval ? [] : ['## From earlier sessions', '', ...sectionLines(packed.text)];
    const after = putSection(before ?? '', marks, lines);
    if (after === (before ?? '')) {
      void window.showInformationMessage(l10n.t('{0} has this already.', name));
      return;
    }
    const title = isRemoval ? l10n.t('{0} ↔ without the basket', name) : l10n.t('{0} ↔ with the basket', name);
    const question = isRemoval
      ? l10n.t('Take the section of the basket out of {0}?', name)
      : l10n.t('Write the basket to {0}?', name);
    if (!(await promotions.ask({ file, before, after, title, question }))) return;
    if ((await readText(file)) === before) {
      await writeText(file, after, before !== undefined);
      window.setStatusBarMessage(l10n.t('$(check) {0} is written', name), noticeMs);
      if (!isRemoval) await noteBasket(parts, packed);
      return;
    }
    /* oxlint-enable no-await-in-loop */
    void window.showInformationMessage(l10n.t('The file has changed meanwhile. Here is what it would be now.'));
  }
}

/** Undefined when nothing can be done, which is said, or the person cancels. */
async function mustRemove(isThere: boolean, hasItems: boolean, name: string): Promise<boolean | undefined> {
  if (!isThere && !hasItems) {
    void window.showInformationMessage(l10n.t('The basket is empty, and {0} has nothing of it.', name));
    return undefined;
  }
  if (!isThere) return false;
  const replace = { label: l10n.t('$(replace) Replace the section'), isRemoval: false };
  const remove = { label: l10n.t('$(trash) Take the section out'), isRemoval: true };
  const chosen = await lasting(() =>
    window.showQuickPick(hasItems ? [replace, remove] : [remove], {
      title: l10n.t('{0} has a section of the basket', name),
    }),
  );
  return chosen?.isRemoval;
}

/** Headings one level deeper, below that of the section. */
const sectionLines = (text: string): string[] =>
  textForInstructions(text)
    .split('\n')
    .map((line) => (line.startsWith('## ') ? `#${line}` : line));
