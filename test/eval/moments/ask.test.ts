import { afterEach, expect, it } from 'vitest';
import { defaultTuning } from '../../../src/core/answers/ask/choose';
import { whyUnsupported } from '../../../src/core/answers/ask/supported';
import { openTestMemory } from '../../fakes/test-memory';
import type { TestMemory } from '../../fakes/test-memory';
import { askAll, countAsked } from './ask';
import { casesOfSet, findAmendments, writeTalks } from './ask-made';
import { alteredOf } from './ask-report';
import { laterSet, tuningSet } from './ask-set';

let test: TestMemory | undefined;
afterEach(() => test?.close());

it.each([tuningSet, laterSet])(
  'of the talk $name most is answered right, and nothing that it does not tell',
  async (set) => {
    test = await openTestMemory();
    const now = await writeTalks(test.configDir, set);
    await test.import();
    findAmendments(test.driver, now);
    const asked = { memory: test.memory, driver: test.driver, now };
    const outcomes = await askAll(asked, casesOfSet(set));
    const able = countAsked(outcomes.filter(({ each }) => each.isAnswerable));
    const unable = countAsked(outcomes.filter(({ each }) => !each.isAnswerable));
    expect(able.right / able.asked).toBeGreaterThan(0.85);
    expect(able.right).toBeGreaterThan(able.hitRight);
    expect(unable.answered).toBeLessThanOrEqual(1);
    expect(outcomes.reduce((sum, { broken }) => sum + broken, 0)).toBe(0);

    // The control: without a least share, almost everything is answered, and that is seen.
    const always = await askAll(asked, casesOfSet(set), { ...defaultTuning, leastShort: 0.01, leastLong: 0.01 });
    const wrong = countAsked(always.filter(({ each }) => !each.isAnswerable));
    expect(wrong.answered / wrong.asked).toBeGreaterThan(0.5);

    // What is told passes the checker that a model's sentences pass; what is changed in it does not.
    const altered = alteredOf(asked, outcomes);
    const struck = altered.filter(({ text, quote, row }) => whyUnsupported(text, [{ quote, row }]) !== undefined);
    expect(struck.filter(({ isRight }) => isRight)).toEqual([]);
    expect(struck.length / altered.filter(({ isRight }) => !isRight).length).toBeGreaterThan(0.95);
  },
);
