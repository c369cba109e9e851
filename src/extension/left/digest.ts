/** A digest of a day or a week: chosen, then copied, inserted or shown. */
import { env, l10n, window, workspace } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { digestText } from '../../protocol/digest-text';
import { escapeMarkdown } from '../insert/context-block';
import { copyPlain } from '../insert/copy';
import { insertText } from '../insert/insert';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';

interface Span extends QuickPickItem {
  from: Date;
  to: Date;
}
interface Way extends QuickPickItem {
  run: (text: string) => Promise<unknown>;
}

const noticeMs = 5_000;

export async function showDigest(parts: Parts): Promise<void> {
  const span = await lasting(() =>
    window.showQuickPick(spansOf(new Date()), {
      title: l10n.t('Digest'),
      placeHolder: l10n.t('Of which time'),
    }),
  );
  if (!span) return;
  const scope = parts.memory.scopeOf(false);
  const client = await parts.memory.client();
  const digest = await client.digest({
    from: span.from.getTime(),
    to: span.to.getTime(),
    ...(scope && { scope }),
  });
  const words = {
    title: titleOf(span),
    done: l10n.t('Done'),
    decided: l10n.t('Decided'),
    closed: l10n.t('Open before, done now'),
    open: l10n.t('Still open'),
    nothing: l10n.t('Nothing was done here, as far as summaries tell.'),
    workedOn: l10n.t('Worked on:'),
  };
  const text = digestText(digest, words, (line) => escapeMarkdown(line));
  const way = await lasting(() =>
    window.showQuickPick(waysOf(parts), {
      title: titleOf(span),
      placeHolder: digest.projects.length === 0 ? words.nothing : l10n.t('What to do with it'),
    }),
  );
  await way?.run(text);
}

/** By the calendar: a day may have 23 or 25 hours. */
function spansOf(now: Date): Span[] {
  const day = (days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  // Weeks begin on Monday, as in ISO 8601.
  const monday = -((now.getDay() + 6) % 7);
  return [
    { label: l10n.t('Today'), from: day(0), to: day(1) },
    { label: l10n.t('Yesterday'), from: day(-1), to: day(0) },
    { label: l10n.t('This week'), from: day(monday), to: day(1) },
    { label: l10n.t('Last week'), from: day(monday - 7), to: day(monday) },
    { label: l10n.t('The last seven days'), from: day(-6), to: day(1) },
  ].map((span) => ({ ...span, description: titleOf(span) }));
}

function titleOf({ from, to }: Pick<Span, 'from' | 'to'>): string {
  const last = new Date(to.getFullYear(), to.getMonth(), to.getDate() - 1);
  const format = new Intl.DateTimeFormat(env.language, { dateStyle: 'medium' });
  return from.getTime() === last.getTime() ? format.format(from) : `${format.format(from)} – ${format.format(last)}`;
}

const waysOf = (parts: Parts): Way[] => [
  {
    label: `$(copy) ${l10n.t('Copy')}`,
    async run(text) {
      await copyPlain(text);
      window.setStatusBarMessage(l10n.t('$(check) Digest copied'), noticeMs);
    },
  },
  {
    label: `$(insert) ${l10n.t('Insert at the Cursor')}`,
    run: (text) => insertText(parts, { text }, () => copyPlain(text)),
  },
  {
    label: `$(markdown) ${l10n.t('Open as a Document')}`,
    async run(content) {
      await window.showTextDocument(await workspace.openTextDocument({ language: 'markdown', content }));
    },
  },
];
