import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { chunksOf } from './chunks';

it('cuts at the end of a paragraph, else of a sentence, else of a word', () => {
  const paragraph = `${'word '.repeat(140).trim()}.`;
  expect(chunksOf(`${paragraph}\n\n${paragraph}`)).toEqual([paragraph, paragraph]);
  const sentences = 'It says one thing. '.repeat(80);
  expect(chunksOf(sentences)[0]).toMatch(/thing\.$/);
  expect(chunksOf('letters '.repeat(300))[0]).toMatch(/letters$/);
});

it('takes Chinese in shorter pieces, for a model counts each letter', () => {
  const [first] = chunksOf('修复购物车的折扣计算。'.repeat(200));
  expect(first!.length).toBeLessThan(300);
  expect(first).toMatch(/。$/);
});

it('gives at most four pieces of at most a thousand letters, all of the text, in order, the same every time', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'Z', '.', ' ', '\n', '折', '😀', '!'), maxLength: 6000 }),
      (text) => {
        const pieces = chunksOf(text);
        expect(pieces.length).toBeLessThanOrEqual(4);
        let from = 0;
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(1000);
          expect(piece).not.toMatch(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/);
          from = text.indexOf(piece, from) + piece.length;
          expect(from).toBeGreaterThanOrEqual(piece.length);
        }
        expect(chunksOf(text)).toEqual(pieces);
      },
    ),
  );
});

it.each(['', '   \n ', '---', '…'])('of what says nothing (%j) there is no piece', (text) => {
  expect(chunksOf(text)).toEqual([]);
});
