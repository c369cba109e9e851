/** Bytes that look like what is read, with faults in them: a good input, and changes to it at any place. */
import * as fc from 'fast-check';

type Change =
  | { kind: 'flip'; at: number; bit: number }
  | { kind: 'cut'; at: number; length: number }
  | { kind: 'repeat'; at: number; length: number; times: number }
  | { kind: 'put'; at: number; bytes: Uint8Array };

/** What parsers stumble over. */
const odd = ['\0', '\n', '\r\n', '"', '\\', '\\u0000', '\\ud800', '{', '}', '[', ']', 'null', '1e999', '-0', '\uFEFF'];
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('cut' as const), at: place, length: fc.nat(200) }),
  fc.record({
    kind: fc.constant('repeat' as const),
    at: place,
    length: fc.nat(80),
    times: fc.integer({ min: 1, max: 200 }),
  }),
  fc.record({
    kind: fc.constant('put' as const),
    at: place,
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 24 }),
      fc.constantFrom(...odd).map((text) => Buffer.from(text)),
    ),
  }),
);

export const mutated = (seeds: readonly Uint8Array[]): fc.Arbitrary<Buffer> =>
  fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { maxLength: 6 }))
    .map(([seed, changes]) => changes.reduce(apply, Buffer.from(seed)));

function apply(bytes: Buffer, each: Change): Buffer {
  const at = Math.floor(each.at * bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (each.kind) {
    case 'flip': {
      const flipped = Buffer.from(bytes);
      if (flipped.length > 0) flipped[at] = flipped[at]! ^ (1 << each.bit);
      return flipped;
    }
    case 'cut':
      return Buffer.concat([before, after.subarray(each.length)]);
    case 'repeat':
      return Buffer.concat([before, ...Array<Buffer>(each.times).fill(after.subarray(0, each.length)), after]);
    case 'put':
      return Buffer.concat([before, each.bytes, after]);
    default:
      return bytes;
  }
}
