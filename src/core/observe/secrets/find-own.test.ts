/** No text makes the rules take more than time proportional to its length. */
import { describe, expect, it } from 'vitest';
import { growthOf, maxGrowth } from '../../../../test/growth';
import { findOwnSecrets } from './find-own';

const begin = ['-----BEGIN', 'PRIVATE KEY-----'].join(' ');
const label = ['Ver', 'sion:'].join('');

/** What the rules look for, and what may be between the parts. */
const units = [
  begin,
  `${begin}\n`,
  `${begin}${label}`,
  label,
  `${label}a\n`,
  `${label}${begin}\n`,
  '-----BEGIN ',
  'PRIVATE KEY',
  'A',
  ' ',
  '\n',
  '\t',
  '\\',
  '\\n',
  '"',
  '.',
  ':',
  '-',
  '0',
  '=',
  'sk-',
  'sk-ant-',
  'eyJ',
  'eyJaaaaaaaa.',
  '-eyJaaaaaaaa',
  '\\neyJaaaaaaaa',
  'SG.aaaaaaaaaaaaaaaa',
  'MNOMNOMNOMNOMNOMNOMNOMNO.',
  '4242 ',
  '4242424242424242 ',
  '12345678:AA',
  '123-45-',
  'FlyV1 ',
  'hooks.slack.com/services/',
  'github_pat_',
  'cookie:',
  'cookie": "',
  'set-cookie" : [',
  'authorization:',
  'authorization: bearer ',
  'authorization=\\',
  'bearer ',
  'http://',
  'http://a:',
  'a@',
  'token',
  'token=',
  'token:',
  "token='",
  'token = ',
  'token\\"',
  'passwordtoken',
  'xoxb-',
  '[REDACTED:',
  'password is ',
  'password ',
  'key ',
  'key,',
  'password;',
  'password | ',
  '| password |',
  'password\t',
  'insert into a (password, ',
  'use a as password ',
  'curl -u a:',
  'mysql -p',
  'echo a | ',
  '<password>',
  'name="password" ',
  'name: PASSWORD\n',
  'variable "password" {',
  '${PASSWORD:-',
  '密码',
  '密码：',
  'contraseña ',
  '[a]\npassword = ',
  '--password ',
  'password("',
];
const ends = ['', '(', '\n', ' ', '!', '"'];
const befores = [
  '',
  begin,
  `${begin}${label}`,
  'htpasswd -',
  'curl -u',
  'cookie":',
  'authorization:',
  'token=',
  "token='",
  'http://a',
  'bearer ',
];
/** All behind nothing, and every third behind each beginning, others behind the next one. */
const unitsBehind = (before: string): readonly string[] =>
  before === '' ? units : units.filter((_, at) => at % 3 === befores.indexOf(before) % 3);

describe('looking for secrets', () => {
  it('a chain of labels in a key is read in one way only', async () => {
    // Two ways to match each label would give 2^27 ways for all of them.
    expect(await growthOf((size) => findOwnSecrets(`${begin}${label.repeat(size)}`), 7)).toBeLessThan(maxGrowth);
  });

  it.each(befores)('behind %j takes time in proportion to the length', async (before) => {
    for (const unit of unitsBehind(before)) {
      const look = (size: number) => {
        const text = before + unit.repeat(Math.ceil(size / unit.length));
        for (const end of ends) findOwnSecrets(text + end);
      };
      expect([unit, await growthOf(look, 3_000)]).toEqual([
        unit,
        expect.toSatisfy((times: number) => times < maxGrowth),
      ]);
    }
  });

  it('a beginning of a key with megabytes behind it is no exception', () => {
    expect(findOwnSecrets(`${begin}${'A'.repeat(15_000_000)}`).map(({ kind }) => kind)).toContain('private-key');
  });

  it('an unquoted value before a bracket is a call, any other is a secret', () => {
    const value = ['Xk9mQ2vL', '7pR4zz'].join('');
    expect(findOwnSecrets(`password=${value}`)).toMatchObject([
      { kind: 'assignment', start: 9, end: 9 + value.length },
    ]);
    expect(findOwnSecrets(`password=${value}(1)`)).toEqual([]);
    expect(findOwnSecrets(`password=${value}[1]`)).toEqual([]);
  });

  it('the labels of a key belong to it', () => {
    const text = `${begin}\n${label} 1\nComment: a note, by hand\n\n${'QUJD'.repeat(20)}\nafter: it`;
    expect(findOwnSecrets(text)).toMatchObject([{ kind: 'private-key', start: 0 }]);
    expect(text.slice(0, findOwnSecrets(text)[0]?.end)).toContain('QUJD'.repeat(20));
  });
});
