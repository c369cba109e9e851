import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutChanges } from './net-lines';
import { ReplayedFile } from './replay';
import type { Change } from './replay';

const seen = (after: string, first = 0, isEnd = true): Change => ({
  before: '',
  after,
  reach: 'seen',
  isNew: false,
  window: { first, isEnd },
  session: 1,
});
const edit = (before: string, after: string): Change => ({
  before,
  after,
  reach: 'part',
  isNew: false,
  session: 1,
});

function netOf(...changes: Change[]): { before: string; after: string; file: ReplayedFile } {
  const file = new ReplayedFile(
    changes.map(({ session }) => session),
    true,
  );
  for (const [number, change] of changes.entries()) file.apply(change, number);
  const join = (lines: readonly string[]) => lines.join('\n');
  return {
    before: join(file.chunks.map((chunk) => join(withoutChanges(chunk)))),
    after: join(file.chunks.map((chunk) => join(chunk.map(({ text }) => text)))),
    file,
  };
}

describe('all changes of a file together', () => {
  it('have the file before them on one side, and after them on the other', () => {
    const line = fc.constantFrom('cart', '  total', '}', '', 'send(parcel)', 'return stock');
    const change = fc.record({ from: fc.nat(9), length: fc.nat(4), lines: fc.array(line, { maxLength: 4 }) });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 12 }),
        fc.array(change, { maxLength: 6 }),
        (start, steps) => {
          const made: Change[] = [seen(start.join('\n'))];
          let now = start.map((text, at) => `${text}<${at}>`);
          made[0] = seen(now.join('\n'));
          const first = now.join('\n');
          for (const { from, length, lines } of steps) {
            const at = Math.min(from, now.length - 1);
            const old = now.slice(at, at + Math.max(1, length));
            const next =
              lines.length === 0
                ? [`x<${made.length}>`]
                : lines.map((text, index) => `${text}<${made.length}.${index}>`);
            made.push(edit(old.join('\n'), next.join('\n')));
            now = [...now.slice(0, at), ...next, ...now.slice(at + old.length)];
          }
          const net = netOf(...made);
          // Lines are unique, so that each edit has one place.
          expect(net.after).toBe(now.join('\n'));
          expect(net.before).toBe(first);
        },
      ),
    );
  });

  it('show an indentation too, and nothing when all was taken back', () => {
    const old = 'function pack() {\nreturn parcel;\n}';
    const indented = netOf(seen(old), edit('return parcel;', '  return parcel;'));
    expect(indented).toMatchObject({ before: old, after: 'function pack() {\n  return parcel;\n}' });
    const back = netOf(seen(old), edit('return parcel;', 'return box;'), edit('return box;', 'return parcel;'));
    expect(back.before).toBe(back.after);
  });

  it('leave what others did in between on both sides', () => {
    const old = 'const stock = 1;\nconst shelf = 2;\nsend(stock);';
    const mine = edit('const shelf = 2;', 'const shelf = 3;\nconst box = 4;');
    const seenAgain = seen('// a person’s\nconst stock = 1;\nconst shelf = 3;\nconst box = 4;\nsend(stock, shelf);');
    const net = netOf(seen(old), mine, seenAgain);
    expect(net.before).toBe('// a person’s\nconst stock = 1;\nconst shelf = 2;\nsend(stock, shelf);');
    expect(net.after).toBe('// a person’s\nconst stock = 1;\nconst shelf = 3;\nconst box = 4;\nsend(stock, shelf);');
  });

  it('are told in pieces where the file was never seen', () => {
    const { file, before, after } = netOf(edit('sum(cart)', 'sum(cart, tax)'), edit('print(sum)', 'print(total)'));
    expect(file.isWhole).toBe(false);
    expect(file.chunks).toHaveLength(2);
    expect([before, after]).toEqual(['sum(cart)\nprint(sum)', 'sum(cart, tax)\nprint(total)']);
  });
});

describe('what was read of a file', () => {
  const lines = Array.from({ length: 30 }, (_, at) => `line number ${at}`);
  const part = (from: number, to: number, isEnd = false) => seen(lines.slice(from, to).join('\n'), from, isEnd);

  it('is joined where two readings touch, and is the whole file when they reach from one end to the other', () => {
    const two = netOf(part(10, 20), part(0, 8));
    expect(two.file.chunks.map((chunk) => chunk.length)).toEqual([8, 10]);
    expect(two.file.ends).toEqual({ isFirst: true, isLast: false });
    const { file, after } = netOf(part(10, 20), part(0, 12), part(20, 30, true));
    expect(file.isWhole).toBe(true);
    expect(after).toBe(lines.join('\n'));
  });

  it('moves on when an edit above it puts lines in', () => {
    const more = edit('line number 2', 'line number 2\nand another');
    const { file } = netOf(part(0, 5), more, part(10, 20));
    expect(file.chunks.map((chunk) => chunk[0]!.text)).toEqual(['line number 0', 'line number 10']);
    const joined = netOf(part(0, 5), part(8, 20), more, seen(lines.slice(5, 9).join('\n'), 6, false));
    expect(joined.file.chunks).toHaveLength(1);
    expect(joined.after.split('\n')).toHaveLength(21);
  });

  it('takes away what it contradicts, and says that somebody else was there', () => {
    const other = ['line number 3', 'of a person', ...lines.slice(4, 9)];
    const { file, after } = netOf(seen(lines.join('\n')), seen(other.join('\n'), 3, false));
    expect(file.isSure).toBe(false);
    expect(after).toContain('of a person');
    expect(after.split('\n').filter((line) => line === 'line number 4')).toHaveLength(1);
  });
});
