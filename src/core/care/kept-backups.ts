/** Decides which backups stay: many of today, fewer the older they are, all within a size limit. Pure. */
import type { BackupInfo } from '../../protocol/care';
import { dayMs, hourMs } from '../lib/clock';

type Rung = Pick<BackupInfo, 'name' | 'kind' | 'at' | 'bytes'>;

const weekMs = 7 * dayMs;
/** How many periods of each length are covered, by the newest backup of each. */
const ladder = [
  { stretch: 6 * hourMs, count: 4 },
  { stretch: dayMs, count: 7 },
  { stretch: weekMs, count: 4 },
] as const;
const maxWritten = 24;
/**
 * Backups made by hand or before a migration are not thinned out for this long, because their reason may still come up.
 */
const protectedMs = weekMs;

/**
 * Names of the backups to delete. Periods without a backup do not count, so a laptop that was off loses nothing.
 * @param cap highest total size in bytes; the newest of each kind stays even above it
 */
export function prune(backups: readonly Rung[], now: number, cap: number): string[] {
  const newestFirst = backups.toSorted((one, other) => other.at - one.at || other.name.localeCompare(one.name));
  const whole = newestFirst.filter(({ kind }) => kind !== 'written');
  const written = newestFirst.filter(({ kind }) => kind === 'written').slice(0, maxWritten);
  const kept = new Set<Rung>(written);
  for (const { stretch, count } of ladder) for (const rung of newestOfEach(whole, stretch, count)) kept.add(rung);
  for (const rung of whole) if (isProtected(rung, whole, now)) kept.add(rung);
  const newest = new Set([whole[0], written[0]]);
  let bytes = [...kept].reduce((sum, rung) => sum + rung.bytes, 0);
  // To get below the size limit the oldest are deleted first, protected ones last.
  const expendable = [...kept]
    .filter((rung) => !newest.has(rung))
    .toSorted(
      (one, other) =>
        Number(isProtected(one, whole, now)) - Number(isProtected(other, whole, now)) || one.at - other.at,
    );
  for (const rung of expendable) {
    if (bytes <= cap) break;
    kept.delete(rung);
    bytes -= rung.bytes;
  }
  return backups.filter((rung) => !kept.has(rung)).map(({ name }) => name);
}

function newestOfEach(newestFirst: readonly Rung[], stretch: number, count: number): Rung[] {
  const seen = new Map<number, Rung>();
  for (const rung of newestFirst) {
    const slot = Math.floor(rung.at / stretch);
    if (!seen.has(slot)) seen.set(slot, rung);
    if (seen.size === count) break;
  }
  return [...seen.values()];
}

/** A backup before a migration stays until a scheduled backup is made at least a week after it. */
function isProtected(rung: Rung, whole: readonly Rung[], now: number): boolean {
  if (rung.kind === 'manual') return now - rung.at < protectedMs;
  return (
    rung.kind === 'before_migration' &&
    !whole.some(({ kind, at }) => kind === 'scheduled' && at - rung.at >= protectedMs)
  );
}
