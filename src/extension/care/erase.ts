/** Erasing for good: a row, a turn, a span of time, or what a search finds. Each says first what would go. */
import { randomUUID } from 'node:crypto';
import { ProgressLocation, env, l10n, window } from 'vscode';
import type { ErasePhase, ErasePreview, EraseProgress, Receipt } from '../../protocol/erase';
import { MemoryError } from '../../protocol/errors';
import type { MemoryClient } from '../../protocol/memory-api';
import type { SessionId } from '../../protocol/model';
import type { EraseTarget } from '../../protocol/questions/erase';
import type { SearchQuery } from '../../protocol/questions/search';
import { oneLine } from '../../protocol/text';
import { formatCount, formatDateTime, plain, titleLine } from '../format';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { dropPrints } from '../session/print';
import { confirm } from './confirm';
import { offerReceipt } from './receipts';

/** Learnings named in a question. */
const maxNamed = 5;
const exampleLetters = 90;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export const eraseRow = (parts: Parts, key: string): Promise<void> =>
  erase(parts, { kind: 'rows', keys: [key] }, l10n.t('Erase this row for good?'));

export const eraseTurn = (parts: Parts, sessionId: SessionId, turn: number): Promise<void> =>
  erase(parts, { kind: 'turn', sessionId, turn }, l10n.t('Erase turn {0} for good?', turn));

/** All rows that have the words of a search themselves; without one the person is asked for it. */
export async function eraseMatching(parts: Parts, query?: SearchQuery): Promise<void> {
  const text =
    query?.text ??
    (await lasting(() =>
      window.showInputBox({
        title: l10n.t('Erase What Matches a Search'),
        prompt: l10n.t(
          'Messages, tool calls, titles, learnings and notes that have all these words themselves are erased.',
        ),
        placeHolder: l10n.t('Words, "phrases", and filters, as in the search'),
      }),
    ));
  if (text === undefined || text.trim() === '') return;
  const target: EraseTarget = { kind: 'query', query: { ...query, text } };
  await erase(parts, target, l10n.t('Erase all that matches “{0}” for good?', titleLine(text, 80)));
}

export async function eraseRange(parts: Parts, between?: { since: number; until: number }): Promise<void> {
  const span = between ?? (await askSpan());
  if (!span) return;
  await erase(
    parts,
    { kind: 'range', ...span },
    l10n.t(
      'Erase everything from {0} to {1} for good?',
      formatDateTime(span.since, env.language),
      formatDateTime(span.until, env.language),
    ),
  );
}

async function askSpan(): Promise<{ since: number; until: number } | undefined> {
  const now = Date.now();
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const spans = [
    { label: l10n.t('The last hour'), since: now - hourMs, until: now },
    { label: l10n.t('Today'), since: midnight, until: now },
    { label: l10n.t('Yesterday'), since: new Date(midnight - dayMs / 2).setHours(0, 0, 0, 0), until: midnight },
    { label: l10n.t('From … to …'), since: 0, until: 0 },
  ];
  const chosen = await lasting(() => window.showQuickPick(spans, { title: l10n.t('Erase a Time Range') }));
  if (!chosen || chosen.until > 0) return chosen;
  const since = await askTime(l10n.t('From'), undefined);
  return since === undefined ? undefined : askUntil(since);
}

async function askUntil(since: number): Promise<{ since: number; until: number } | undefined> {
  const until = await askTime(l10n.t('To'), since);
  return until === undefined ? undefined : { since, until };
}

const timeOf = (text: string): number =>
  Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? `${text.trim()}T00:00` : text.trim().replace(' ', 'T'));

async function askTime(title: string, after: number | undefined): Promise<number | undefined> {
  const text = await lasting(() =>
    window.showInputBox({
      title: l10n.t('Erase a Time Range'),
      prompt: title,
      placeHolder: '2026-11-22 18:30',
      validateInput(value) {
        const at = timeOf(value);
        if (Number.isNaN(at)) return l10n.t('Write a day or a time, as 2026-11-22 or 2026-11-22 18:30.');
        return after !== undefined && at <= after ? l10n.t('The end must be later than the beginning.') : undefined;
      },
    }),
  );
  return text === undefined ? undefined : timeOf(text);
}

