/**
 * fast-check as the tests see it (an alias in vitest.config.ts). Its inputs are the same in every run, so that a run fails
 * because of a change and not because of a throw of the dice. `npm run test:properties` looks for inputs that fail: it
 * draws a new seed, and tries more inputs of each property.
 */
import * as fastCheck from '../node_modules/fast-check/lib/fast-check.js';

export * from '../node_modules/fast-check/lib/fast-check.js';

const seed = Number(process.env['PROPERTY_SEED'] ?? 1);
const times = Number(process.env['PROPERTY_TIMES'] ?? 1);
const usualRuns = 100;

export const assert: typeof fastCheck.assert = ((property: never, options: fastCheck.Parameters<never> = {}) =>
  fastCheck.assert(property, {
    seed,
    ...options,
    numRuns: (options.numRuns ?? usualRuns) * times,
  })) as typeof fastCheck.assert;
