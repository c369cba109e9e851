/** An exported session has every row once, and nothing in it acts. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import type { TestMemory } from '../../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';
import type { SessionTextQuery } from '../../../protocol/questions/session-text';

const labels = { you: 'You', claude: 'Claude', subAgent: 'Helper', task: 'Task', error: 'failed', shortened: 'Cut' };
const [long, hostile] = [sessionId(1), sessionId(2)];
const evil = '</pre></main><img src=x onerror=alert(1)><script>alert(2)</script>';
let test: TestMemory;

beforeAll(async () => {
  test = await openTestMemory();
  const transcript = new Transcript(long);
  for (let turn = 1; turn <= 50; turn++) {
    transcript.prompt(`question number ${turn}.`);
    transcript.tool(
      'Bash',
      { command: `run ${turn}` },
      `output of ${turn}\n\`\`\`\nfenced`,
      turn === 3 ? { is_error: true } : {},
    );
    transcript.answer(`# Answer ${turn}\n\nwith **weight** and ![a picture](https://x.example/p.png)`);
  }
  await writeTranscript(test.configDir, long, transcript);
  const other = new Transcript(hostile, { branch: evil });
  other.prompt(evil);
  other.tool('Edit', { file_path: `/work/${evil}`, old_string: evil, new_string: `x${evil}` }, evil);
  other.answer(`[run](javascript:alert(1)) ${evil} <style>*{}</style>\n\n\`\`\`html\n${evil}\n\`\`\``);
  await writeTranscript(test.configDir, hostile, other);
  await test.import();
});
afterAll(() => test.close());

/** Puts the pieces together as the extension does. */
async function read(query: Omit<SessionTextQuery, 'labels' | 'cursor'>): Promise<{ text: string; pieces: number }> {
  const pieces: string[] = [];
  let cursor: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const piece = await test.memory.sessionText({ ...query, labels, ...(cursor !== undefined && { cursor }) });
    pieces.push(piece.text);
    cursor = piece.next;
  } while (cursor !== undefined);
  return { text: pieces.join('\n'), pieces: pieces.length };
}

describe('as Markdown', () => {
  it('has every row once, in order, over several pieces', async () => {
    const { text, pieces } = await read({ sessionId: long, format: 'markdown' });
    expect(pieces).toBeGreaterThan(1);
    expect([...text.matchAll(/question number (\d+)\./g)].map(([, turn]) => Number(turn))).toEqual(
      // The first one is the title too.
      [1, ...Array.from({ length: 50 }, (_, index) => index + 1)],
    );
    expect(text.match(/^# /gm)).toHaveLength(51);
    expect(text).toContain('**Bash** `run 7`');
    expect(text).toContain('````\noutput of 7\n```\nfenced\n````');
    expect(text).toMatch(/`run 3` \(failed\)/);
  });

  it('of a turn is that turn alone, without a head', async () => {
    const { text } = await read({ sessionId: long, format: 'markdown', turn: 20 });
    expect(text).toMatch(/^## You · \d{4}-/);
    expect(text).toContain('question number 20.');
    expect(text).toContain('Answer 20');
    expect(text).not.toMatch(/number (19|21)|Answer (19|21)/);
  });
});

describe('as HTML', () => {
  it('is one page that needs nothing else, for paper too', async () => {
    const { text } = await read({ sessionId: long, format: 'html' });
    expect(text.startsWith('<!DOCTYPE html>')).toBe(true);
    expect(text.trimEnd().endsWith('</html>')).toBe(true);
    expect(text).toContain("default-src 'none'; style-src 'unsafe-inline'");
    expect(text).toContain('@media print');
    expect(text.match(/<article/g)).toHaveLength(100);
    expect(text.match(/<details/g)).toHaveLength(50);
    expect(text.match(/<details open>/g)).toHaveLength(1);
    expect(text.match(/<h1/g)).toHaveLength(1);
    expect(text).toContain('<h3>Answer 7</h3>');
    expect(text).not.toMatch(/<(img|script|link|iframe)/);
    expect(text).toContain('[a picture]');
  });

  it('lets nothing of a session act', async () => {
    const { text } = await read({ sessionId: hostile, format: 'html' });
    const tags = [...text.matchAll(/<\/?([a-z][a-z0-9]*)\b([^<>]*)>/gi)];
    expect(tags.filter(([, name]) => /^(img|script|iframe|link|form|object|svg)$/i.test(name ?? ''))).toEqual([]);
    expect(tags.filter(([, , attributes]) => /\bon\w+\s*=|javascript:/i.test(attributes ?? ''))).toEqual([]);
    for (const name of ['style', 'main', 'title']) expect(text.split(`<${name}>`)).toHaveLength(2);
    expect(text.match(/<\/main>/g)).toHaveLength(1);
    expect(text).toContain('&lt;script&gt;alert(2)&lt;/script&gt;');
  });
});

describe('to be printed', () => {
  it('is the same page with one line of script, which its policy names by its hash', async () => {
    const html = await read({ sessionId: hostile, format: 'html' });
    const { text } = await read({ sessionId: hostile, format: 'print' });
    const scripts = [...text.matchAll(/<script>([^<]*)<\/script>/g)].map(([, script = '']) => script);
    expect(scripts).toEqual(["addEventListener('load', () => print());"]);
    const hash = createHash('sha256').update(scripts[0]!).digest('base64');
    expect(text).toContain(`style-src 'unsafe-inline'; script-src 'sha256-${hash}'">`);
    expect(text.replace(/<script>.*<\/script>\n/, '').replace(/; script-src '[^']*'/, '')).toBe(html.text);
  });
});

it('of a session that is not there is refused', async () => {
  await expect(test.memory.sessionText({ sessionId: 'nobody', format: 'html', labels })).rejects.toMatchObject({
    code: 'not_found',
  });
});
