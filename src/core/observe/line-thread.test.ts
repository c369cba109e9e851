/** Redacting lines in another thread gives what redacting them here gives, whatever happens to that thread. */
import { describe, expect, it } from 'vitest';
import { fakeSecrets } from '../../../test/fixtures/secrets';
import type { OwnRules } from '../../protocol/redaction';
import type { LineAnswer, LineThread } from './line-thread';
import { createOwnFinder } from './own-rules';
import { createRedactor } from './redact';
import type { RedactedLine } from './redact';

const salt = 'salt';
const none: OwnRules = { patterns: [], words: [], kinds: [] };
const line = (text: string) => Buffer.from(`${JSON.stringify({ text })}\n`);
const long = 'a text that is long enough to be remembered as clean, because searching it again costs more than looking';

/** A thread in this one that notes what it is asked. */
function fakeThread(answer?: (lines: readonly Uint8Array[]) => Promise<LineAnswer | undefined>) {
  const redactor = createRedactor({ salt });
  const asked: Uint8Array[][] = [];
  const thread: LineThread = {
    setRules: (rules) => redactor.setOwnRules(createOwnFinder(rules), rules),
    async redactLines(lines) {
      asked.push([...lines]);
      if (answer) return answer(lines);
      const redacted = await redactor.redactLines(lines);
      const changed = redacted.flatMap((each, index): [number, RedactedLine][] =>
        each.originalHash === undefined ? [] : [[index, each]],
      );
      return { changed: new Map(changed), slow: [] };
    },
    close() {},
  };
  return { thread, asked };
}

const lines = [
  line(long),
  ...fakeSecrets.map(({ value }) => line(`the token=${value} and more`)),
  line('<private>nobody reads this</private> this they do'),
  Buffer.from([0x7b, 0xff, 0xfe, 0x22, 0x61, 0x22, 0x7d, 10]),
  Buffer.from('half a line {"type":"user","mess'),
  line(''),
];

describe('lines that were begun', () => {
  it('are what they are without a thread, byte by byte', async () => {
    const { thread, asked } = fakeThread();
    const redactor = createRedactor({ salt, thread });
    redactor.begin(lines);
    const ahead = await redactor.redactLines(lines);
    expect(ahead).toEqual(await createRedactor({ salt }).redactLines(lines));
    expect(ahead.filter(({ originalHash }) => originalHash !== undefined).length).toBeGreaterThan(fakeSecrets.length);
    expect(asked).toEqual([lines]);
  });

  it('may be asked for in part, and beside others', async () => {
    const { thread } = fakeThread();
    const redactor = createRedactor({ salt, thread });
    redactor.begin(lines);
    const some = [line(`password: ${fakeSecrets[0]!.value}`), ...lines.filter((_, index) => index % 2 === 1)];
    expect(await redactor.redactLines(some)).toEqual(await createRedactor({ salt }).redactLines(some));
  });

  it('are redacted here when no answer comes', async () => {
    const { thread } = fakeThread(async () => undefined);
    const redactor = createRedactor({ salt, thread });
    redactor.begin(lines);
    expect(await redactor.redactLines(lines)).toEqual(await createRedactor({ salt }).redactLines(lines));
  });

  it('are known by their object: equal places in another buffer are other lines', async () => {
    const { thread } = fakeThread(async () => ({ changed: new Map(), slow: [] }));
    const redactor = createRedactor({ salt, thread });
    const secret = line(`token=${fakeSecrets[0]!.value}`);
    redactor.begin([secret]);
    const [same] = await redactor.redactLines([secret]);
    const [copy] = await redactor.redactLines([Buffer.from(secret)]);
    // The lie of this thread shows which of them was taken from it.
    expect(same!.redactions).toBe(0);
    expect(copy!.redactions).toBeGreaterThan(0);
  });
});

describe('rules of one’s own', () => {
  const rules: OwnRules = { ...none, words: ['Kestrel'] };
  const secret = line(`${long}, and Kestrel in it`);

  it('are applied by the thread too', async () => {
    const { thread } = fakeThread();
    const redactor = createRedactor({ salt, thread });
    redactor.setOwnRules(createOwnFinder(rules), rules);
    redactor.begin([secret]);
    expect(Buffer.from((await redactor.redactLines([secret]))[0]!.bytes).toString()).not.toContain('Kestrel');
  });

  it('that come while a line is redacted by the old ones are applied to it', async () => {
    let release = (_: LineAnswer) => {};
    const { thread } = fakeThread(() => new Promise((resolve) => (release = resolve)));
    const redactor = createRedactor({ salt, thread });
    for (const isAskedBefore of [true, false]) {
      redactor.setOwnRules(undefined, none);
      redactor.begin([secret]);
      const before = isAskedBefore ? redactor.redactLines([secret]) : undefined;
      redactor.setOwnRules(createOwnFinder(rules), rules);
      release({ changed: new Map(), slow: [] });
      const [redacted] = await (before ?? redactor.redactLines([secret]));
      expect(Buffer.from(redacted!.bytes).toString()).not.toContain('Kestrel');
    }
  });

  it('that took too long in the thread are left out here as well', async () => {
    const own = createOwnFinder({ ...none, patterns: [{ name: 'Ticket', pattern: 'T-\\d+' }] })!;
    const { thread } = fakeThread(async () => ({ changed: new Map(), slow: ['Ticket'] }));
    const redactor = createRedactor({ salt, thread });
    redactor.setOwnRules(own, none);
    redactor.begin([secret]);
    await redactor.redactLines([secret]);
    expect([...own.slow]).toEqual(['Ticket']);
  });
});

it('a text of a clean line is not searched again', async () => {
  const { thread } = fakeThread(async () => ({ changed: new Map(), slow: [] }));
  const redactor = createRedactor({ salt, thread });
  const lie = `${long} token=${fakeSecrets[0]!.value}`;
  const lied = line(lie);
  redactor.begin([lied]);
  await redactor.redactLines([lied]);
  expect((await redactor.redact([lie])).redactions).toEqual([0]);
  expect((await createRedactor({ salt }).redact([lie])).redactions).not.toEqual([0]);
});
