/** Rules of the diagnosis about the second backup folder. */
import { hourMs } from '../lib/clock';
import { find } from './finding';
import type { Rule } from './finding';
import { scrub } from './scrub';

export const secondRules: Readonly<Record<string, Rule>> = {
  secondFolder({ state: { second }, now }) {
    if (!second) return undefined;
    if (second.failedSince !== undefined)
      return find(
        'store.second_folder',
        'warning',
        'The second backup folder cannot be written, for {0} hours now: {1} It is tried again by itself.',
        [Math.floor(Math.max(now - second.failedSince, 0) / hourMs), scrub(second.reason ?? '')],
        ['choose_second_folder', 'back_up', 'show_log'],
      );
    if (second.lastAt === 0)
      return find(
        'store.second_folder',
        'note',
        'Nothing has been copied to the second backup folder yet.',
        [],
        ['back_up'],
      );
    return find('store.second_folder', 'ok', 'The second backup folder has every backup, read back and compared.');
  },
};
