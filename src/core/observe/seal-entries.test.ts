/** What a line says beside its content passes the door too, and is cut behind it. */
import { expect, it } from 'vitest';
import { parseLine } from '../transcript/parse';
import { createRedactor } from './redact';
import { sealEntries } from './seal-entries';

const redactor = createRedactor({ salt: 'salt' });
const token = ['gh', 'p_', 'Zx7Kq2mVb9Rt4Ws8Ld3Nf6Hj1Pc5Yg0Ta2Qe'].join('');
const fields = ['sessionId', 'session_id', 'cwd', 'gitBranch', 'version', 'entrypoint', 'agentId'];
const lineWith = (value: (field: string) => string, type = 'user') =>
  parseLine(
    JSON.stringify({
      type,
      uuid: 'u',
      timestamp: '2026-11-20T09:00:00.000Z',
      ...Object.fromEntries(fields.map((field) => [field, value(field)])),
    }),
  ).map((entry, line) => ({ entry, line }));
const seal = async (value: (field: string) => string, type?: string) => {
  const { entries, folders } = await sealEntries(lineWith(value, type), redactor);
  return { entry: entries[0]!.entry, folders };
};

it('a secret in any text of the envelope becomes its mark, and the rest stays', async () => {
  const { entry, folders } = await seal((field) => `/${field}/${token}/x`);
  expect(JSON.stringify(entry)).not.toContain(token);
  const mark = (field: string) => expect.stringMatching(`^/${field}/\\[REDACTED:[\\w-]+:\\w{8}\\]/x$`) as string;
  expect(entry.envelope).toEqual({
    isSidechain: false,
    uuid: 'u',
    at: Date.UTC(2026, 10, 20, 9),
    sessionId: mark('sessionId'),
    originSessionId: mark('session_id'),
    cwd: mark('cwd'),
    gitBranch: mark('gitBranch'),
    version: mark('version'),
    entrypoint: mark('entrypoint'),
    agentId: mark('agentId'),
  });
  expect([...folders]).toEqual([[entry.envelope.cwd, `/cwd/${token}/x`]]);
});

it('the name of an unknown type may be a secret as well', async () => {
  const { entry } = await seal(() => 'x', token);
  expect(entry.unknownType).toMatch(/^\[REDACTED:/);
  expect((await seal(() => 'x', 'new-thing')).entry.unknownType).toBe('new-thing');
});

it('texts without a secret stay as they are', async () => {
  const plain = (field: string) =>
    field === 'cwd' ? '/work/My Shop [client]' : `${field}-2.1.330 (feat/new-checkout)`;
  const [line] = lineWith(plain);
  expect((await seal(plain)).entry.envelope).toEqual(line?.entry.envelope);
});

it('they are cut only when they are sealed, so that no half of a secret is left', async () => {
  const lengths: Record<string, number> = { cwd: 4096, gitBranch: 400, version: 400, entrypoint: 400 };
  const { entry } = await seal(
    (field) => `${'x '.repeat(((lengths[field] ?? 200) - 20) / 2)}${token} ${'y'.repeat(9000)}`,
  );
  const { uuid: _, at: __, isSidechain: ___, ...texts } = entry.envelope;
  for (const [field, text] of Object.entries(texts)) {
    expect([field, text.length]).toEqual([field, lengths[field] ?? 200]);
    expect(text).not.toContain(token.slice(0, 6));
  }
});
