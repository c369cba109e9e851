/** No secret gets through, and text that contains none is not changed. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeSecrets, pemBlock, places, randomText, secretPart } from '../../../test/fixtures/secrets';
/** No secret gets through, and text that contains none is not changed. */
import { growthOf, maxGrowth } from '../../../test/growth';
import { invisible } from './clean';
import { widenToRuns } from './find-secrets';
import { createRedactor, dropPrivate } from './redact';
import { findOwnSecrets } from './secrets/find-own';

const redactor = createRedactor({ salt: 'salt' });
const redactOne = async (text: string): Promise<string> => (await redactor.redact([text])).texts[0] as string;

/** Parts of a secret long enough to be useful to an attacker; none may be left. */
function leftovers(secret: string, text: string): string[] {
  const length = Math.min(12, secret.length);
  const runs = Array.from({ length: secret.length - length + 1 }, (_, at) => secret.slice(at, at + length));
  return runs.filter((run) => !/^-+(?:BEGIN|END)|PRIVATE|^[\s-]/.test(run) && text.includes(run));
}

describe('what was looked through in a line', () => {
  it('is taken for clean afterwards only when it is', async () => {
    for (const { value, hasShape } of fakeSecrets) {
      const texts = places
        .filter(({ isNamed }) => isNamed || hasShape)
        .map((place) => `${place.around(value)}\n${'and so on '.repeat(10)}`);
      const fresh = createRedactor({ salt: 'salt' });
      const expected = (await fresh.redact(texts)).texts;
      for (const [index, text] of texts.entries()) {
        await redactor.redactLines([
          Buffer.from(
            `${JSON.stringify({ type: 'user', content: [text, `before ${text}`], nested: JSON.stringify({ text }) })}\n`,
          ),
        ]);
        expect((await redactor.redact([text])).texts[0]).toBe(expected[index]);
      }
    }
  });

  it('stands among others in its place', async () => {
    const text = 'nothing secret stands in here '.repeat(20);
    const secret = fakeSecrets[0]!.value;
    await redactor.redactLines([Buffer.from(JSON.stringify({ text }))]);
    const { texts, redactions } = await redactor.redact([text, `use ${secret}`, text, 'other']);
    expect(texts).toEqual([text, expect.stringMatching(/^use \[REDACTED:/), text, 'other']);
    expect(redactions).toEqual([0, 1, 0, 0]);
  });
});

describe('a line of a transcript', () => {
  const redactLine = async (line: string | Buffer): Promise<Buffer> =>
    Buffer.from((await redactor.redactLines([Buffer.from(line)]))[0]!.bytes);
  const shaped = fakeSecrets.filter(({ hasShape, value }) => hasShape && !value.includes('\n'));
  const first = shaped[0]!.value;

  it('keeps no secret that is coloured or has a control character in it', async () => {
    for (const secret of shaped) {
      const { value } = secret;
      for (const at of [2, 5, Math.floor(value.length / 2)]) {
        for (const code of ['\u001B[m\u001B[K', '\u0000', '\u001B[01;31m\u001B[K']) {
          const text = `.env:KEY=\u001B[01;31m\u001B[K${value.slice(0, at)}${code}${value.slice(at)} after`;
          const kept = JSON.parse((await redactLine(JSON.stringify({ text }))).toString()) as { text: string };
          expect(leftovers(secretPart(secret), kept.text.replace(invisible, ''))).toEqual([]);
          expect(kept.text).toContain(' after');
        }
      }
    }
  });

  it('stays JSON when a key spans numbers and literals, and when its bytes are no UTF-8', async () => {
    const pem = pemBlock('', 7).split('\n');
    const spanning = (
      await redactLine(JSON.stringify([pem.slice(0, 4).join(''), 12, 'QQ', true, null, 'end']))
    ).toString();
    expect(JSON.parse(spanning)).toEqual([
      expect.stringMatching(/^\[REDACTED/),
      12,
      expect.any(String),
      true,
      null,
      expect.any(String),
    ]);
    const bytes = await redactLine(
      Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from(`","b":"\\u4e2d\\u0122 ${first}"}`)]),
    );
    expect(bytes.includes(0xff)).toBe(true);
    expect(JSON.parse(bytes.toString('latin1'))).toMatchObject({
      b: expect.stringMatching(/^中Ģ \[REDACTED/) as string,
    });
  });

  it('looked through at the same time as other texts mixes nothing up', async () => {
    const long = 'nothing secret stands in this text, which is long enough to be remembered as such '.repeat(2);
    await redactLine(JSON.stringify({ long }));
    const texts = redactor.redact([long, 'a title', long]);
    await redactLine(JSON.stringify({ other: 'line' }));
    expect((await texts).texts).toEqual([long, 'a title', long]);
  });
});

describe('secrets', () => {
  for (const secret of fakeSecrets) {
    it(`${secret.name} does not pass, wherever it stands`, async () => {
      const tried = places.filter(({ isNamed }) => isNamed || secret.hasShape);
      const part = secretPart(secret);
      const { texts } = await redactor.redact(tried.map((place) => place.around(secret.value)));
      const leaks = tried.filter(
        (_, index) =>
          (texts[index] as string).includes(part) ||
          (part.length > 19 && part.includes('\n') && leftovers(part, texts[index] as string).length > 0),
      );
      expect(leaks.map(({ name }) => name)).toEqual([]);
    });
  }

  it('a private key printed with line numbers, escaped, indented or cut off does not pass', async () => {
    const key = pemBlock('RSA ', 300, 8);
    const forms = {
      numbered: key
        .split('\n')
        .map((line, index) => `${String(index + 1).padStart(6)}\t${line}`)
        .join('\n'),
      arrowed: key
        .split('\n')
        .map((line, index) => `${String(index + 1).padStart(6)}→${line}`)
        .join('\n'),
      escaped: JSON.stringify({ type: 'service_account', private_key: key }),
      twice: JSON.stringify(JSON.stringify({ private_key: key })),
      indented: key.replace(/^/gm, '    '),
      added: key.replace(/^/gm, '+'),
      removed: key.replace(/^/gm, '-'),
      quoted: key
        .split('\n')
        .map((line) => `  '${line}',`)
        .join('\n'),
      windows: key.replaceAll('\n', '\r\n'),
      'without an end': key.split('\n').slice(0, -1).join('\n'),
    };
    const body = key.split('\n').slice(1, -1);
    for (const [form, text] of Object.entries(forms)) {
      const safe = await redactOne(`before\n${text}\n`);
      expect([form, ...body.filter((line) => safe.includes(line.slice(0, 24)))]).toEqual([form]);
      expect(safe).toMatch(/^before\n/);
    }
  });

  it('several secrets of one line are replaced each, and the words between them stay', async () => {
    const [a, b] = [
      ['gh', 'p_'].join('') + randomText(36, 'abcdefghij0123456789', 7),
      ['AK', 'IA'].join('') + randomText(16, 'ABCDEFGHIJ234567', 8),
    ];
    expect(await redactOne(`first ${a} and then ${b} at last`)).toMatch(
      /^first \[REDACTED:[\w-]+:[0-9a-f]{8}\] and then \[REDACTED:[\w-]+:[0-9a-f]{8}\] at last$/,
    );
  });

  it('equal secrets get equal marks, others do not, and another store marks them otherwise', async () => {
    const make = (count: number) => ['gl', 'pat-'].join('') + randomText(20, 'abcdefghijklmnop0123456789', count);
    const markOf = (text: string) => /\[REDACTED:[^\]]+\]/.exec(text)?.[0];
    const first = markOf(await redactOne(`one ${make(1)}`));
    expect(markOf(await redactOne(`TOKEN_VALUE: ${make(1)} again`))).toBe(first);
    expect(markOf(await redactOne(`two ${make(2)}`))).not.toBe(first);
    const other = await createRedactor({ salt: 'pepper' }).redact([`one ${make(1)}`]);
    expect(markOf(other.texts[0] as string)).not.toBe(first);
  });

  it('text in the form of a mark hides nothing', async () => {
    const tokens = [
      ['gh', 'p_'].join('') + randomText(36, 'abcdefghij0123456789', 21),
      ['sk-', 'ant-api03-'].join('') + randomText(24, 'abcdefghij0123456789', 22),
    ];
    for (const token of tokens) expect(await redactOne(`see [REDACTED:${token}:00000000] there`)).not.toContain(token);
    expect(await redactOne('see [REDACTED:github:00000000] there')).toBe('see [REDACTED:github:00000000] there');
  });

  it('any number of tokens without a space between them leave none in clear', async () => {
    const tokens = Array.from(
      { length: 40 },
      (_, index) => ['gh', 'p_'].join('') + randomText(36, 'abcdefghij0123456789', 30 + index),
    );
    const fixed = tokens.map((_, index) => ['AK', 'IA'].join('') + randomText(16, 'ABCDEFGHIJ234567', 90 + index));
    for (const count of [2, 9, 12, 40]) {
      const safe = await redactOne(`before ${fixed.slice(0, count).join('')} after`);
      expect([count, fixed.filter((token) => safe.includes(token.slice(4))).length]).toEqual([count, 0]);
      for (const glue of ['', '_', 'x']) {
        const glued = await redactOne(`before ${tokens.slice(0, count).join(glue)} after`);
        expect([count, glue, tokens.filter((token) => glued.includes(token.slice(4, 30))).length]).toEqual([
          count,
          glue,
          0,
        ]);
        expect(glued).toMatch(/^before \S+ after$/);
      }
    }
  });

  it('what still shows secrets after the last round goes as a whole run of letters, once', () => {
    const at = (start: number, end: number) => ({ kind: 'jwt', start, end });
    expect(widenToRuns('see aaBBccDD ee\nFF', [at(6, 8), at(10, 11), at(17, 18)])).toEqual([at(4, 12), at(16, 18)]);
    expect(widenToRuns('a BB cc', [at(2, 6)])).toEqual([at(2, 7)]);
  });

  it('a text cannot switch the rules off', async () => {
    // A token that secretlint's rules know, of which ours know only longer ones.
    const token = [
      'ops',
      `_${Buffer.from(JSON.stringify({ muk: randomText(117, 'abcdefghij0123456789', 9) })).toString('base64')}`,
    ].join('');
    expect(token).toMatch(/fQ==$/);
    expect(findOwnSecrets(token)).toEqual([]);
    expect(await redactOne(token)).not.toContain(token);
    for (const comment of [
      'secretlint-disable',
      '// secretlint-disable',
      '/* secretlint-disable */',
      '# secretlint-disable-next-line',
      'secretlint-disable @secretlint/secretlint-rule-1password',
      '// secretlint-disable-line',
    ]) {
      const { texts } = await redactor.redact([`${comment}\n${token} ${comment}`, `x\n${token}`]);
      for (const text of texts) expect([comment, text.includes(token)]).toEqual([comment, false]);
    }
  });

  it('a key that is not closed takes nothing from its neighbours in a batch', async () => {
    const open = pemBlock('RSA ', 301).split('\n').slice(0, -1).join('\n');
    const close = `the end of one: ${pemBlock('RSA ', 302).split('\n').at(-1)}`;
    const { texts, redactions } = await redactor.redact([
      'first',
      `${open}\n# a comment after it`,
      'an innocent neighbour',
      close,
      'last',
    ]);
    expect(texts[0]).toBe('first');
    expect(texts[1]).toMatch(/# a comment after it$/);
    expect(texts[2]).toBe('an innocent neighbour');
    expect(texts[4]).toBe('last');
    expect(redactions.map((count) => count > 0)).toEqual([false, true, false, false, false]);
  });
});

const dashed = '00000000-0000-4000-8000-000000000000'.replace(/0/g, () => 'a');
/** Texts that resemble secrets. None of them may be changed. */
const harmless: readonly string[] = [
  'session 8dab6c26-1111-4111-8111-111111111111 was resumed',
  `uuid: ${dashed}`,
  'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  'HEAD is now at 3f78685 fix the basket',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'integrity sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
  '2026-11-22T16:16:15.123Z',
  '1763828175123',
  'pid 4242424242424241',
  'order 1234567812345678',
  'call +1 415 555 2671 or 415-555-2671',
  'tel: 010-62771234, 13800138000',
  'The token is refreshed when the password changes; the secret is to keep it short.',
  'Please add a token field to the login form and a password reset.',
  'const token = getToken();',
  'const token = await readToken(path);',
  'let password = form.password.value;',
  'apiKey: process.env.API_KEY',
  'API_KEY=$API_KEY',
  'API_KEY=${SERVICE_API_KEY}',
  'api_key = os.environ["API_KEY"]',
  'token = config.get("token")',
  'password: string;',
  'password?: string | undefined',
  'secret: Secret',
  'token: CancellationToken',
  'this.accessToken = accessToken;',
  'passwordHash: hashPassword(input.password)',
  'if (token === undefined) return;',
  'TOKEN=<your-token>',
  'API_KEY=your-api-key-here',
  'PASSWORD=changeme',
  'apiKey: "xxxxxxxxxxxxxxxx"',
  'password: "********"',
  'SECRET_KEY=placeholder',
  'Authorization: Bearer <token>',
  'Authorization: Bearer $TOKEN',
  '-H "Authorization: Bearer ${GITHUB_TOKEN}"',
  'x-api-key: YOUR_API_KEY',
  'https://user:password@example.com'.replace('password', '<password>'),
  'postgres://user:${DB_PASSWORD}@host/db',
  'git@github.com:someone/shop.git',
  'ssh://git@example.com:22/shop.git',
  'http://localhost:3000/@vite/client',
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'import { tokenize } from "./tokenize"',
  'tokens: { input: 3, output: 5 }',
  'max_tokens: 4096',
  'CalculateTotalTokenUsage: 2.119834ms',
  'input_tokens=12345678',
  '"cache_creation_input_tokens": 10234567',
  'tokenizer: cl100k_base',
  'password_reset_token_expires_at',
  'keyboard: qwertyuiop',
  'pk_test is the prefix',
  'sk- is a prefix',
  'src/auth/token-store.test.ts',
  'token: src/auth/token2.ts',
  'secrets: inherit',
  'secretName: database-credentials',
  'toolu_01A2b3C4d5E6f7G8h9',
  'msg_01XFDUDYJgAACzvnptvVoYEL',
  'req_011CSHoEeqs5C35K2UUqR7Fy',
  'https://example.com/a/b/c?page=2&sort=desc#L120-L140',
  'AKIA is how they begin',
  'eyJ is base64 for {"',
  'version 10.0.19045.3803',
  '192.168.100.200:8080',
  '123-456-7890',
  'ISBN 978-3-16-148410-0',
  '4242 4242 4242 4242 4242 4242',
  'rows 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16',
  '0.123456789012345678',
  '-----BEGIN CERTIFICATE-----',
  '-----BEGIN PUBLIC KEY-----',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ someone@example.com',
  'function hf_hub_download() {}',
  'npm_config_cache=/tmp/cache',
  'npm_package_version',
  'key-value store',
  'set-cookie: theme=dark',
  'Cookie: a=b',
  '令牌在登录后刷新，密码不保存',
  'トークンを更新する',
];

describe('what is no secret', () => {
  it(`passes unchanged: 0 of ${harmless.length} texts are taken for secrets`, async () => {
    const { texts, redactions } = await redactor.redact(harmless);
    expect(texts.filter((text, index) => text !== harmless[index])).toEqual([]);
    expect(redactions.reduce((sum, count) => sum + count, 0)).toBe(0);
  });
});

/** Words, secrets, marks and punctuation in any order. */
const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(...fakeSecrets.map(({ value }) => value)),
  fc.constantFrom(...harmless),
  fc.constantFrom('\n', ' ', '"', '=', ': ', '\\n', '\t', '[REDACTED:jwt:', 'token', 'Cookie: ', '@', '://a:'),
);
const anyText = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));

