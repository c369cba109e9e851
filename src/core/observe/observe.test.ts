/** What is stored of each tool of the client: golden rows, from the line to the displayed text. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyLineValue } from '../../../test/fixtures/any-lines';
import { asSealed, names } from '../../../test/fixtures/sealed';
import { Transcript } from '../../../test/fixtures/transcript-lines';
import { parseLine } from '../transcript/parse';
import { newThread, threadEntries } from '../transcript/thread';
import { fingerprintError, normalizeError } from './fingerprint';
import { observeDrafts } from './observe';
import type { ToolRow } from './observe';

type Json = Record<string, unknown>;

async function observe(transcript: Transcript, spill?: { text: string; bytes: number }) {
  const steps = transcript.lines.flatMap((line, index) =>
    parseLine(typeof line === 'string' ? line : JSON.stringify(line)).map((entry) => ({
      entry: asSealed(entry),
      line: index,
    })),
  );
  return observeDrafts(threadEntries(steps, newThread, { isAgentFile: false, names }).drafts, {
    readSpill: async () => spill,
    toolOf: () => undefined,
    names,
  });
}

async function toolRow(tool: string, input: Json, output: string, extra: Json = {}): Promise<ToolRow> {
  const transcript = new Transcript('s');
  transcript.tool(tool, input, output, extra);
  const { rows } = await observe(transcript);
  return rows[0] as ToolRow;
}
/** The fields that a golden row lists. */
const facts = ({ headline, input, diffs, importance, result: { type, output, exitStatus, files } }: ToolRow) => ({
  headline,
  input,
  diffs,
  importance,
  type,
  output,
  exitStatus,
  files,
});

