/** What is due by the clock: after a long sleep everything is done once. Pure. */
import { dayMs, hourMs } from '../lib/clock';
import type { CareState } from './state';

export interface Due {
  whole: boolean;
  /** A backup of what a person wrote. */
  written: boolean;
  check: boolean;
  bounds: boolean;
}

/** After a failure the next try waits this long, because it would fail again and each try costs a copy. */
const restMs = hourMs;

export function whatIsDue(
  state: Pick<CareState, 'lastFullAt' | 'lastWrittenAt' | 'lastBoundsAt' | 'lastCheck' | 'lastFailure'>,
  now: number,
): Due {
  // True when it is due. A last time in the future means that the clock was set back.
  const isPast = (last: number, every: number) => now < last || now - last >= every;
  const hasRested = state.lastFailure === undefined || isPast(state.lastFailure.at, restMs);
  return {
    whole: hasRested && isPast(state.lastFullAt, 6 * hourMs),
    written: hasRested && isPast(state.lastWrittenAt, hourMs),
    check: isPast(state.lastCheck?.at ?? 0, dayMs),
    bounds: isPast(state.lastBoundsAt ?? 0, dayMs),
  };
}
