/** A generated history of any size, in the format of a current client. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Transcript, sessionId } from '../fixtures/transcript-lines';
import { makeText, makeWords, randomFrom } from './measure';

export const vocabulary = makeWords(30_000);

/**
 * Writes sessions of `callsPerSession` tool calls, numbered from `firstSession`, until there are `calls` in all;
 * returns the bytes written.
 */
export function writeHistory(configDir: string, calls: number, callsPerSession = 80, firstSession = 1): number {
  const random = randomFrom(42);
  const text = (length: number) => makeText(vocabulary, length, random);
  let bytes = 0;
  for (let done = 0, count = firstSession; done < calls; count++) {
    const transcript = new Transcript(sessionId(count), { cwd: `/work/project-${count % 7}` });
    for (let call = 0; call < callsPerSession && done < calls; call++, done++) {
      if (call % 10 === 0) transcript.prompt(text(25));
      const file = `/work/project-${count % 7}/src/${vocabulary[Math.floor(random() * 400)]}.ts`;
      if (call % 3 === 0) transcript.tool('Bash', { command: `npm run ${text(3)}` }, text(120));
      else if (call % 3 === 1)
        transcript.tool(
          'Edit',
          { file_path: file, old_string: text(20), new_string: text(25) },
          `The file ${file} has been updated.`,
        );
      else transcript.tool('Read', { file_path: file }, text(200));
      if (call % 10 === 9) transcript.answer(text(60));
    }
    const target = path.join(configDir, 'projects', `-work-project-${count % 7}`, `${sessionId(count)}.jsonl`);
    mkdirSync(path.dirname(target), { recursive: true });
    const content = transcript.text();
    writeFileSync(target, content);
    bytes += Buffer.byteLength(content);
  }
  return bytes;
}
