import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { findDataDir } from '../../keeper/pointer';
import type { ErasePreview } from '../../protocol/erase';
import { MemoryError } from '../../protocol/errors';
import type { MemoryClient } from '../../protocol/memory-api';
import type { EraseTarget } from '../../protocol/questions/erase';
import { oneLine } from '../../protocol/text';
import { withMemory } from '../memory';
import { readOptions } from '../options';
import { print, printJson, tell } from '../output';
import { receiptLines } from './receipts';

const example = 'Say what: --row KEY, --turn SESSION#TURN, --session ID, --since and --until, or --query WORDS.';

/** Erases for good what is named, after it said what that is. */
export async function eraseCommand(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    row: { type: 'string', multiple: true },
    turn: { type: 'string' },
    session: { type: 'string' },
    since: { type: 'string' },
    until: { type: 'string' },
    query: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
  });
  const given = [values.row, values.turn, values.session, values.since ?? values.until, values.query];
  if (given.filter((each) => each !== undefined).length !== 1) throw new MemoryError('invalid_input', example);
  const { session } = values;
  const dataDir = await findDataDir(values['data-dir']);
  await withMemory(dataDir, async (memory) => {
    if (session !== undefined) {
      await forget(memory, session, values);
      return;
    }
    const target = targetOf(values);
    const preview = await memory.previewErase(target);
    if (values['dry-run']) {
      if (values.json) printJson(preview);
      else print(describe(preview));
      return;
    }
    if (!values.json) tell(describe(preview));
    await refuseUnlessSure(values.yes, countOf(preview));
    const end = memory.on('erase', (event) => {
      if (event && process.stderr.isTTY) tell(`\r${event.phase} ${event.done}/${event.total}   `);
    });
    try {
      const receipt = await memory.erase(randomUUID(), target);
      if (process.stderr.isTTY) tell('\r');
      if (values.json) printJson(receipt);
      else print(receiptLines(receipt));
    } finally {
      end();
    }
  });
}

async function forget(
  memory: MemoryClient,
  id: string,
  { 'dry-run': isDry, yes, json }: { 'dry-run': boolean; yes: boolean; json: boolean },
): Promise<void> {
  const session = await memory.getSession(id);
  const { turns, prompts, observations } = session;
  if (isDry) {
    if (json) printJson({ sessions: 1, turns, prompts, observations });
    else print(`1 session, ${prompts} prompts, ${observations} tool calls\n`);
    return;
  }
  await refuseUnlessSure(yes, prompts + observations);
  await memory.forgetSession(id);
  // The receipt is made when every backup has been searched too.
  if (json) printJson({ sessions: 1, forgotten: id });
  else print(`forgotten; its receipt will be in \`receipts\`\n`);
}

function targetOf({
  row,
  turn,
  since,
  until,
  query,
}: Partial<Record<'turn' | 'since' | 'until' | 'query', string | undefined>> & {
  row?: string[] | undefined;
}): EraseTarget {
  if (row !== undefined) return { kind: 'rows', keys: row };
  if (turn !== undefined) {
    const [, sessionId = '', number = ''] = /^(.+)#(\d{1,8})$/.exec(turn) ?? [];
    if (sessionId === '') throw new MemoryError('invalid_input', '--turn takes SESSION#TURN, as search prints it.');
    return { kind: 'turn', sessionId, turn: Number(number) };
  }
  if (query !== undefined) return { kind: 'query', query: { text: query } };
  return { kind: 'range', since: timeOf(since, 0), until: timeOf(until, Date.now()) };
}

/** A day is that of this computer's clock. */
export function timeOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const at = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00` : text);
  if (Number.isNaN(at))
    throw new MemoryError('invalid_input', `No time: ${text}. Write 2026-11-22 or 2026-11-22T18:30.`);
  return at;
}

const countOf = ({ prompts, observations, titles, learnings, notes }: ErasePreview): number =>
  prompts + observations + titles + learnings + notes;

function describe(preview: ErasePreview): string {
  const { prompts, observations, sessions, wholeSessions, titles, learnings, notes, summaries, backups, aside } =
    preview;
  const lines = [
    `${prompts} messages, ${observations} tool calls in ${sessions} sessions, ${wholeSessions} of them whole`,
    `${titles} titles, ${learnings} learnings, ${notes} notes; ${summaries} summaries are made again`,
    `${backups} backups and ${aside} copies put aside are replaced by a new backup`,
    ...preview.examples.map(
      ({ key, text, at }) => `  ${new Date(at).toISOString().slice(0, 16)}  ${key}  ${oneLine(text)}`,
    ),
    ...preview.quoting.map((title) => `  stays, and may quote it: ${oneLine(title)}`),
  ];
  return `${lines.join('\n')}\n`;
}

async function refuseUnlessSure(isSure: boolean, count: number): Promise<void> {
  if (count === 0) throw new MemoryError('not_found', 'Nothing in memory matches, so nothing was erased.');
  if (isSure) return;
  if (!process.stdin.isTTY)
    throw new MemoryError(
      'invalid_input',
      'Erasing cannot be taken back: say --yes, or --dry-run to see what would go.',
    );
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  const said = await asked.question(`Erase ${count} for good? This cannot be taken back. [y/N] `);
  asked.close();
  if (!/^y(es)?$/i.test(said.trim())) throw new MemoryError('cancelled', 'Nothing was erased.');
}
