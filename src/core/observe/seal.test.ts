/** Texts are cut to the stored length, and no cut leaves a part of a secret. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asRedacted, names } from '../../../test/fixtures/sealed';
import { fakeSecrets, pemBlock, randomText } from '../../../test/fixtures/secrets';
import { cleanText, scrub } from './clean';
import type { MessageRow, ObservedRow, ToolRow } from './observe';
import { createRedactor } from './redact';
import type { Redacted } from './redact';
import { cutLine, maxText, sealRows } from './seal';

const redactor = createRedactor({ salt: 'salt' });
const token = ['gh', 'p_'].join('') + randomText(36, 'abcdefghij0123456789', 21);

const message = (text: string): MessageRow => ({
  kind: 'message',
  uid: names.of('u'),
  turn: 1,
  at: 1,
  cwd: asRedacted('/work'),
  agentId: null,
  line: 0,
  role: 'user',
  note: '',
  text,
  truncatedBytes: 0,
  hash: names.of('h'),
  answerKey: null,
  olderAnswerKey: null,
  model: '',
});
const tool = (more: Partial<ToolRow>): ToolRow => ({
  kind: 'tool',
  uid: names.of('u'),
  turn: 1,
  at: 1,
  cwd: asRedacted('/work'),
  agentId: null,
  line: 3,
  toolUseId: names.of('t'),
  tool: 'Bash',
  headline: 'h',
  input: '',
  diffs: [],
  importance: 0.4,
  isAnswered: true,
  result: {
    type: 'tool_result',
    output: '',
    preview: '',
    truncatedBytes: 0,
    exitStatus: 0,
    fingerprint: null,
    files: [],
  },
  ...more,
});
const seal = async (row: ObservedRow) => (await sealRows([row], [], redactor)).rows[0]!;

/** Parts of the secret long enough to be useful. */
const pieces = (secret: string, length = 10): string[] =>
  Array.from({ length: Math.max(1, secret.length - length + 1) }, (_, at) => secret.slice(at, at + length));
const isClean = (row: unknown, secret: string): boolean => {
  const text = JSON.stringify(row);
  return pieces(secret).every((piece) => !text.includes(piece));
};
/** A text of a given length with a secret at a given place. */
const around = (secret: string, before: number, total: number, unit = 'word and '): string => {
  const fill = (length: number) => unit.repeat(Math.ceil(length / unit.length) + 1).slice(0, length);
  return `${fill(before)} ${secret} ${fill(Math.max(0, total - before - secret.length))}`;
};

