/** Rules of the diagnosis about restrictions of processing: a person who made one months ago may wonder what is missing. */
import { dayMs } from '../lib/clock';
import { find } from './finding';
import type { Rule } from './finding';

export const restrictionRules: Readonly<Record<string, Rule>> = {
  restricted({ restrictions, now }) {
    const [first] = restrictions;
    if (!first) return undefined;
    const daysTo = (at: number) => Math.max(1, Math.ceil((at - now) / dayMs));
    const whole = restrictions.find(({ project }) => project === undefined);
    return whole
      ? find(
          'store.restricted',
          'note',
          'Processing is restricted: nothing is distilled, given or sent. This ends by itself; days left: {0}.',
          [daysTo(whole.until)],
          ['restrict'],
        )
      : find(
          'store.restricted',
          'note',
          'Processing of projects is restricted: of {0} nothing is distilled, given or sent. The first restriction ends by itself; days left: {1}.',
          [restrictions.length, daysTo(first.until)],
          ['restrict'],
        );
  },
};