describe('a call of', () => {
  it('Bash: its command, how it ended and how much that matters', async () => {
    expect(facts(await toolRow('Bash', { command: 'ls  -l\n  src', description: 'List' }, 'a.ts\nb.ts'))).toEqual({
      headline: 'ls  -l\n  src',
      input: 'ls  -l\n  src',
      diffs: [],
      importance: 0.4,
      type: 'tool_result',
      output: 'a.ts\nb.ts',
      exitStatus: 0,
      files: [],
    });
    expect(
      facts(
        await toolRow('Bash', { command: 'npm test' }, 'Error: Exit code 2\nerror TS2304: Cannot find name', {
          is_error: true,
        }),
      ),
    ).toMatchObject({ type: 'error', exitStatus: 2, importance: 0.7 });
    expect(facts(await toolRow('Bash', { command: 'npm test' }, '2 passed, 1 warning'))).toMatchObject({
      type: 'warning',
      exitStatus: 0,
      importance: 0.5,
    });
    expect(facts(await toolRow('Bash', { command: 'x' }, '\u001B[31mred\u001B[0m\r\nplain\u0000'))).toMatchObject({
      output: 'red\nplain',
    });
  });

  it('Edit: what was there and what is there now', async () => {
    expect(
      facts(
        await toolRow(
          'Edit',
          { file_path: '/work/a.ts', old_string: 'old', new_string: 'new' },
          'The file has been updated.',
          { toolUseResult: { filePath: '/work/a.ts', oldString: 'old', newString: 'new', originalFile: 'old file' } },
        ),
      ),
    ).toEqual({
      headline: '/work/a.ts',
      input: '',
      diffs: [{ file: '/work/a.ts', before: 'old', after: 'new' }],
      importance: 0.6,
      type: 'tool_result',
      output: 'The file has been updated.',
      exitStatus: null,
      files: ['/work/a.ts'],
    });
  });

  it('MultiEdit: every change of the file', async () => {
    const row = await toolRow(
      'MultiEdit',
      {
        file_path: '/work/a.ts',
        edits: [{ old_string: 'a', new_string: 'b' }, { old_string: 'c', new_string: '' }, 'nonsense'],
      },
      'done',
    );
    expect(row.diffs).toEqual([
      { file: '/work/a.ts', before: 'a', after: 'b' },
      { file: '/work/a.ts', before: 'c', after: '' },
    ]);
  });

  it('Write: the whole file, and what it replaced when that is known', async () => {
    const row = await toolRow('Write', { file_path: '/work/a.ts', content: 'new file' }, 'File created', {
      toolUseResult: { type: 'update', filePath: '/work/a.ts', content: 'new file', originalFile: 'old file' },
    });
    expect(row.diffs).toEqual([{ file: '/work/a.ts', before: 'old file', after: 'new file' }]);
    expect(
      (
        await toolRow('Write', { file_path: '/work/a.ts', content: 'x' }, 'ok', {
          toolUseResult: { originalFile: 'y'.repeat(40_000) },
        })
      ).diffs[0]?.before,
    ).toBe('');
  });

  it('Read, Grep and Glob: the file or the pattern, and the files that were named', async () => {
    expect(
      facts(
        await toolRow('Read', { file_path: '/work/a.ts', offset: 10 }, '  10\tconst a = 1;', {
          toolUseResult: { type: 'text', file: { filePath: '/work/a.ts', content: 'x' } },
        }),
      ),
    ).toMatchObject({
      headline: '/work/a.ts',
      input: 'file_path: /work/a.ts\noffset: 10',
      importance: 0.2,
      files: ['/work/a.ts'],
    });
    expect(
      facts(
        await toolRow('Grep', { pattern: 'basket', path: '/work/src' }, 'Found 2 files', {
          toolUseResult: { mode: 'files_with_matches', filenames: ['a.ts', 'b.ts'], numFiles: 2 },
        }),
      ),
    ).toMatchObject({ headline: 'basket /work/src', files: ['/work/src', 'a.ts', 'b.ts'], importance: 0.15 });
    expect(facts(await toolRow('Glob', { pattern: '**/*.ts' }, 'a.ts'))).toMatchObject({ headline: '**/*.ts' });
  });

  it.each(['Task', 'Agent'])('%s: what the sub-agent was asked', async (tool) => {
    expect(
      facts(
        await toolRow(
          tool,
          { description: 'Find the basket', prompt: 'Look everywhere\nfor it', subagent_type: 'general' },
          'Found it',
        ),
      ),
    ).toMatchObject({
      headline: 'Find the basket',
      input: 'Look everywhere\nfor it',
      importance: 0.5,
      output: 'Found it',
    });
  });

  it('TodoWrite: the list as one reads it', async () => {
    const todos = [
      { content: 'one', status: 'completed' },
      { content: 'two', status: 'in_progress' },
      { content: 'three', status: 'pending' },
    ];
    expect(facts(await toolRow('TodoWrite', { todos }, 'Todos have been modified'))).toMatchObject({
      headline: '3 todos',
      input: '[x] one\n[>] two\n[ ] three',
      importance: 0.1,
    });
  });

  it('WebFetch: where and what for', async () => {
    expect(
      facts(
        await toolRow('WebFetch', { url: 'https://docs.example.com/a', prompt: 'read it' }, 'The page says so', {
          toolUseResult: { bytes: 10, code: 200, url: 'https://docs.example.com/a' },
        }),
      ),
    ).toMatchObject({
      headline: 'https://docs.example.com/a',
      input: 'url: https://docs.example.com/a\nprompt: read it',
      importance: 0.35,
    });
  });

  it("another server's tool: its input by name, its answer from blocks", async () => {
    const transcript = new Transcript('s');
    const id = transcript.call('mcp__github__create_issue', { title: 'Basket', labels: ['a', 'b'] });
    transcript.line('user', {
      message: {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: id,
            content: [
              { type: 'text', text: 'created' },
              { type: 'image', source: {} },
              { type: 'tool_reference', tool_name: 'x' },
            ],
          },
        ],
      },
      toolUseResult: [{ type: 'text', text: 'created' }],
    });
    expect(facts((await observe(transcript)).rows[0] as ToolRow)).toMatchObject({
      headline: 'title: Basket',
      input: 'title: Basket\nlabels: ["a","b"]',
      output: 'created\n[image]\n[tool x]',
      importance: 0.3,
    });
  });

  it('any tool that failed, was refused or is unknown: an error, unwrapped', async () => {
    expect(
      facts(
        await toolRow('Read', { file_path: '/x' }, '<tool_use_error>File does not exist.</tool_use_error>', {
          is_error: true,
        }),
      ),
    ).toMatchObject({ type: 'error', output: 'File does not exist.', importance: 0.7, exitStatus: null });
    expect(facts(await toolRow('Nothing', {}, ''))).toMatchObject({
      headline: 'Nothing',
      input: '',
      type: 'tool_result',
    });
  });
});

