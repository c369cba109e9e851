import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growthOf, maxGrowth } from '../../../../test/growth';
import { readReaction } from './reactions';
import type { Reaction } from './reactions';

describe('what the next message says', () => {
  it.each<[Reaction, string]>([
    ['accepts', 'perfect'],
    ['accepts', 'Great work! The tests pass now.'],
    ['accepts', 'ok, that is working now'],
    ['accepts', 'commit this'],
    ['accepts', 'yes, looks good to me. Can you also add a test?'],
    ['accepts', 'Perfect! What happens when it fails?'],
    ['accepts', '太好了,可以了'],
    ['accepts', '谢谢'],
    ['corrects', "no, that's not what I meant"],
    ['corrects', 'No, use the other file'],
    ['corrects', 'still fails with the same error'],
    ['corrects', "it doesn't work on Windows"],
    ['corrects', 'mise run build is failing'],
    ['corrects', 'you forgot the migration'],
    ['corrects', 'Great, but the list still shows the old name'],
    ['corrects', '不对,我要的是另一个'],
    ['corrects', '还是报错'],
    ['undoes', 'revert that'],
    ['undoes', 'no, undo those changes please'],
    ['undoes', 'Can you roll back the last change?'],
    ['undoes', '撤销刚才的修改'],
    ['neither', 'yes'],
    ['neither', 'no problem, go on'],
    ['neither', 'no worries'],
    ['neither', 'Now add a button that reverts the change'],
    ['neither', 'the undo command should ask first'],
    ['neither', 'do all the tests pass?'],
    ['neither', 'What happens if the build is broken?'],
    ['neither', 'it would be perfect if it had a title'],
    ['neither', 'make sure it still works when the server fails'],
    ['neither', '> that is wrong\nwhere does this come from?'],
    ['neither', 'Explain this log:\n\n```\nerror: it is broken, still failing\n```'],
    ['neither', 'ok, it works now but can you look at the colours?'],
    ['neither', ''],
  ])('%s: %s', (reaction, text) => {
    expect(readReaction(text).reaction).toBe(reaction);
  });

  it('names words that stand in the message', () => {
    const words = [
      'no,',
      'perfect',
      'revert',
      'that',
      'still fails',
      'not',
      'commit this',
      '```',
      '\n',
      '> ',
      ':',
      '?',
      'but',
      '不对',
      '谢谢',
      'it works',
      'now',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 12 })), { maxLength: 14 }),
        (parts) => {
          const text = parts.join(' ');
          const { reaction, words: told } = readReaction(text);
          expect(text).toContain(told);
          expect(told === '').toBe(reaction === 'neither');
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(['a ', 'no ', '"', 'it is '])('takes no longer over endless %j than its length asks for', async (unit) => {
    expect(await growthOf((size) => readReaction(unit.repeat(size)), 50_000)).toBeLessThan(maxGrowth);
  });
});

it('reads endless praise that ends otherwise in linear time', async () => {
  for (const unit of ['that looks ', 'it looks ', 'this looks ', 'really very all ']) {
    expect(readReaction(`${unit.repeat(40)}odd`).reaction).toBe('neither');
    expect(await growthOf((size) => readReaction(`${unit.repeat(size)}odd`), 2000)).toBeLessThan(maxGrowth);
  }
});
