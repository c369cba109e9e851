/** A person's own rules: words, patterns and personal data, found in whatever they stand in. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { personalKinds } from '../../protocol/redaction';
import type { OwnRules } from '../../protocol/redaction';
import { createPatternFinder, kindOfPattern } from './own-patterns';
import { createOwnFinder } from './own-rules';
import { createRedactor } from './redact';
import { passesIban, passesLuhn } from './secrets/check-digits';
import { findPersonal } from './secrets/personal';

const none: OwnRules = { patterns: [], words: [], kinds: [] };
const redactorWith = (rules: Partial<OwnRules>) => {
  const redactor = createRedactor({ salt: 'salt' });
  const own = { ...none, ...rules };
  redactor.setOwnRules(createOwnFinder(own), own);
  return redactor;
};
const redacted = async (text: string, rules: Partial<OwnRules>) =>
  (await redactorWith(rules).redact([text])).texts[0] as string;

/** The places a text may stand in. */
const around: readonly ((value: string) => string)[] = [
  (value) => value,
  (value) => `Please write to ${value}, thanks.`,
  (value) => JSON.stringify({ a: [value], b: 1 }),
  (value) => `const owner = '${value}'; // ${value}`,
  (value) => `a,b\n${value}\nc`,
  (value) => `(${value})`,
];

describe('own words', () => {
  const words = ['Marmot', 'Blue Heron', '张三丰', 'Åse'];
  it('are found whole, in any case and spelling', async () => {
    for (const text of [
      'marmot',
      'the MARMOT bites',
      'marmot_client and marmot-dev',
      'blue   heron',
      'Blue\nHeron',
      '我是张三丰的朋友',
      'ÅSE',
      'Åse'.normalize('NFD'),
      'ｍａｒｍｏｔ',
      `İİ ${'Åse'.normalize('NFD')} ﬁ`,
      String.raw`"line\nmarmot"`,
    ])
      expect([text, await redacted(text, { words })]).toEqual([text, expect.stringContaining('[REDACTED:own-word:')]);
  });

  it('are left in other words', async () => {
    for (const text of ['marmots', 'Marmoto', 'blueheron', 'Åsen', 'emarmot'])
      expect(await redacted(text, { words })).toBe(text);
  });

  it('take nothing beside them, wherever letters have several spellings', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 20 }),
        fc.string({ unit: 'grapheme', maxLength: 20 }),
        (a, b) => {
          const text = `${a.normalize('NFD')} marmot ${b}`;
          const [found = []] = createOwnFinder({ ...none, words })?.find([text]) ?? [];
          expect(found.map(({ start, end }) => text.slice(start, end))).toContain('marmot');
        },
      ),
    );
  });
});

describe('own patterns', () => {
  const patterns = [{ name: 'Staff number', pattern: String.raw`EMP-\d{6}` }];
  it('leave a mark with their name', async () => {
    for (const put of around) {
      const text = await redacted(put('EMP-123456'), { patterns });
      expect(text).toMatch(/\[REDACTED:own-staff-number:[0-9a-f]{8}\]/);
      expect(text).not.toContain('123456');
    }
    expect(kindOfPattern('客户')).toBe('own-pattern');
  });

  it('apply to lines of a transcript, which stay JSON', async () => {
    const line = Buffer.from(`${JSON.stringify({ text: 'a EMP-123456 b', n: 1 })}\n`);
    const [safe] = await redactorWith({ patterns }).redactLines([line]);
    const text = Buffer.from(safe!.bytes).toString();
    expect(text).not.toContain('EMP-123456');
    expect(JSON.parse(text)).toMatchObject({ n: 1 });
  });

  it('that take too long are ended and not applied again, others go on', () => {
    const finder = createPatternFinder([{ name: 'bad', pattern: '^(a+)+$' }, ...patterns], 200);
    const found = finder.find([`${'a'.repeat(40)}!`, 'EMP-123456']);
    expect([...finder.slow]).toEqual(['bad']);
    expect(found[1]).toHaveLength(1);
    expect(finder.find(['aaa'])).toEqual([[]]);
  });

  it('apply to texts that were clean before them', async () => {
    const redactor = createRedactor({ salt: 'salt' });
    const text = `a text that is long enough to be remembered as clean, with EMP-123456 somewhere in the middle of it`;
    await redactor.redactLines([Buffer.from(JSON.stringify({ text }))]);
    redactor.setOwnRules(createOwnFinder({ ...none, patterns }), { ...none, patterns });
    expect((await redactor.redact([text])).texts[0]).not.toContain('123456');
  });
});

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((all) => all.join(''));
const pick = (list: readonly string[]) => fc.constantFrom(...list);