describe('a result', () => {
  it('finds its call by id, however far away', async () => {
    const transcript = new Transcript('s');
    const [a, b] = [transcript.call('Bash', { command: 'left' }), transcript.call('Bash', { command: 'right' })];
    transcript.result(b, 'right done');
    transcript.result(a, 'left done');
    expect(
      (await observe(transcript)).rows.map(
        (row) => row.kind === 'tool' && [row.headline, row.result.output, row.isAnswered],
      ),
    ).toEqual([
      ['left', 'left done', true],
      ['right', 'right done', true],
    ]);
  });

  it('without a call here is kept for the store to join', async () => {
    const transcript = new Transcript('s');
    transcript.result('toolu_before', 'Exit code 1\nfailed', { is_error: true });
    expect((await observe(transcript)).rows).toMatchObject([
      {
        kind: 'late_result',
        toolUseId: names.of('toolu_before'),
        own: { tool: 'unknown', importance: 0.7, result: { type: 'error' } },
      },
    ]);
  });

  it('that was spilled is read whole, and what is beyond counted', async () => {
    const transcript = new Transcript('s');
    transcript.tool('Bash', { command: 'big' }, 'preview', {
      toolUseResult: { persistedOutputPath: '/x/tool-results/a.txt' },
    });
    const { rows } = await observe(transcript, { text: 'the whole', bytes: 1009 });
    expect((rows[0] as ToolRow).result).toMatchObject({ output: 'the whole', truncatedBytes: 1000 });
  });
});

describe('any line', () => {
  it('becomes rows without an exception, with importance between 0 and 1', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLineValue, { maxLength: 4 }), async (values) => {
        const transcript = new Transcript('s');
        for (const value of values) transcript.raw(JSON.stringify(value));
        for (const row of (await observe(transcript)).rows) {
          const tool = row.kind === 'tool' ? row : row.kind === 'late_result' ? row.own : undefined;
          if (!tool) continue;
          expect(tool.importance).toBeGreaterThanOrEqual(0);
          expect(tool.importance).toBeLessThanOrEqual(1);
          for (const text of [tool.headline, tool.input, tool.result.output]) expect(text).toBeTypeOf('string');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('an error', () => {
  it.each([
    [
      "Error: Cannot find module '/home/ann/shop/a.ts' at line 12",
      "Error: Cannot find module '/srv/build/x/b.ts' at line 7",
    ],
    [
      '/work/a.ts(12,5): error TS2304: Cannot find name "Basket".',
      'C:\\Work\\b.ts(1,99): error TS2304: Cannot find name "Cart".',
    ],
    ['Traceback: TypeError at 0x7f3a2b1c', 'Traceback: TypeError at 0xdeadbeef'],
    ['some output\nnpm ERR! failed with 3 problems\nmore', 'other output\nnpm ERR! failed with 41 problems'],
    ['Exit code 1\nbuild failed in 3.2s', 'Error: Exit code 2\nbuild failed in 0.9s'],
    [
      'fatal: bad object 3f786850e387550fdab836ed7e6dc881de23001b',
      'fatal: bad object 89e6c98d92887913cadf06b2adb97f26cde4849b',
    ],
  ])('%j is the same as %j', (a, b) => {
    expect(fingerprintError(a)).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprintError(a)).toBe(fingerprintError(b));
  });

  it('of another sort has another fingerprint, and silence has none', () => {
    expect(fingerprintError('Error: Cannot find module')).not.toBe(fingerprintError('Error: Cannot read file'));
    expect(['', '\n \n', 'Exit code 1'].map(fingerprintError)).toEqual([undefined, undefined, undefined]);
  });

  it('is the same whatever the path and the number in it', () => {
    const path = fc
      .array(fc.stringMatching(/^[a-z0-9._-]{1,10}$/), { minLength: 2, maxLength: 5 })
      .map((parts) => `/${parts.join('/')}`);
    fc.assert(
      fc.property(path, path, fc.nat(), fc.nat(), (a, b, first, second) => {
        expect(normalizeError(`error in ${a} after ${first} ms`)).toBe(
          normalizeError(`error in ${b} after ${second} ms`),
        );
      }),
    );
  });

  it('of any letters never throws and never grows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fingerprintError(text);
        expect(normalizeError(normalizeError(text)).length).toBeLessThanOrEqual(2000);
      }),
    );
  });
});
