/** The description of a call is redacted as a whole, so that no part of it reveals more. */
import { describe, expect, it } from 'vitest';
import { asRedacted, names } from '../../../test/fixtures/sealed';
import { observeDrafts, rationSpills } from './observe';
import type { ToolRow } from './observe';
import { createRedactor } from './redact';
import { sealRows } from './seal';
import { describeCall } from './tools';

const redactor = createRedactor({ salt: 'salt' });
const secret = ['Xk9mQ2vL', '7pR4zz'].join('');
const call = (tool: string, input: Record<string, unknown>) => ({
  kind: 'call' as const,
  uid: names.of('u'),
  turn: 1,
  at: 1,
  cwd: asRedacted('/work'),
  line: 0,
  toolUseId: names.of('t'),
  tool,
  input,
});

async function sealedCall(tool: string, input: Record<string, unknown>): Promise<ToolRow> {
  const { rows } = await observeDrafts([call(tool, input)], {
    readSpill: async () => undefined,
    toolOf: () => undefined,
    names,
  });
  return (await sealRows(rows, [], redactor)).rows[0] as ToolRow;
}

describe('a headline', () => {
  it('keeps the name by which a secret is known', async () => {
    const row = await sealedCall('mcp__db__login', { password: secret });
    expect(row.headline).toMatch(/^password: \[REDACTED:/);
    expect(JSON.stringify(row)).not.toContain(secret);
  });

  it('is folded only after private spans are dropped', async () => {
    const row = await sealedCall('Bash', { command: 'cat <<X\n<private>\nhidden words' });
    expect(row.headline).toBe('cat <<X');
    expect(JSON.stringify(row)).not.toContain('hidden');
    const { titles } = await sealRows([], ['a  title\n<private>\nhidden words'], redactor);
    expect(titles).toEqual(['a title']);
  });

  it('of a private one is none, and of an endless one is short', async () => {
    expect((await sealedCall('Bash', { command: '<private>hidden</private>' })).headline).toBe('');
    const begin = ['-----BEGIN', 'PRIVATE KEY-----'].join(' ');
    expect(
      (await sealedCall('Bash', { command: `${begin}${'A'.repeat(15_000_000)}` })).headline.length,
    ).toBeLessThanOrEqual(300);
    expect((await sealedCall('Bash', { command: 'ls  -l\n  src' })).headline).toBe('ls -l src');
  });
});

describe('a call', () => {
  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'of a tool named %j is a call like any other',
    (tool) => {
      expect(describeCall(tool, {}).importance).toBe(0.3);
    },
  );

  it('has paths of bounded length', () => {
    const { files, diffs, headline } = describeCall('Edit', {
      file_path: `/${'x'.repeat(100_000)}`,
      old_string: 'a',
      new_string: 'b',
    });
    expect([files[0]?.length, diffs[0]?.file.length, headline.length]).toEqual([4096, 4096, 4096]);
  });

  it('has no secret in its name, its agent or its model', async () => {
    const token = ['gh', 'p_', 'abcdefghij0123456789abcdefghij012345'].join('');
    const { rows } = await observeDrafts(
      [
        { ...call(`mcp__${token}`, {}), agentId: asRedacted(token) },
        { ...call(token, {}), agentId: asRedacted('a1') },
        {
          kind: 'message',
          uid: names.of('m'),
          turn: 1,
          at: 1,
          cwd: asRedacted('/work'),
          line: 1,
          role: 'assistant',
          note: '',
          text: 'x',
          hash: names.of('h'),
          model: `x ${token}`,
          agentId: asRedacted(token),
        },
        {
          kind: 'result',
          orphanUid: names.of('r'),
          toolUseId: names.of('other'),
          isError: false,
          text: '',
          details: {},
          at: 1,
          turn: 1,
          cwd: asRedacted('/work'),
          line: 2,
          agentId: asRedacted(token),
        },
      ],
      { readSpill: async () => undefined, toolOf: () => `tool ${token}`, names },
    );
    const sealed = await sealRows(rows, ['title'], redactor);
    expect(JSON.stringify(sealed.rows.slice(1))).not.toContain(token);
    expect(sealed.rows[1]).toMatchObject({ tool: expect.stringMatching(/^\[REDACTED:/), agentId: 'a1' });
    expect(sealed.titles).toEqual(['title']);
  });
});

describe('spills of one batch', () => {
  const line = 'a line of a long log\n';
  const large = line.repeat(50_000).slice(0, 1 << 20);

  it('are read once each', async () => {
    let reads = 0;
    const read = rationSpills(async () => (reads++, { text: 'all', bytes: 3 }));
    expect([await read('a'), await read('a'), await read('b')]).toEqual([
      { text: 'all', bytes: 3 },
      { text: 'all', bytes: 3 },
      { text: 'all', bytes: 3 },
    ]);
    expect(reads).toBe(2);
  });

  it('keep a bounded text, cut at a line, and what is missing is counted', async () => {
    const results = Array.from({ length: 900 }, (_, index) => ({
      kind: 'result' as const,
      orphanUid: names.of(`r${index}`),
      toolUseId: names.of(`t${index}`),
      isError: false,
      text: 'preview',
      details: {},
      spillPath: 'a',
      at: 1,
      turn: 1,
      cwd: '' as const,
      line: index,
    }));
    const { rows } = await observeDrafts(results, {
      readSpill: async () => ({ text: large, bytes: large.length + 100 }),
      toolOf: () => 'Bash',
      names,
    });
    const outputs = rows.map((row) =>
      row.kind === 'late_result' ? row.own.result : { output: '', truncatedBytes: 0 },
    );
    expect(outputs[0]).toMatchObject({ output: large, truncatedBytes: 100 });
    expect(outputs[10]?.output.length).toBeGreaterThan(60_000);
    expect(outputs[10]?.output.length).toBeLessThanOrEqual(65_536);
    expect(outputs[10]?.output.endsWith(line.trimEnd())).toBe(true);
    expect((outputs[10]?.output.length ?? 0) + (outputs[10]?.truncatedBytes ?? 0)).toBe(large.length + 100);
    expect(outputs.at(-1)?.output).toBe('preview');
    expect(outputs.reduce((sum, { output }) => sum + output.length, 0)).toBeLessThan(40 << 20);
  });
});
