/** The output channel. It gets ids, counts and error codes, never text of a memory. */
import { window } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import { asMemoryError } from '../protocol/errors';

export type Log = LogOutputChannel;

export function createLog(): Log {
  return window.createOutputChannel('Claude-Mem', { log: true });
}

/** Logs an error without its message, because messages of parsers quote the text they read. */
export function logError(log: Log, doing: string, error: unknown): void {
  const known = asMemoryError(error);
  if (known.code === 'cancelled') {
    log.debug(`${doing}: cancelled`);
    return;
  }
  const message = known.message.replaceAll(/(["'`]).*?\1/gs, '…').slice(0, 200);
  // A known code is enough; for an unexpected error the place is logged too.
  const place =
    known.code === 'internal' && error instanceof Error
      ? (error.stack ?? '')
          .split('\n')
          .filter((line) => /^\s+at /.test(line))
          .slice(0, 4)
      : [];
  log.error([`${doing}: ${known.code}: ${message}`, ...place].join('\n'));
}
