/**
 * What models cost, as data with a date. List prices of https://platform.claude.com/docs/en/about-claude/pricing; of
 * Claude Haiku 5.5 and the cache reads of Claude Sonnet 5.5 as two price trackers copied them from that page on
 * 2026-10-24. All in whole billionths of a dollar a token ("nano"): $1 per million tokens is 1000.
 */

/** The day for which the source is known to have said so. */
export const pricesOf = '2026-10-24';

export interface Rates {
  input: number;
  output: number;
  /** Into the cache that lasts five minutes, the only one used here. */
  cacheWrite: number;
  cacheRead: number;
}

export interface ModelPrice extends Rates {
  /** All of a request whose prompt is longer than `above` tokens costs this instead. */
  long?: Rates & { above: number };
  /** Takes `effort`; the others refuse it. */
  hasEffort: boolean;
}

export interface TokenUsage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
}

/**
 * Dollars per million tokens: input, output, and what a read from the cache costs. A write into it costs a quarter more
 * than input.
 */
const perMillion = (input: number, output: number, cacheRead = input / 10): Rates => ({
  input: Math.round(input * 1000),
  output: Math.round(output * 1000),
  cacheWrite: Math.round(input * 1250),
  cacheRead: Math.round(cacheRead * 1000),
});
const price = (rates: Rates, hasEffort = true, long?: ModelPrice['long']): ModelPrice => ({
  ...rates,
  hasEffort,
  ...(long && { long }),
});

const opus = price(perMillion(5, 25));
/** By model id; a date behind it (`-20251001`) names the same model. */
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

/** A model nobody has a price of is charged like the dearest one known: an estimate may be too high, never too low. */
const dearest: ModelPrice = Object.values(prices).reduce((one, other) => (one.output >= other.output ? one : other));

export const knownPrice = (model: string): ModelPrice | undefined =>
  Object.hasOwn(prices, nameOf(model)) ? prices[nameOf(model)] : undefined;

export const isPriced = (model: string): boolean => knownPrice(model) !== undefined;

/** In nano dollars, rounded up. A batch costs half. */
export function costOf(model: string, usage: TokenUsage, isBatch: boolean): number {
  const known = knownPrice(model) ?? dearest;
  const prompt = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const rates = known.long && prompt > known.long.above ? known.long : known;
  const nano =
    usage.inputTokens * rates.input +
    usage.outputTokens * rates.output +
    usage.cacheWriteTokens * rates.cacheWrite +
    usage.cacheReadTokens * rates.cacheRead;
  return isBatch ? Math.ceil(nano / 2) : nano;
}

/**
 * The most that so many tokens can cost: all of the prompt is written into the cache, and the answer is as long as it
 * may be.
 */
export function maxCostOf(model: string, inputTokens: number, maxTokens: number, isBatch: boolean): number {
  return costOf(
    model,
    { inputTokens: 0, cacheWriteTokens: inputTokens, cacheReadTokens: 0, outputTokens: maxTokens },
    isBatch,
  );
}

const nameOf = (model: string): string => model.replace(/-\d{8}$/, '');
