/** What is due, by the clock alone: a laptop that slept for a week makes up for it once. Pure. */
import { day, hour } from './ladder';
import type { CareState } from './state';

export interface Due {
  whole: boolean;
  /** What a person wrote. */
  written: boolean;
  check: boolean;
  bounds: boolean;
}

/** A backup that failed would fail again in a minute, and cost a copy each time. */
const restMs = hour;

export function whatIsDue(
  state: Pick<CareState, 'lastFullAt' | 'lastWrittenAt' | 'lastBoundsAt' | 'lastCheck' | 'lastFailure'>,
  now: number,
): Due {
  // A time to come is what a clock that was set back leaves.
  const isPast = (last: number, every: number) => now < last || now - last >= every;
  const hasRested = state.lastFailure === undefined || isPast(state.lastFailure.at, restMs);
  return {
    whole: hasRested && isPast(state.lastFullAt, 6 * hour),
    written: hasRested && isPast(state.lastWrittenAt, hour),
    check: isPast(state.lastCheck?.at ?? 0, day),
    bounds: isPast(state.lastBoundsAt ?? 0, day),
  };
}
