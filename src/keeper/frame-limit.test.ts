import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameLimit } from './frame-limit';

const frame = (body: string) => Buffer.from(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);

/** What comes out of a limit that gets these chunks, and whether it ended the connection. */
async function pass(chunks: readonly Buffer[], isTrusted = false): Promise<{ text: string; isRefused: boolean }> {
  const limit = new FrameLimit();
  if (isTrusted) limit.trust();
  const out: Buffer[] = [];
  limit.on('data', (chunk: Buffer) => out.push(chunk));
  const over = new Promise<boolean>((resolve) => {
    limit.once('error', () => resolve(true));
    limit.once('end', () => resolve(false));
  });
  for (const chunk of chunks) if (!limit.destroyed) limit.write(chunk);
  if (!limit.destroyed) limit.end();
  const isRefused = await over;
  return { text: Buffer.concat(out).toString(), isRefused };
}

function* split(whole: Buffer, sizes: readonly number[]): Generator<Buffer> {
  let at = 0;
  for (const size of sizes) {
    yield whole.subarray(at, at + size);
    at += size;
  }
  yield whole.subarray(at);
}

describe('messages of a bounded size', () => {
  it('pass unchanged, however they are cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 60 }), { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 }),
        async (bodies, sizes) => {
          const whole = Buffer.concat(bodies.map(frame));
          expect(await pass([...split(whole, sizes)])).toEqual({ text: whole.toString(), isRefused: false });
        },
      ),
    );
  });

  it('pass when the other end is trusted, at a size that is refused before', async () => {
    const long = frame('x'.repeat(1 << 20));
    expect((await pass([long], true)).text).toBe(long.toString());
    expect(await pass([long])).toEqual({ text: '', isRefused: true });
  });

  it.each([
    'Content-Length: 5\r\nContent-Length: 4000000000',
    'Content-Length: 4000000000\r\nContent-Length: 5',
    '\f\nContent-Length: 5\f\nContent-Length: 56',
    'Content-Type: x\nContent-Length: 5',
    'X: 1\r\nContent-Length: 5',
    'Content-Length: 5 5',
    'Content-Length: -5',
    'Content-Length:',
  ])('are refused when %j is before them', async (header) => {
    expect(await pass([Buffer.from(`${header}\r\n\r\nhello`)])).toEqual({ text: '', isRefused: true });
  });
});

it('a length without bounds is one that a head gives to its proven keeper', async () => {
  const limit = new FrameLimit();
  limit.on('data', () => {});
  const failed: unknown[] = [];
  limit.on('error', (error) => failed.push(error));
  limit.trust(Infinity);
  limit.write(Buffer.from(`Content-Length: ${200 << 20}\r\n\r\n`));
  limit.write(Buffer.alloc(1 << 20));
  expect(failed).toEqual([]);
  limit.destroy();
});

it.each<[string, Buffer]>([
  ['brackets without end', frame('['.repeat(40_000))],
  ['a gigabyte that is only announced', Buffer.from('Content-Length: 1073741824\r\n\r\n[')],
  ['a length that is no number', Buffer.from('Content-Length: lots\r\n\r\n{}')],
  ['no length', Buffer.from('Content-Type: text\r\n\r\n{}')],
  ['a header without an end', Buffer.from('a'.repeat(5000))],
  ['a web request', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
])('refuses %s, and hands nothing of it on', async (_, sent) => {
  expect(await pass([sent])).toEqual({ text: '', isRefused: true });
  expect(await pass([...split(sent, [1, 10, 100])])).toEqual({ text: '', isRefused: true });
});
