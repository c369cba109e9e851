/** What Claude Code tells a hook on its standard input. Nothing of it is trusted, and nothing is waited for long. */
import { lstat, readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';

export interface HookInput {
  sessionId: string;
  folder: string;
  /** Why a session starts. */
  source: string;
  prompt: string;
  /** Path of the transcript, which a new session does not have yet. */
  transcript: string;
}

const maxInputBytes = 16 << 20;

/** Undefined for anything that is not what a client sends. An input that does not end is read as far as it has come. */
export async function readInput(stream: Readable, waitMs: number): Promise<HookInput | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, waitMs);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxInputBytes) return end();
      chunks.push(chunk);
    });
    stream.once('end', end);
    stream.once('error', end);
  });
  stream.pause();
  return bytes > maxInputBytes ? undefined : inputOf(Buffer.concat(chunks).toString('utf8'));
}

function inputOf(text: string): HookInput | undefined {
  const value = parseObject(text);
  if (!value) return undefined;
  const textOf = (key: string) => (typeof value[key] === 'string' ? value[key] : '');
  return {
    sessionId: textOf('session_id'),
    folder: textOf('cwd'),
    source: textOf('source'),
    prompt: textOf('prompt'),
    transcript: textOf('transcript_path'),
  };
}

/** Undefined for anything but a JSON object. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined for what is no file, too long or cannot be read. A pipe in its place would be waited for for ever. */
export async function readSmall(file: string, maxBytes: number): Promise<string | undefined> {
  try {
    const found = await lstat(file);
    return found.isFile() && found.size <= maxBytes ? await readFile(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
