/** Every line becomes entries and no line throws. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyLineValue } from '../../../test/fixtures/any-lines';
import { asSealed, names } from '../../../test/fixtures/sealed';
import { Transcript } from '../../../test/fixtures/transcript-lines';
/** Every line becomes entries and no line throws. */
import { growthOf, maxGrowth } from '../../../test/growth';
import { maxParts, splitGlued } from './glued';
import { isWholeJson, parseHead, parseLine } from './parse';
import { skipReasons } from './schema';
import { newThread, threadEntries } from './thread';

describe('a hostile line', () => {
  it('brings no endless ids or paths; texts of it are cut where they are sealed', () => {
    const long = 'x'.repeat(100_000);
    const [entry] = parseLine(
      JSON.stringify({
        type: 'assistant',
        uuid: long,
        requestId: long,
        message: {
          id: long,
          model: 'm',
          usage: { input_tokens: 1 },
          content: [
            { type: 'text', text: 'kept' },
            { type: 'tool_use', id: long, name: 'Read', input: {} },
          ],
        },
      }),
    );
    const [result] = parseLine(
      JSON.stringify({
        type: 'user',
        toolUseResult: { persistedOutputPath: long },
        message: { content: [{ type: 'tool_result', tool_use_id: long, content: '' }] },
      }),
    );
    const [title] = parseLine(JSON.stringify({ type: 'summary', summary: 'a title', leafUuid: long }));
    expect(entry?.bodies.map(({ kind }) => kind)).toEqual(['answer', 'tool_call', 'usage']);
    expect(entry?.envelope.uuid).toHaveLength(200);
    const lengths = [entry, result, title].flatMap((each) =>
      [each?.envelope ?? {}, ...(each?.bodies ?? [])].flatMap((part) =>
        Object.values(part).map((value) => (typeof value === 'string' ? value.length : 0)),
      ),
    );
    expect(Math.max(...lengths)).toBe(4096);
  });

  it('of millions of objects becomes a bounded number of entries, the rest malformed', () => {
    const entries = parseLine('{}'.repeat(50_000));
    expect(entries).toHaveLength(maxParts + 1);
    expect(entries.at(-1)?.skip).toBe('malformed');
    expect(parseLine('{}'.repeat(maxParts))).toHaveLength(maxParts);
  });
});

describe('a line', () => {
  it('of any letters never throws, and tells why nothing came of it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.json()), (line) => {
        for (const { bodies, skip } of parseLine(line))
          expect(bodies.length > 0 || (skip !== undefined && skipReasons.includes(skip))).toBe(true);
        expect(parseLine(line).length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });

  it('of any JSON with our names in it never throws, down to its drafts', () => {
    fc.assert(
      fc.property(fc.array(anyLineValue, { maxLength: 4 }), (values) => {
        const steps = values.flatMap((value, line) =>
          parseLine(JSON.stringify(value)).map((entry) => ({ entry: asSealed(entry), line })),
        );
        threadEntries(steps, newThread, { isAgentFile: false, names });
      }),
      { numRuns: 1000 },
    );
  });

  it('nested deeper than any program needs is read or counted, and stops nobody', () => {
    const deep = `${'['.repeat(200_000)}1${']'.repeat(200_000)}`;
    const block = `{"type":"tool_use","id":"t","name":"X","input":{"a":${deep}}}`;
    const call = `{"type":"assistant","uuid":"u","message":{"id":"m","content":[${block}]}}`;
    const steps = [call, `{"type":"user","message":{"content":${deep}}}`, deep].flatMap((line, index) =>
      parseLine(line).map((entry) => ({ entry: asSealed(entry), line: index })),
    );
    const { drafts } = threadEntries(steps, newThread, { isAgentFile: false, names });
    expect(drafts).toMatchObject([{ kind: 'call', input: {} }]);
  });

  it.each([
    ['', 'empty'],
    [' \t ', 'empty'],
    ['\0\0\0', 'empty'],
    ['\uFEFF', 'empty'],
    ['not json', 'malformed'],
    ['{"type":"user"', 'malformed'],
    ['[]', 'malformed'],
    ['null', 'malformed'],
    ['42', 'malformed'],
    ['{}', 'unknown'],
    ['{"type":7}', 'unknown'],
    ['{"type":"new-thing"}', 'unknown'],
    ['{"type":"progress","data":{}}', 'noise'],
    ['{"type":"user","message":{"content":""}}', 'noise'],
    ['{"type":"file-history-snapshot"}', 'noise'],
  ])('%j is skipped as %s', (line, reason) => {
    expect(parseLine(line)).toMatchObject([{ skip: reason, bodies: [] }]);
  });

  it('with a byte order mark is read', () => {
    const transcript = new Transcript('s');
    transcript.prompt('hello');
    expect(parseLine(`\uFEFF${JSON.stringify(transcript.lines[0])}`)[0]?.bodies).toMatchObject([
      { kind: 'prompt', text: 'hello' },
    ]);
  });

  it('over the cap still tells whose it is and when', () => {
    const transcript = new Transcript('session-9', { cwd: '/work/shop', branch: 'main' });
    const line = JSON.stringify(transcript.prompt('x'.repeat(10_000)));
    const { envelope, skip } = parseHead(line.slice(0, 4096));
    expect(skip).toBe('too_long');
    expect(envelope).toMatchObject({
      sessionId: 'session-9',
      cwd: '/work/shop',
      gitBranch: 'main',
      at: Date.UTC(2026, 10, 20, 9, 0, 1),
      isSidechain: false,
    });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (head) => {
        expect(parseHead(head).skip).toBe('too_long');
      }),
    );
  });
});

