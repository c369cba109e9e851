/** A month of days, each the darker the more sessions it has: a click shows the sessions of that day. */
import { useState } from 'react';
import { IconButton } from '../../parts/icon';
import { useToolbar } from '../../parts/use-toolbar';
import { formatDay, formatMonth, formatNumber, weekdayNames } from '../../state/format';
import { useHost } from '../../state/host';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';

interface CalendarProps {
  /** Folders whose sessions are counted; empty for all. */
  folders: string[];
  /** Local midnight of the chosen day. */
  chosen: number | undefined;
  /** The day that is chosen; undefined for all. */
  onChoose: (day: number | undefined) => void;
}

export function Calendar({ folders, chosen, onChoose }: CalendarProps) {
  const { api } = useHost();
  const [last] = useState(() => startOfMonth(Date.now(), 0));
  const [month, setMonth] = useState(chosen === undefined ? last : startOfMonth(chosen, 0));
  const next = startOfMonth(month, 1);
  const { data } = useResource(
    (from: number, to: number, roots: string[], _signal: AbortSignal) =>
      api.sessionDays(from, to, roots.length > 0 ? { roots } : undefined),
    [month, next, folders],
  );
  const counts = new Map(data?.map(({ day, count }) => [day, count]));
  const days = daysOf(month);
  const { tabIndexOf, onKeyDown } = useToolbar(days.length);
  const most = Math.max(1, ...counts.values());
  return (
    <section className="calendar" aria-label={t('Days')}>
      <div className="calendar-head">
        <IconButton name="chevron-left" label={t('Earlier month')} onClick={() => setMonth(startOfMonth(month, -1))} />
        <span role="status">{formatMonth(month)}</span>
        <IconButton
          name="chevron-right"
          label={t('Later month')}
          isDisabled={month >= last}
          onClick={() => setMonth(next)}
        />
      </div>
      <div className="calendar-days" role="toolbar" aria-label={formatMonth(month)} onKeyDown={onKeyDown}>
        {weekdayNames().map((name) => (
          <span key={name} className="calendar-weekday" aria-hidden="true">
            {name}
          </span>
        ))}
        {days.map(({ at, name }, index) => {
          const count = counts.get(name) ?? 0;
          const label = t('{0}: {1}', formatDay(at), formatNumber(count));
          return (
            <button
              key={name}
              type="button"
              className="calendar-day"
              data-tool=""
              data-day={name}
              // The first day stands below its weekday.
              style={{
                ...(index === 0 && { gridColumnStart: weekdayOf(at) + 1 }),
                ...(count > 0 && { ['--heat' as string]: `${25 + Math.round((60 * count) / most)}%` }),
              }}
              tabIndex={tabIndexOf(index)}
              aria-pressed={at === chosen}
              aria-label={label}
              title={label}
              onClick={() => onChoose(at === chosen ? undefined : at)}
            >
              {new Date(at).getDate()}
            </button>
          );
        })}
      </div>
    </section>
  );
}

/** Local midnight of the first day of the month `months` later. */
function startOfMonth(at: number, months: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth() + months, 1).getTime();
}

/** 0 for Monday. */
const weekdayOf = (at: number): number => (new Date(at).getDay() + 6) % 7;

function daysOf(month: number): { at: number; name: string }[] {
  const first = new Date(month);
  const [year, index] = [first.getFullYear(), first.getMonth()];
  const count = new Date(year, index + 1, 0).getDate();
  const two = (part: number) => String(part).padStart(2, '0');
  return Array.from({ length: count }, (_, day) => ({
    at: new Date(year, index, day + 1).getTime(),
    name: `${year}-${two(index + 1)}-${two(day + 1)}`,
  }));
}