const luhn = (body: string) => body + '0123456789'.split('').find((digit) => passesLuhn(body + digit));
const ibanOf = (country: string, account: string) => {
  for (let check = 2; ; check++) {
    const iban = `${country}${String(check).padStart(2, '0')}${account}`;
    if (passesIban(iban)) return iban;
  }
};
const inFours = (value: string) => value.replace(/(.{4})(?=.)/g, '$1 ');
const chineseIds = fc
  .tuple(
    pick(['110101', '440305', '310115']),
    fc.date({ min: new Date(0), max: new Date(1_600_000_000_000), noInvalidDate: true }),
    digits(3),
  )
  .map(([place, day, rest]) => {
    const body = place + day.toISOString().slice(0, 10).replaceAll('-', '') + rest;
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    return body + '10X98765432'[weights.reduce((sum, weight, at) => sum + weight * Number(body[at]), 0) % 11];
  });

const made = {
  email: fc
    .tuple(
      fc.stringMatching(/^[a-z][a-z0-9]{1,8}([.+_-][a-z0-9]{1,6})?$/),
      fc.stringMatching(/^[a-z][a-z0-9]{1,8}$/),
      pick(['de', 'com', 'co.uk', 'cn']),
    )
    .map(([who, where, top]) => `${who}@${where}x.${top}`),
  phone: fc.oneof(
    digits(9).map((rest) => `+49 30 ${rest}`.slice(0, 14)),
    digits(7).map((rest) => `+1 (415) ${rest.slice(0, 3)}-${rest.slice(3)}`),
    digits(10).map((rest) => `+86139${rest.slice(0, 8)}`),
    digits(8).map((rest) => `138 ${rest.slice(0, 4)} ${rest.slice(4)}`),
    digits(7).map((rest) => `(030) ${rest.slice(0, 3)} ${rest.slice(3)}`),
  ),
  cnId: chineseIds,
  card: fc.oneof(
    digits(14).map((rest) => luhn(`4${rest}`)),
    digits(13).map((rest) => luhn(`51${rest}`)),
    digits(12).map((rest) => luhn(`372${rest.slice(0, 11)}`)),
    digits(14).map((rest) => inFours(luhn(`4${rest}`)).replaceAll(' ', '-')),
  ),
  iban: fc.oneof(
    digits(18).map((account) => ibanOf('DE', account)),
    digits(18).map((account) => inFours(ibanOf('DE', account))),
    digits(14).map((account) => ibanOf('GB', `WEST${account}`)),
  ),
  ssn: fc
    .tuple(fc.integer({ min: 1, max: 665 }), fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 9999 }))
    .map(([a, b, c]) => `${String(a).padStart(3, '0')} ${String(b).padStart(2, '0')} ${String(c).padStart(4, '0')}`),
};

describe.each(personalKinds)('%s', (kind) => {
  it('is found in prose, JSON and code', () => {
    fc.assert(
      fc.property(made[kind], fc.constantFrom(...around), (value, put) => {
        const text = put(value);
        const covered = findPersonal(text, [kind]).map(({ start, end }) => text.slice(start, end));
        expect([text, covered]).toEqual([text, expect.arrayContaining([value])]);
      }),
    );
  });
});

describe('look-alikes', () => {
  const wrong = (value: string) => {
    const at = value.length - 1;
    return value.slice(0, at) + ((Number(value[at] === 'X' ? 0 : value[at]) + 1) % 10);
  };
  it.each(['card', 'iban', 'cnId'] as const)('of %s with a wrong check digit stay', (kind) => {
    fc.assert(
      fc.property(made[kind], (value) => {
        expect(findPersonal(`number ${wrong(value)} here`, [kind])).toEqual([]);
      }),
    );
  });

  it('of all kinds stay as they are', () => {
    for (const text of [
      'git@github.com:owner/repo.git',
      'noreply@github.com and 12+bob@users.noreply.github.com',
      'alice@example.com, bob@mail.example.org, x@host.test',
      'react@18.2.0, icon@2x.png, import a from "@scope/name"',
      'version 1.2.3.4, v10.20.30, 2026-11-30 12:30:45.123+01:00',
      '10.0.0.1:8080 192.168.100.200',
      '1732924800000 and 1732924800',
      'commit 9fceb02d0ae598e95dc970b74767f19372d61af8',
      '550e8400-e29b-41d4-a716-446655440000',
      'a + 1234567 and x+12345678',
      'DE00 0000 is short, GB99WEST12345698765432 is wrong',
      '900-12-3456 000-12-3456 666-12-3456 123-00-4567',
      'lines 100-200, 12345 67890, port 5432',
      'error 404 - 2023-10-11',
      '0.5 123 456 7890123',
    ])
      expect([text, findPersonal(text, personalKinds).map(({ start, end }) => text.slice(start, end))]).toEqual([
        text,
        [],
      ]);
  });
});
