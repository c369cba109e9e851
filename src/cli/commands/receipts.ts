import { findDataDir } from '../../keeper/pointer';
import type { CheckedReceipt, Receipt } from '../../protocol/erase';
import { MemoryError } from '../../protocol/errors';
import { formatBytes } from '../format';
import { withMemory } from '../memory';
import { readOptionsAndWords } from '../options';
import { print, printJson, tell } from '../output';

/** Receipts of what was erased and forgotten. With --verify it fails when one of them is not genuine. */
export async function receiptsCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptionsAndWords(args, { verify: { type: 'boolean', default: false } });
  const [wanted, ...rest] = positionals;
  if (rest.length > 0) throw new MemoryError('invalid_input', 'Say `receipts`, or `receipts ID`.');
  const all = await withMemory(await findDataDir(values['data-dir']), (memory) => memory.listReceipts());
  const receipts = all.filter(({ body }) => wanted === undefined || body.id === wanted);
  if (wanted !== undefined && receipts.length === 0) throw new MemoryError('not_found', 'There is no such receipt.');
  if (values.json) printJson({ receipts });
  else if (wanted !== undefined) receipts.forEach((receipt) => print(receiptLines(receipt)));
  else print(receipts.length === 0 ? 'no receipts\n' : receipts.map(lineOf).join(''));
  const wrong = receipts.filter(({ isGenuine, isInAudit }) => !isGenuine || !isInAudit);
  if (!values.verify) return;
  if (wrong.length > 0)
    throw new MemoryError('corrupt', `${wrong.length} of ${receipts.length} receipts are not what this memory signed.`);
  tell(`${receipts.length} receipts are genuine.\n`);
}

const minute = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

const lineOf = ({ body, isGenuine, isInAudit }: CheckedReceipt): string =>
  `${minute(body.askedAt)}  ${body.kind}  ${body.erased.prompts + body.erased.observations} rows, ` +
  `${body.pieces} pieces searched for, ${body.residue} left` +
  `${isGenuine ? '' : ', NOT GENUINE'}${isInAudit ? '' : ', NOT IN THE AUDIT LOG'}  ${body.id}\n`;

export function receiptLines({ body, signature }: Receipt): string {
  const { erased } = body;
  return [
    `Receipt ${body.id}`,
    `asked for ${minute(body.askedAt)}, proved ${minute(body.provedAt)} (UTC), kind: ${body.kind}`,
    `erased: ${erased.prompts} messages, ${erased.observations} tool calls, ${erased.sessions} whole sessions, ` +
      `${erased.titles} titles, ${erased.learnings} learnings, ${erased.notes} notes; ${body.backupsReplaced} backups replaced`,
    `searched for: ${body.pieces} pieces of ${body.sampled} rows; ${body.shared} more stand in what stays; ` +
      `${body.withoutPiece} rows had none; ${body.foundBefore} were found in the database before`,
    ...body.files.map(
      ({ part, files, bytes, found }) => `  ${part}: ${files} files, ${formatBytes(bytes)}, found ${found}`,
    ),
    ...(body.leftOut.length > 0 ? [`  not searched: ${body.leftOut.join(', ')}`] : []),
    ...(body.exports ?? []).map(
      ({ folder, found }) =>
        `  an export of yours: ${folder}, found ${found}${found > 0 ? '; delete it yourself' : ''}`,
    ),
    ...(body.isSecondUnreached ? ['  NOT REACHED: the second backup folder; it is erased there as soon as it is'] : []),
    `residue: ${body.residue}`,
    `public key: ${body.publicKey}`,
    `signature: ${signature}`,
    '',
  ].join('\n');
}
