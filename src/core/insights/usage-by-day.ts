/**
 * Tokens and cost by day, project and model. Days that are over are computed once and cached until their messages
 * change, e.g. when a session is forgotten or an old one imported.
 */
import { localDay } from '../lib/local-day';
import { costOf, isPriced } from '../lib/prices';
import type { TokenUsage } from '../lib/prices';
import type { SqlDriver } from '../store/sqlite/driver';
import { eachUsage, usagePrint } from '../store/tables/stats';

export interface UsageSum extends TokenUsage {
  /** Local, e.g. 2026-11-22. */
  day: string;
  projectId: number;
  model: string;
  /** US dollars at list prices; 0 for a model without a price. */
  usd: number;
  /** Cost of its prompts without a cache, minus the real cost. */
  savedUsd: number;
  isPriced: boolean;
  answers: number;
  /** Answers whose count of output is a placeholder: it is left out. */
  placeholders: number;
}

/** Longest span that can be requested. */
const maxDays = 366;
const nano = 1e9;

export class UsageByDay {
  #closed: { until: number; print: string; sums: UsageSum[] } | undefined;

  constructor(readonly driver: SqlDriver) {}

  /** Sums of the last 366 days, today included. */
  sums(now: number): UsageSum[] {
    const today = startOfDay(now, 0);
    const print = usagePrint(this.driver, today);
    if (this.#closed?.until !== today || this.#closed.print !== print)
      this.#closed = { until: today, print, sums: this.#count(startOfDay(now, maxDays - 1), today) };
    return [...this.#closed.sums, ...this.#count(today, Number.MAX_SAFE_INTEGER)];
  }

  #count(since: number, until: number): UsageSum[] {
    const sums = new Map<string, UsageSum>();
    const dayAt = rememberDays();
    eachUsage(
      this.driver,
      since,
      until,
      ({ at, projectId, model, input, cacheRead, cacheWrite, cacheWriteHour, ...row }) => {
        const output = row.isPlaceholder ? 0 : row.output;
        const day = dayAt(at);
        const key = `${day}\n${projectId}\n${model}`;
        let sum = sums.get(key);
        if (!sum)
          sums.set(
            key,
            (sum = {
              day,
              projectId,
              model,
              inputTokens: 0,
              outputTokens: 0,
              cacheReadTokens: 0,
              cacheWriteTokens: 0,
              usd: 0,
              savedUsd: 0,
              isPriced: isPriced(model),
              answers: 0,
              placeholders: 0,
            }),
          );
        if (row.isAnswer) sum.answers++;
        if (row.isPlaceholder) sum.placeholders++;
        sum.inputTokens += input;
        sum.outputTokens += output;
        sum.cacheReadTokens += cacheRead;
        sum.cacheWriteTokens += cacheWrite;
        if (!sum.isPriced) return;
        // Priced per message, because long prompts have other rates.
        sum.usd +=
          costOf(
            model,
            {
              inputTokens: input,
              outputTokens: output,
              cacheReadTokens: cacheRead,
              cacheWriteTokens: cacheWrite,
              cacheWriteHourTokens: cacheWriteHour,
            },
            false,
          ) / nano;
        const prompt = { outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
        sum.savedUsd +=
          (costOf(model, { ...prompt, inputTokens: input + cacheRead + cacheWrite }, false) -
            costOf(
              model,
              {
                ...prompt,
                inputTokens: input,
                cacheReadTokens: cacheRead,
                cacheWriteTokens: cacheWrite,
                cacheWriteHourTokens: cacheWriteHour,
              },
              false,
            )) /
          nano;
      },
    );
    return [...sums.values()];
  }
}

/** When the local day began that is `daysBefore` before the day of a time. Days may have 23 or 25 hours. */
export function startOfDay(at: number, daysBefore: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysBefore).getTime();
}

/** The local day of a time, cached because neighbouring rows usually have the same day. */
export function rememberDays(): (at: number) => string {
  let from = Infinity;
  let to = -Infinity;
  let known = '';
  return (at) => {
    if (at >= from && at < to) return known;
    from = startOfDay(at, 0);
    to = startOfDay(at, -1);
    return (known = localDay(at));
  };
}