describe('redaction', () => {
  it('of any text never throws, and doing it twice changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const once = await redactOne(text);
        expect(await redactOne(once)).toBe(once);
      }),
      { numRuns: 300 },
    );
  });

  it('of a batch is that of its texts one by one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyText, { minLength: 1, maxLength: 6 }), async (texts) => {
        const batch = await redactor.redact(texts);
        const single = await Promise.all(texts.map(redactOne));
        expect(batch.texts).toEqual(single);
        expect(batch.redactions).toHaveLength(texts.length);
      }),
      { numRuns: 150 },
    );
  });

  it('of a known secret leaves nothing of it, whatever stands around', async () => {
    const shaped = fakeSecrets.filter(
      ({ hasShape, value }) => hasShape && !value.includes('\n') && !/card|number/.test(value),
    );
    const glue = fc.constantFrom(
      ' ',
      '\n',
      '"',
      "'",
      '`',
      '=',
      ': ',
      '(',
      ',',
      '\\n',
      '\\t',
      '|',
      '<',
      '>',
      '→',
      '。',
      '+',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...shaped),
        glue,
        fc.constantFrom(' ', '\n', '"', "'", ')', '`', '\\n"', ','),
        fc.string(),
        async (secret, before, after, rest) => {
          expect(await redactOne(`${rest}${before}${secret.value}${after}`)).not.toContain(secretPart(secret));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('of a text longer than one group finds secrets at its beginning, middle and end', async () => {
    const token = ['gh', 'p_'].join('') + randomText(36, 'abcdefghij0123456789', 11);
    const filler = 'all work and no play\n'.repeat(40_000);
    const { texts, redactions } = await redactor.redact([
      `${token}\n${filler}${token}\n${filler}${token}`,
      token,
      filler,
    ]);
    expect(redactions).toEqual([3, 1, 0]);
    expect(texts[0]).not.toContain(token);
  });
});

describe('a text made to cost time', () => {
  const units = [
    'a.',
    'eyJ-',
    'token',
    'token=',
    'token="',
    'a@b:',
    '://a:',
    '-----BEGIN ',
    `${pemBlock('RSA ', 303).split('\n')[0]}\n`,
    'cookie:',
    '4242 ',
    'SG.',
    'bearer ',
    '\\',
    'token\\\\\\',
    '1-',
    '<private>\n',
    'a <private> ',
    '</private> a <private>',
  ];
  it.each(units)('%j again and again is looked through in time that grows with the length', async (unit) => {
    const look = (size: number) => redactOne(unit.repeat(Math.ceil(size / unit.length)));
    expect(await growthOf(look, 40_000)).toBeLessThan(maxGrowth);
  });
});

describe('private spans', () => {
  it.each([
    ['a <private>b</private> c', 'a  c', 1],
    ['<private>a</private>b<private>c\nd</private>', 'b', 2],
    ['a\n<private>\nto the end', 'a', 1],
    ['nothing private here', 'nothing private here', 0],
    ['the `<private>` tag hides text', 'the `<private>` tag hides text', 0],
    ['', '', 0],
    ['  <private>a</private> and what follows', '   and what follows', 1],
    ['<private>a</private> b <private> c', ' b <private> c', 1],
    ['a\n \t<private>b\n</private>\nc', 'a\n \t\nc', 1],
  ])('%j becomes %j', (text, rest, count) => {
    expect(dropPrivate(text)).toEqual({ text: rest, privates: count });
  });

  it('are gone before secrets are looked for, and counted', async () => {
    const token = ['gh', 'p_'].join('') + randomText(36, 'abcdefghij0123456789', 12);
    expect(await redactor.redact([`see <private>${token}</private> here`, 'b'])).toEqual({
      texts: ['see  here', 'b'],
      redactions: [0, 0],
      privates: [1, 0],
    });
  });

  it('leave none of their words, however many there are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.stringMatching(/^[a-z ]{0,10}$/), fc.stringMatching(/^[A-Z\n]{1,10}$/)), { maxLength: 5 }),
        (parts) => {
          const { text, privates } = dropPrivate(
            parts.map(([open, hidden]) => `${open}<private>${hidden}</private>`).join(''),
          );
          expect(text).toBe(parts.map(([open]) => open).join(''));
          expect(privates).toBe(parts.length);
        },
      ),
    );
  });
});

describe('a text of a line is read as it is in a file', () => {
  it.each([
    ['Le mot de passe: tournesolbleuet'],
    ['Name\tdb password\tRole\nlin\tmarblewillow\toperator\nThat is all.'],
    ['deploy:12:proxy.password: harborlily\ndeploy:13:'],
    ['machine code.internal\n  login lin\n  password thistleoak'],
  ])('%j', async (text) => {
    const alone = (await redactor.redact([text])).texts[0];
    expect(alone).toContain('[REDACTED:');
    const [line] = await redactor.redactLines([Buffer.from(JSON.stringify({ message: { content: text } }))]);
    expect(JSON.parse(Buffer.from(line!.bytes).toString())).toEqual({ message: { content: alone } });
    expect(line!.redactions).toBe(1);
  });
});
