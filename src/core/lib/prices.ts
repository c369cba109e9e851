/**
 * Prices of models, as data with a date. List prices of https://platform.claude.com/docs/en/about-claude/pricing; those
 * of Claude Haiku 5.5 and the cache reads of Claude Sonnet 5.5 as two price trackers copied them from that page on
 * 2026-10-24. In whole billionths of a dollar per token ("nano"): $1 per million tokens is 1000.
 */

/** The day on which the source was read. */
export const pricesOf = '2026-10-24';

export interface Rates {
  input: number;
  output: number;
  /** Writing to the five-minute cache, the only one used here. */
  cacheWrite: number;
  /** Writing to the one-hour cache, which Claude Code uses. */
  cacheWriteHour: number;
  cacheRead: number;
}

export interface ModelPrice extends Rates {
  /** Rates of the whole request when its prompt has more than `above` tokens. */
  long?: Rates & { above: number };
  /** The model accepts `effort`; others reject it. */
  hasEffort: boolean;
}

export interface TokenUsage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  /** Of `cacheWriteTokens`, those written for an hour. */
  cacheWriteHourTokens?: number;
}

/**
 * Dollars per million tokens for input, output and cache reads. A cache write costs a quarter more than input, and twice
 * as much as input when it lasts an hour.
 */
const perMillion = (input: number, output: number, cacheRead = input / 10): Rates => ({
  input: Math.round(input * 1000),
  output: Math.round(output * 1000),
  cacheWrite: Math.round(input * 1250),
  cacheWriteHour: Math.round(input * 2000),
  cacheRead: Math.round(cacheRead * 1000),
});
const price = (rates: Rates, hasEffort = true, long?: ModelPrice['long']): ModelPrice => ({
  ...rates,
  hasEffort,
  ...(long && { long }),
});

const opus = price(perMillion(5, 25));
/** By model id. An id with a date (`-20251001`) is the same model. */
const prices: Readonly<Record<string, ModelPrice>> = {
  'claude-fable-5-1': price(perMillion(10, 50, 0.25)),
  'claude-mythos-5-1': price(perMillion(10, 50, 0.25)),
  'claude-fable-5': price(perMillion(10, 50)),
  'claude-mythos-5': price(perMillion(10, 50)),
  'claude-opus-5-5': price(perMillion(4, 20, 0.2)),
  'claude-opus-5': opus,
  'claude-opus-4-8': opus,
  'claude-opus-4-7': opus,
  'claude-opus-4-6': opus,
  'claude-opus-4-5': opus,
  'claude-opus-4-1': price(perMillion(15, 75), false),
  'claude-sonnet-5-5': price(perMillion(2, 10, 0.1)),
  'claude-sonnet-5': price(perMillion(2, 10)),
  'claude-sonnet-4-6': price(perMillion(3, 15)),
  'claude-sonnet-4-5': price(perMillion(3, 15), false),
  'claude-haiku-5-5': price(perMillion(0.1, 0.5), true, { ...perMillion(0.5, 2.5), above: 100_000 }),
  'claude-haiku-4-5': price(perMillion(1, 5), false),
};

/** An unknown model is priced like the most expensive one, because an estimate may be too high but never too low. */
const dearest: ModelPrice = Object.values(prices).reduce((one, other) => (one.output >= other.output ? one : other));

export const knownPrice = (model: string): ModelPrice | undefined =>
  Object.hasOwn(prices, nameOf(model)) ? prices[nameOf(model)] : undefined;

export const isPriced = (model: string): boolean => knownPrice(model) !== undefined;

/** Cost in nano dollars, rounded up. A batch costs half. */
export function costOf(model: string, usage: TokenUsage, isBatch: boolean): number {
  const known = knownPrice(model) ?? dearest;
  const prompt = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const rates = known.long && prompt > known.long.above ? known.long : known;
  const hour = usage.cacheWriteHourTokens ?? 0;
  const nano =
    usage.inputTokens * rates.input +
    usage.outputTokens * rates.output +
    (usage.cacheWriteTokens - hour) * rates.cacheWrite +
    hour * rates.cacheWriteHour +
    usage.cacheReadTokens * rates.cacheRead;
  return isBatch ? Math.ceil(nano / 2) : nano;
}

/** Highest cost of this many tokens: the whole prompt is written to the cache and the answer has the longest length. */
export function maxCostOf(model: string, inputTokens: number, maxTokens: number, isBatch: boolean): number {
  return costOf(
    model,
    { inputTokens: 0, cacheWriteTokens: inputTokens, cacheReadTokens: 0, outputTokens: maxTokens },
    isBatch,
  );
}

const nameOf = (model: string): string => model.replace(/-\d{8}$/, '');
