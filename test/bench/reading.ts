/** One session with what makes a reader slow: long Markdown with code and tables, logs, edits and failed commands. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Transcript, sessionId } from '../fixtures/transcript-lines';
import { vocabulary } from './history';
import { makeText, randomFrom } from './measure';

/** In the last answer of the middle turn, and nowhere else. */
export const hiddenWord = 'zebrafinch';

/** Writes a session of `calls` tool calls; each turn has five calls, a prompt and two answers. */
export function writeLongRead(configDir: string, calls: number, number: number, title: string): void {
  const random = randomFrom(number);
  const text = (length: number) => makeText(vocabulary, length, random);
  const cwd = '/work/project-read';
  const transcript = new Transcript(sessionId(number), { cwd });
  transcript.meta({ type: 'ai-title', aiTitle: title, sessionId: sessionId(number) });
  const turns = Math.ceil(calls / 5);
  for (let turn = 0, done = 0; turn < turns; turn++) {
    transcript.prompt(`${title}: step ${turn}. ${text(20)}`);
    for (let call = 0; call < 5 && done < calls; call++, done++) {
      const file = `${cwd}/src/${text(1)}.ts`;
      if (call === 2) transcript.answer(answerOf(text, 1));
      if (call % 3 === 0)
        transcript.tool('Bash', { command: `npm run ${text(3)}` }, text(200), turn % 7 === 0 ? { is_error: true } : {});
      else if (call % 3 === 1)
        transcript.tool('Edit', { file_path: file, old_string: text(20), new_string: text(25) }, 'updated');
      else transcript.tool('Read', { file_path: file }, text(400));
    }
    transcript.answer(`${answerOf(text, 3)}${turn === Math.floor(turns / 2) ? `\n\nHere is the ${hiddenWord}.` : ''}`);
  }
  const target = path.join(configDir, 'projects', '-work-project-read', `${sessionId(number)}.jsonl`);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, transcript.text());
}

const answerOf = (text: (length: number) => string, parts: number): string =>
  Array.from({ length: parts }, (_, part) =>
    [
      `## ${text(4)}`,
      `${text(40)} **${text(2)}** and \`${text(1)}\`, ${text(30)}.`,
      `- ${text(12)}\n- ${text(9)} \`${text(2)}\`\n- ${text(14)}`,
      `\`\`\`ts\n${Array.from({ length: 12 }, () => `const ${text(1)} = call('${text(5)}');`).join('\n')}\n\`\`\``,
      ...(part === 1
        ? [`| a | b |\n|---|---|\n${Array.from({ length: 5 }, () => `| ${text(3)} | ${text(4)} |`).join('\n')}`]
        : []),
    ].join('\n\n'),
  ).join('\n\n');
