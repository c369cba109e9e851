/** The output channel. It gets ids, counts and error codes, never the text of a memory. */
import { window } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import { asMemoryError } from '../protocol/errors';

export type Log = LogOutputChannel;

export function createLog(): Log {
  return window.createOutputChannel('Claude-Mem', { log: true });
}

/** Notes an error without what it may quote: messages of parsers carry pieces of the text they stumbled over. */
export function logError(log: Log, doing: string, error: unknown): void {
  const known = asMemoryError(error);
  if (known.code === 'cancelled') {
    log.debug(`${doing}: cancelled`);
    return;
  }
  const message = known.message.replaceAll(/(["'`]).*?\1/gs, '…').slice(0, 200);
  // A known code says enough; only a surprise needs its place.
  const place =
    known.code === 'internal' && error instanceof Error
      ? (error.stack ?? '')
          .split('\n')
          .filter((line) => /^\s+at /.test(line))
          .slice(0, 4)
      : [];
  log.error([`${doing}: ${known.code}: ${message}`, ...place].join('\n'));
}