describe('a cut', () => {
  it('near the length memory keeps never leaves part of a secret, whatever its place', async () => {
    const limits = [Math.floor(maxText * 0.75), maxText, maxText * 2 - Math.floor(maxText * 0.25)];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...limits),
        fc.integer({ min: -80, max: 20 }),
        fc.constantFrom('message', 'output', 'input', 'diff'),
        async (limit, offset, where) => {
          const text = around(token, limit + offset, maxText * 2);
          const row =
            where === 'message'
              ? message(text)
              : tool(
                  where === 'output'
                    ? { result: { ...tool({}).result, output: text } }
                    : where === 'input'
                      ? { input: text }
                      : { diffs: [{ file: 'a', before: text, after: text }] },
                );
          expect(isClean(await seal(row), token)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of a headline, a title or a preview never leaves part of a secret', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 320 }), async (before) => {
        const text = around(token, before, 400);
        expect(isClean(await seal(tool({ headline: text })), token)).toBe(true);
        expect(isClean(await seal(tool({ headline: '', result: { ...tool({}).result, output: text } })), token)).toBe(
          true,
        );
        expect(isClean((await sealRows([], [text], redactor)).titles, token)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('of a text too long to be looked through is made where no secret is cut', async () => {
    const most = 1 << 20;
    for (const limit of [most * 0.75, most * 1.25, most * 1.5 - 40]) {
      for (const offset of [-41, -20, -1, 1]) {
        for (const unit of ['word and ', 'line\n', 'x']) {
          const { text } = cleanText(around(token, limit + offset, most * 1.5, unit));
          expect([limit, offset, unit, isClean((await redactor.redact([text])).texts, token)]).toEqual([
            limit,
            offset,
            unit,
            true,
          ]);
        }
      }
    }
  });

  it('through a private key of a long log leaves none of its lines', async () => {
    const most = 1 << 20;
    const key = pemBlock('RSA ', 400, 24);
    const lines = key.split('\n').slice(1, -1);
    for (const limit of [most * 0.75, most * 1.25]) {
      for (const offset of [-1600, -900, -60]) {
        const before = 'line\n'.repeat((limit + offset) / 5);
        const { text } = cleanText(`${before}${key}\n`.padEnd(most * 1.5, 'line\n'));
        const safe = (await redactor.redact([text])).texts[0] as string;
        expect([limit, offset, lines.filter((line) => safe.includes(line.slice(0, 30))).length]).toEqual([
          limit,
          offset,
          0,
        ]);
      }
    }
  });

  it('keeps beginning and end, and says how much is missing', async () => {
    const text = `begin ${'x '.repeat(60_000)} end`;
    const row = (await seal(message(text))) as MessageRow<Redacted>;
    expect(row.text).toMatch(/^begin [\s\S]*shortened[\s\S]* end$/);
    const kept = row.text.replace('\n\n[… shortened …]\n\n', '');
    expect(row.truncatedBytes).toBe(Buffer.byteLength(text) - Buffer.byteLength(kept));
    expect(row.text.length).toBeLessThan(maxText + 100);
    expect((await seal(message('short'))) as MessageRow<Redacted>).toMatchObject({ text: 'short', truncatedBytes: 0 });
  });

  it('never leaves half a letter', async () => {
    const lone = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
    for (let shift = 0; shift < 4; shift++) {
      const text = 'a'.repeat(shift) + '👍'.repeat(maxText);
      const row = (await seal(
        tool({
          headline: text,
          input: text,
          diffs: [{ file: 'a', before: text, after: '' }],
          result: { ...tool({}).result, output: text },
        }),
      )) as ToolRow<Redacted>;
      for (const each of [row.headline, row.input, row.diffs[0]?.before, row.result.output, row.result.preview])
        expect(each).not.toMatch(lone);
    }
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('👍', 'a', '汉'), { maxLength: 60 }),
        fc.integer({ min: 2, max: 40 }),
        (letters, most) => {
          const cut = cutLine(letters.join('') as Redacted, most);
          expect(cut).not.toMatch(lone);
          expect(cut.length).toBeLessThanOrEqual(Math.max(most, 1));
        },
      ),
    );
  });
});

describe('sealing', () => {
  it('lets no secret through any field of any row', async () => {
    for (const { value } of fakeSecrets.filter(
      ({ hasShape, value: each }) =>
        hasShape && each.length > 20 && !each.includes('\n') && !/^[a-z+]+:\/\//.test(each),
    )) {
      const all = tool({
        headline: `a ${value} b`,
        input: value,
        diffs: [{ file: `/work/${value}`, before: value, after: value }],
        result: { ...tool({}).result, output: value, files: [`/work/${value}`] },
      });
      const { rows, titles } = await sealRows(
        [all, message(value), { kind: 'late_result', toolUseId: names.of('t'), own: all }],
        [value],
        redactor,
      );
      expect([value.slice(0, 8), JSON.stringify([rows, titles]).includes(value)]).toEqual([value.slice(0, 8), false]);
    }
  });

  it('lets no secret through any name: of a model, a tool or an agent', async () => {
    const call = tool({ model: token, tool: token, agentId: token });
    const tokens = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, cacheWriteHour: 0, said: 0 };
    const sealed = await sealRows(
      [
        { ...message('words'), model: token, agentId: token },
        call,
        { kind: 'late_result', toolUseId: names.of('t'), own: call },
      ],
      [],
      redactor,
      {
        usage: [{ kind: 'usage', message: names.of('m'), model: token, at: 1, ...tokens }],
        cost: { kind: 'cost', models: [{ model: token, ...tokens }], at: 1 },
      },
    );
    const mark = expect.stringMatching(/^\[REDACTED:github-token:\w{8}\]$/) as string;
    expect(sealed.rows).toMatchObject([
      { text: 'words', model: mark, agentId: mark },
      { model: mark, tool: mark, agentId: mark },
      { own: { model: mark, tool: mark, agentId: mark } },
    ]);
    expect(sealed).toMatchObject({ usage: [{ model: mark }], cost: { models: [{ model: mark }] } });
    expect(isClean(sealed, token)).toBe(true);
  });

  it('puts every text back where it came from', async () => {
    const row = tool({
      headline: 'head',
      input: 'in',
      diffs: [
        { file: 'f1', before: 'b1', after: 'a1' },
        { file: 'f2', before: 'b2', after: 'a2' },
      ],
      result: { ...tool({}).result, output: 'out', files: ['x', 'y'] },
    });
    const { rows } = await sealRows(
      [message('first'), row, { kind: 'late_result', toolUseId: names.of('t'), own: row }],
      ['title'],
      redactor,
    );
    expect(rows[0]).toMatchObject({ text: 'first' });
    expect(rows[1]).toMatchObject({
      headline: 'head',
      input: 'in',
      diffs: row.diffs,
      result: { output: 'out', preview: 'out', files: ['x', 'y'] },
    });
    expect(rows[2]).toMatchObject({ kind: 'late_result', own: { headline: 'head', result: { output: 'out' } } });
  });

  it('tells which lines lost a private span, and counts the secrets', async () => {
    const { privateLines, redactions, rows } = await sealRows(
      [
        { ...message('<private>x</private>'), line: 7 },
        { ...message(`${token} ${token}`), line: 8 },
      ],
      [],
      redactor,
    );
    expect([[...privateLines], redactions, (rows[0] as MessageRow).text]).toEqual([[7], 2, '']);
  });
});

describe('cleaning', () => {
  it.each([
    ['\u001B[31mred\u001B[0m', 'red'],
    ['a\r\nb', 'a\nb'],
    ['a\0b\u0007c', 'abc'],
    ['tab\tstays\n', 'tab\tstays\n'],
    ['half \uD83D letter', 'half \uFFFD letter'],
    ['👍', '👍'],
    ['\u001B]0;title\u0007text', 'text'],
  ])('%j becomes %j', (raw, clean) => {
    expect(scrub(raw)).toBe(clean);
  });

  it('of any text leaves no terminal codes, no NUL and no half letters, and twice is once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        const clean = scrub(raw);
        expect(clean).not.toMatch(/[\0-\u0008\u000B\u000C\u000E-\u001F\u007F]/);
        expect(Buffer.from(clean).toString()).toBe(clean);
        expect(scrub(clean)).toBe(clean);
      }),
      { numRuns: 500 },
    );
  });
});
