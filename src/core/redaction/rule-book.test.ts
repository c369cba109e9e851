/** A person's own rules from the settings into every text, and patterns that are refused. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { OwnRules } from '../../protocol/redaction';
import { judgePatterns } from '../care/judge-patterns';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

const rules: OwnRules = {
  patterns: [
    { name: 'Ticket', pattern: String.raw`TCK-\d{5}` },
    { name: 'Broken', pattern: '(' },
    { name: 'Square', pattern: String.raw`\w+@corp` },
    { name: 'All', pattern: 'x*' },
  ],
  words: ['velvetquarry'],
  kinds: ['email'],
};
const say = async (number: number, text: string) => {
  const transcript = new Transcript(sessionId(number), { cwd: '/work/some' });
  transcript.prompt(text);
  await writeTranscript(test.configDir, sessionId(number), transcript, 'some');
};
const contents = () =>
  test.driver.all<{ content: string }>('SELECT content FROM prompts').map(({ content }) => content);
const found = async () => (await test.memory.diagnose()).findings.filter(({ id }) => id.startsWith('store.redaction'));

it('judges what a pattern costs before it is applied', async () => {
  const verdicts = await judgePatterns([
    ...rules.patterns,
    { name: 'nested', pattern: '^(a+)+$' },
    { name: 'bounded', pattern: String.raw`EMP-\d{6}`, flags: 'is' },
  ]);
  expect(verdicts.map(({ fault }) => fault)).toEqual([undefined, 'invalid', 'costly', 'empty', 'costly', undefined]);
});

it('applies the good rules, tells the refused ones, and keeps both over a restart', async () => {
  await say(1, 'look at TCK-12345 of Velvetquarry, ask bob@velvet.de');
  await test.import({ redaction: rules });
  expect(contents()[0]).toMatch(
    /^look at \[REDACTED:own-ticket:\w{8}\] of \[REDACTED:own-word:\w{8}\], ask \[REDACTED:email:\w{8}\]$/,
  );
  const refused = async () => (await found()).find(({ id }) => id === 'store.redaction_refused');
  expect((await refused())?.args[0]).toBe(3);
  await test.reopen();
  await say(2, 'again TCK-54321');
  // A head without settings of its own, like the command line.
  await test.import();
  expect(contents().join('\n')).not.toContain('54321');
  expect((await refused())?.level).toBe('warning');
});

it('keeps the words in one file only', async () => {
  await say(1, 'of velvetquarry');
  await test.import({ redaction: rules });
  expect(await readFile(path.join(test.dataDir, 'redaction.json'), 'utf8')).toContain('velvetquarry');
  expect(contents().join('')).not.toContain('velvetquarry');
});
