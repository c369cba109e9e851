/** Reads the basket again when the memory has changed, so that what was forgotten leaves it by itself. */
import { Disposable } from 'vscode';
import { asMemoryError } from '../../protocol/errors';
import { logError } from '../log';
import type { Parts } from '../parts';

const everyMs = 2_000;

export function keepBasket({ basket, memory, log }: Parts): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const readSoon = () => {
    if (basket.size === 0) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      // Without a keeper it stays as it was; the connection says when there is one again.
      basket.read().catch((error: unknown) => {
        if (asMemoryError(error).code !== 'cancelled') logError(log, 'reading the basket', error);
      });
    }, everyMs);
  };
  const subscriptions = [
    memory.onChanged(readSoon),
    memory.onConnection(({ isConnected }) => isConnected && readSoon()),
    new Disposable(() => clearTimeout(timer)),
  ];
  if (basket.size > 0) readSoon();
  return Disposable.from(...subscriptions);
}
