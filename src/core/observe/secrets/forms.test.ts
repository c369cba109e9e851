/** Secrets in the forms in which people and programs write them, and text that only looks like that. */
import { describe, expect, it } from 'vitest';
import { plantedForms } from '../../../../test/fixtures/secret-forms';
import { createRedactor } from '../redact';

const redactor = createRedactor({ salt: 'salt' });
const planted = plantedForms(31);

describe('planted secrets', () => {
  it.each([
    ['named', 0.97],
    ['shape', 0.995],
  ] as const)('that are %s are taken out', async (group, least) => {
    const ours = planted.filter((each) => each.group === group);
    const { texts } = await redactor.redact(ours.map(({ text }) => text));
    const missed = ours.filter(({ secret }, index) => texts[index]?.includes(secret));
    expect(ours.length).toBeGreaterThan(1000);
    expect(
      1 - missed.length / ours.length,
      `missed: ${[...new Set(missed.map(({ form }) => form))].join(', ')}`,
    ).toBeGreaterThan(least);
  });
});

it('what was taken out is not taken for a secret again', async () => {
  const once = (await redactor.redact(planted.map(({ text }) => text))).texts;
  const twice = (await redactor.redact(once)).texts;
  expect(once.filter((text, index) => twice[index] !== text)).toEqual([]);
});

/** Values without a digit, of digits only, short ones and phrases: the name says what they are. */
const named: readonly [text: string, secret: string][] = [
  ['DB_PASSWORD=plumkettle', 'plumkettle'],
  ['export ADMIN_PWD=48210957', '48210957'],
  ['smtp:\n  password: Kq9v\n', 'Kq9v'],
  ['the password is `tide marble oak seven`', 'tide marble oak seven'],
  ['set -gx FISH_API_KEY aK29dLq8xY', 'aK29dLq8xY'],
  ['- name: REDIS_PASSWORD\n  value: "lampnorth"\n', 'lampnorth'],
  ['<password>birdcage</password>', 'birdcage'],
  ['| user | password |\n| --- | --- |\n| ann | ninebells |\n', 'ninebells'],
  ['name,api_key\nshop,q8Zk27LmPw91\n', 'q8Zk27LmPw91'],
  ['deploy --token zW91kQmA72', 'zW91kQmA72'],
  ['mysql -u root -pTr0ub4dor app', 'Tr0ub4dor'],
  ['curl -u ann:figtree99 https://example.com', 'figtree99'],
  ['数据库密码：lanternfish', 'lanternfish'],
  ['Das Passwort lautet Herbst!2031', 'Herbst!2031'],
  ['let secret: &str = "copperfield";', 'copperfield'],
];

it.each(named)('%s', async (text, secret) => {
  const { texts } = await redactor.redact([text]);
  expect(texts[0]).toContain('[REDACTED:');
  expect(texts[0]).not.toContain(secret);
});

/** Code, settings and sentences about secrets. */
const innocent = [
  'tokenResponse: TokenResponseV3,',
  'export type PasswordResult = StartResultV4;',
  'const FLOW_PASSWORD_V2 = "FlowPasswordRequiredV2";',
  'this.eos_token_id = eos_token_id;',
  'if (token == self.eof): pass',
  'password = password.encode("utf-8")',
  'PASSWORD_LENGTH = 100004;',
  'let activeTokens = EMPTY_INT32_ARRAY, count = 0;',
  'make_key = _make_key  # build a key from the function',
  '--- PASS: TestStatusCode_All (0.00s)',
  'you can pass `autospec=True` or pass `dispatch` down instead',
  'class AlwaysInlinerPass : public PassInfoMixin<AlwaysInlinerPass> {',
  'gpg --keyserver hkps://keys.example.org --recv-keys 5BE8A3F6C8A5C01D106C0AD820B1A390B168D356',
  'the password is required and must be at least 8 characters',
  'Forgot your password? Enter your new password.',
  'session: 2026-01-10-abc123def',
  '"signature": "EoUCCkYICxgCKkD9xlT4OruCKltnp7ojiSfFzHiCJWn7lLNrD1da4zE7wrofeRAJ1UfLY9D57ltE"',
  '5414 5415 5416 5417 20BBF 20BC6 56DD',
  '<div class="sk-proj-settings-panel-toggle-button">',
  'part no 512-34-7781 rev B',
  'cookies.append(cookie)',
  '"Cookie: header to request"',
  'primaryKey: "orders_by_customer_2024"',
  'const cacheKey = `user:${id}:v2`;',
] as const;

it.each(innocent)('unchanged: %s', async (text) => {
  const { texts } = await redactor.redact([text]);
  expect(texts[0]).toBe(text);
});
