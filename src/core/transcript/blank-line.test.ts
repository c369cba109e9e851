import { expect, it } from 'vitest';
import { Transcript, sessionId } from '../../../test/fixtures/transcript-lines';
import { blankLine, blankText } from './blank-line';
import { parseLine } from './parse';

const word = 'wombatquux';

it('keeps the place of a line in its conversation, and nothing that it says', () => {
  const transcript = new Transcript(sessionId(1), { branch: 'main' });
  transcript.prompt(`look at ${word}`);
  transcript.thinking(`hmm ${word}`);
  transcript.answer(`seen ${word}`);
  transcript.result(transcript.call('Bash', { command: `echo ${word}`, nested: { [word]: word } }), `said ${word}`, {
    toolUseResult: { stdout: word, file: { content: word } },
  });
  transcript.queue('enqueue', { content: `and ${word}` });
  transcript.meta({ type: 'custom-title', customTitle: word, sessionId: sessionId(1) });
  transcript.meta({ type: 'attachment', attachment: { type: 'queued_command', prompt: word } });
  for (const line of transcript.text().trimEnd().split('\n')) {
    const blank = Buffer.from(blankLine(Buffer.from(`${line}\n`))).toString();
    expect(blank).not.toContain(word);
    expect(blank.endsWith('}\n')).toBe(true);
    const [before, after] = [JSON.parse(line), JSON.parse(blank)] as Record<string, unknown>[];
    for (const key of ['uuid', 'parentUuid', 'sessionId', 'timestamp', 'type', 'cwd', 'gitBranch'])
      expect(after?.[key]).toEqual(before?.[key]);
    expect(parseLine(blank.trimEnd(), 0).length).toBe(parseLine(line, 0).length);
  }
});

it('makes something of any bytes', () => {
  for (const raw of ['', '\n', 'no json\n', '[1,"x"]\n', '"x"', '{"a":"b"}\r\n', '\0\xff\n']) {
    const blank = Buffer.from(blankLine(Buffer.from(raw))).toString();
    expect(() => JSON.parse(blank) as unknown).not.toThrow();
    expect(blank.endsWith('\n')).toBe(raw.endsWith('\n'));
  }
  expect(Buffer.from(blankLine(Buffer.from('{"a":"b","n":1,"l":["c",""]}'))).toString()).toBe(
    `{"a":"${blankText}","n":1,"l":["${blankText}",""]}`,
  );
});