async function erase(parts: Parts, target: EraseTarget, asked: string): Promise<void> {
  const client = await parts.memory.client();
  const preview = await client.previewErase(target);
  const { prompts, observations, titles, learnings, notes } = preview;
  if (prompts + observations + titles + learnings + notes === 0) {
    void window.showInformationMessage(l10n.t('Nothing in memory matches, so there is nothing to erase.'));
    return;
  }
  if (!(await confirm(asked, describe(preview), l10n.t('Erase For Good')))) return;
  const receipt = await withProgress(client, target);
  if (!receipt) return;
  await dropPrints(parts);
  offerReceipt(parts, receipt);
}

function describe(preview: ErasePreview): string {
  const count = (value: number) => formatCount(value, env.language);
  const { sessions, wholeSessions, titles, learnings, notes, summaries } = preview;
  const rows = l10n.t(
    'Messages: {0}, tool calls: {1}, in sessions: {2}.',
    count(preview.prompts),
    count(preview.observations),
    count(sessions),
  );
  const whole = wholeSessions > 0 ? l10n.t('Sessions of which nothing is left: {0}.', count(wholeSessions)) : '';
  const others =
    titles + learnings + notes > 0
      ? l10n.t('Titles: {0}, learnings: {1}, notes: {2}.', count(titles), count(learnings), count(notes))
      : '';
  const examples = preview.examples.map(
    ({ text, at }) => `• ${formatDateTime(at, env.language)}  ${plain(oneLine(text)).slice(0, exampleLetters)}`,
  );
  return [
    [rows, whole, others].filter((text) => text !== '').join(' '),
    examples.join('\n'),
    l10n.t(
      'They go from the memory, its index and vectors, the archived transcripts and all backups, and are not read again. Summaries made of these sessions ({0}) are made anew. A backup is made afterwards; those made before ({1}) and copies put aside ({2}) are deleted. Claude Code’s own transcripts stay where they are. This cannot be undone.',
      count(summaries),
      count(preview.backups),
      count(preview.aside),
    ),
    tellQuoting(preview.quoting),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

function tellQuoting(titles: readonly string[]): string {
  if (titles.length === 0) return '';
  const named = titles.slice(0, maxNamed).map((title) => `“${titleLine(title, 60)}”`);
  return l10n.t(
    'Learnings you accepted from it stay and may quote it ({0}): {1}. Delete them in Learnings if they should go too.',
    titles.length,
    named.join(', ') + (titles.length > maxNamed ? ' …' : ''),
  );
}

/** Undefined when it was cancelled before the first row was gone. */
function withProgress(client: MemoryClient, target: EraseTarget): Thenable<Receipt | undefined> {
  const cancel = new AbortController();
  return window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Erasing…'), cancellable: true },
    async (progress, token) => {
      token.onCancellationRequested(() => cancel.abort());
      const end = client.on('erase', (event) => event && progress.report({ message: describeProgress(event) }));
      try {
        return await client.erase(randomUUID(), target, cancel.signal);
      } catch (error) {
        if (!MemoryError.is(error, 'cancelled') && !cancel.signal.aborted) throw error;
        void window.showInformationMessage(
          l10n.t(
            'It was cancelled. If nothing was erased yet, nothing will be; otherwise it goes on, and Show Receipts tells when it is done.',
          ),
        );
        return undefined;
      } finally {
        end();
      }
    },
  );
}

function describeProgress({ phase, done, total, canCancel }: EraseProgress): string {
  const names: Readonly<Record<ErasePhase, string>> = {
    looking: l10n.t('looking up what goes'),
    rows: l10n.t('rows'),
    texts: l10n.t('what was made of them'),
    archive: l10n.t('archive'),
    overwriting: l10n.t('overwriting what was erased'),
    backups: l10n.t('backups'),
    proof: l10n.t('searching every file for what is left'),
  };
  const share = total === 0 ? names[phase] : `${names[phase]}, ${Math.floor((100 * done) / total)} %`;
  return canCancel ? share : `${share} · ${l10n.t('cannot be cancelled any more')}`;
}
