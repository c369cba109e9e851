/**
 * Restore and repair for the command line: by the running keeper, or by the next one when the memory cannot be opened.
 */
import { randomUUID } from 'node:crypto';
import { canBeMended, leaveWish } from '../keeper/next-open';
import type { CareOutcome, CareWish } from '../protocol/care';
import { MemoryError } from '../protocol/errors';
import type { MemoryClient } from '../protocol/memory-api';
import { withMemory } from './memory';

/** @throws MemoryError with the reason when it failed; the memory has not changed then */
export async function withCare(dataDir: string, wish: Omit<CareWish, 'requestId'>): Promise<CareOutcome> {
  const whole: CareWish = { ...wish, requestId: randomUUID() };
  const outcome = await ask(dataDir, whole).catch(async (error: unknown) => {
    if (!canBeMended(error, wish.kind) || (await isOpenable(dataDir))) throw error;
    await leaveWish(dataDir, whole);
    return ask(dataDir, whole);
  });
  if (!outcome.isDone)
    throw new MemoryError('internal', `It was not done, and the memory is as it was: ${outcome.reason ?? ''}`);
  return outcome;
}

function ask(dataDir: string, { kind, requestId, name = '', isExact = false, from }: CareWish): Promise<CareOutcome> {
  return withMemory(dataDir, (memory: MemoryClient) => {
    if (kind === 'restore')
      return memory.restoreBackup({ requestId, name, isExact, ...(from !== undefined && { from }) });
    return kind === 'repair' ? memory.repair(requestId) : memory.undoRestore(requestId);
  });
}

/** A damaged backup has the same error code as a damaged memory, so the memory is tried. */
async function isOpenable(dataDir: string): Promise<boolean> {
  try {
    await withMemory(dataDir, (memory) => memory.listBackups());
    return true;
  } catch {
    return false;
  }
}