describe('glued objects', () => {
  it('come apart again, whatever is in them', () => {
    const object = fc.dictionary(
      fc.string(),
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('{', '}', '"', '\\', '}{', '\\"'),
        fc.integer(),
        fc.array(fc.dictionary(fc.string(), fc.string())),
      ),
    );
    fc.assert(
      fc.property(
        fc.array(object, { minLength: 2, maxLength: 5 }),
        fc.constantFrom('', ' ', ',', '\t'),
        (objects, between) => {
          const parts = splitGlued(objects.map((each) => JSON.stringify(each)).join(between));
          expect(parts.map(({ value }) => value)).toEqual(
            objects.map((each) => JSON.parse(JSON.stringify(each)) as unknown),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are read one by one, and the broken one among them is counted', () => {
    const transcript = new Transcript('s');
    const line = (text: string) => JSON.stringify(transcript.prompt(text));
    expect(parseLine(line('one') + line('two')).map(({ bodies }) => bodies[0])).toMatchObject([
      { text: 'one' },
      { text: 'two' },
    ]);
    expect(parseLine(`${line('one')}{broken}${line('two')}`).map(({ skip }) => skip)).toEqual([
      undefined,
      'malformed',
      undefined,
    ]);
    expect(parseLine(`${line('one')} and words`).map(({ skip, bytes }) => [skip, bytes])).toEqual([
      [undefined, undefined],
      ['malformed', 10],
    ]);
    expect(parseLine(line('one') + line('two').slice(0, -5)).map(({ skip }) => skip)).toEqual([undefined, 'malformed']);
  });

  it('are found behind what a killed client wrote half, wherever that was cut', () => {
    const transcript = new Transcript('s');
    const half = JSON.stringify(
      transcript.line('assistant', {
        message: { id: 'm', content: [{ type: 'tool_use', id: 't', name: 'Write', input: { text: 'a "{b}" \\ c' } }] },
        toolUseResult: { file: { type: 'text', uuid: 'u' }, note: '購入 {' },
      }),
    );
    const whole = transcript.prompt('behind the half one');
    for (let cut = 1; cut < half.length; cut++) {
      const line = half.slice(0, cut) + JSON.stringify(whole);
      const entries = parseLine(line);
      expect(entries.flatMap(({ bodies }) => bodies)).toMatchObject([{ kind: 'prompt', text: 'behind the half one' }]);
      expect(entries.filter(({ skip }) => skip)).toMatchObject([
        { skip: 'malformed', bytes: Buffer.byteLength(half.slice(0, cut)) },
      ]);
      expect(isWholeJson(line)).toBe(true);
    }
  });

  it('are read through NULs before, behind, between and inside them', () => {
    const transcript = new Transcript('s');
    const one = JSON.stringify(transcript.prompt('one'));
    const two = JSON.stringify(transcript.prompt('two'));
    const nul = '\0'.repeat(5);
    const entries = parseLine(`${nul}${one.slice(0, 9)}${nul}${one.slice(9)}${nul}${two}${nul}`);
    expect(entries.flatMap(({ bodies }) => bodies)).toMatchObject([{ text: 'one' }, { text: 'two' }]);
    expect(entries.at(-1)).toMatchObject({ skip: 'empty', bytes: 20 });
    expect(isWholeJson(`${nul}${one}${nul}`)).toBe(true);
  });

  it('of hostile length take time that grows with the length', async () => {
    for (const unit of ['{', '{}', '"', '{"a":"', '{"a":', '{"a":{}', '{"a":1}x', '\\']) {
      const growth = await growthOf((size) => {
        const text = unit.repeat(size / unit.length);
        parseLine(text);
        isWholeJson(text);
      }, 125_000);
      expect([unit, growth]).toEqual([unit, expect.toSatisfy((times: number) => times < maxGrowth)]);
    }
  });
});
