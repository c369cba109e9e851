/** What happens to a text from file to page, each stage by itself. Nothing remembers a text that it has seen. */
import { indexText } from '../../src/core/index/tokenize';
import { createNameKey } from '../../src/core/lib/keyed-name';
import { cleanText } from '../../src/core/observe/clean';
import { fingerprintError } from '../../src/core/observe/fingerprint';
import { createRedactor, literal, noText } from '../../src/core/observe/redact';
import type { Redacted } from '../../src/core/observe/redact';
import { titleOfPrompt } from '../../src/core/observe/title';
import { appendToArchive } from '../../src/core/store/archive/archive';
import { ensureProject } from '../../src/core/store/tables/projects';
import { putMessage } from '../../src/core/store/tables/rows';
import { ensureSession } from '../../src/core/store/tables/sessions';
import { isWholeJson, parseHead, parseLine } from '../../src/core/transcript/parse';
import type { openBench } from './open';

const folder = literal('/work/shop');
const names = createNameKey('bench');

export type Stage = (text: string) => unknown;

export function growthStages({ driver, archive }: Awaited<ReturnType<typeof openBench>>): Record<string, Stage> {
  const place = driver.transaction(() => {
    const projectId = ensureProject(driver, folder, literal('shop'));
    const { no } = ensureSession(driver, 'growth', { projectId, cwd: folder, at: 1, isAgent: false });
    let sequence = 0;
    return { session: no, projectId, next: () => ++sequence };
  });
  let count = 0;
  return {
    parse(text) {
      parseLine(text);
      parseHead(text);
      isWholeJson(text);
      for (const line of linesOf(text)) parseLine(line);
    },
    redact: (text) => createRedactor({ salt: 'bench' }).redact([text]),
    clean(text) {
      const clean = cleanText(text).text;
      titleOfPrompt(clean as Redacted);
      fingerprintError(clean);
    },
    tokenize: (text) => indexText(text),
    index(text) {
      const uid = names.of(`growth-${count++}`);
      driver.transaction(() =>
        putMessage(
          driver,
          {
            kind: 'message',
            uid,
            turn: 0,
            at: 1,
            cwd: folder,
            agentId: null,
            line: count,
            role: 'user',
            note: '',
            text: text as Redacted,
            truncatedBytes: 0,
            hash: uid,
            answerKey: null,
            olderAnswerKey: null,
            model: noText,
          },
          place,
        ),
      );
    },
    // By `require`, because the types of pages and of programs for Node do not go together. The rest is the browser's.
    render: (require('../../webview/parts/render-markdown') as { markdownToHtml: Stage }).markdownToHtml,
    async archive(text) {
      const lines = linesOf(text).map((line) => Buffer.from(`${line}\n`));
      const redacted = await createRedactor({ salt: 'bench' }).redactLines(lines);
      appendToArchive(archive, {
        source: { path: `/growth/${count++}.jsonl`, sessionId: 'growth', kind: 'main', size: 1, mtime: 1 },
        owner: { sessionId: 'growth', projectRoot: folder, startedAt: 1 },
        startOffset: 0,
        lines: redacted.map(({ bytes, redactions }, index) => ({
          bytes,
          redactions,
          originalHash: undefined,
          sourceBytes: lines[index]?.length ?? 0,
        })),
        tailHash: '',
        startsAnew: false,
      });
    },
  };
}

/** A prompt, an answer and a result with the text. */
function linesOf(text: string): string[] {
  const entry = { uuid: 'u', sessionId: 's', timestamp: '2026-01-31T10:00:00.000Z', cwd: '/work/shop' };
  const block = { type: 'tool_result', tool_use_id: 't', content: text };
  return [
    { ...entry, type: 'user', message: { content: text } },
    { ...entry, type: 'assistant', message: { id: 'm', content: [{ type: 'text', text }] } },
    { ...entry, type: 'user', message: { content: [block] }, toolUseResult: { stdout: text } },
  ].map((each) => JSON.stringify(each));
}
