/**
 * Redacts lines in a thread of its own, so that the keeper stores and answers meanwhile. The thread is started by the
 * first lines and ends after some idle seconds. When it fails, the keeper redacts by itself.
 */
import { Worker } from 'node:worker_threads';
import { asError } from '../core/lib/log';
import type { Log } from '../core/lib/log';
import type { LineAnswer, StartLineThread } from '../core/observe/line-thread';
import type { RedactedBytes } from '../core/observe/redact';
import type { OwnRules } from '../protocol/redaction';
import type { RedactAnswer, RedactInput, RedactLines, RedactRequest } from './redact-messages';

export interface RedactThreadOptions {
  /** Absolute path of the built `redact.cjs`. */
  workerFile: string;
  log: Log;
  /** In milliseconds; the tests shorten them. */
  timing?: Partial<typeof defaultTiming>;
}

const defaultTiming = {
  idleMs: 10_000,
  /** A batch takes a tenth of a second. A thread that is silent for so long is ended. */
  answerMs: 10_000,
};
/** After so many failures the thread is not started again. */
const maxFailures = 3;
const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32 } as const;

type Resolve = (answer: LineAnswer | undefined) => void;

export function createRedactThread({ workerFile, log, timing }: RedactThreadOptions): StartLineThread {
  const { idleMs, answerMs } = { ...defaultTiming, ...timing };
  return (salt) => {
    const open = new Map<number, Resolve>();
    let worker: Worker | undefined;
    let rules: OwnRules | undefined;
    let failures = 0;
    let requests = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const end = () => {
      clearTimeout(timer);
      void worker?.terminate();
      worker = undefined;
      for (const resolve of open.values()) resolve(undefined);
      open.clear();
    };
    const fail = (reason: string) => {
      failures++;
      log.warn(`redaction thread: ${reason}`);
      end();
    };
    /** Called after each message in either direction. */
    const wait = () => {
      clearTimeout(timer);
      timer = open.size > 0 ? setTimeout(() => fail(`no answer in ${answerMs} ms`), answerMs) : setTimeout(end, idleMs);
      timer.unref();
    };
    const start = (): Worker => {
      const started = new Worker(workerFile, {
        workerData: { salt } satisfies RedactInput,
        name: 'claude-mem-redact',
        execArgv: [],
        resourceLimits,
      });
      started.unref();
      started.on('message', ({ id, changed, slow }: RedactAnswer) => {
        open.get(id)?.({
          changed: new Map(
            changed.map(({ index, bytes, ...line }) => [index, { ...line, bytes: bytes as RedactedBytes }]),
          ),
          slow,
        });
        open.delete(id);
        if (worker === started) wait();
      });
      started.on('error', (error) => {
        if (worker === started) fail(asError(error).message);
      });
      started.on('exit', () => {
        if (worker === started) fail('ended');
      });
      if (rules) started.postMessage({ rules } satisfies RedactRequest);
      return started;
    };
    return {
      setRules(own) {
        rules = own;
        worker?.postMessage({ rules: own } satisfies RedactRequest);
      },
      redactLines(lines) {
        if (failures >= maxFailures) return Promise.resolve(undefined);
        worker ??= start();
        const request = asMessage(++requests, lines);
        const answer = new Promise<LineAnswer | undefined>((resolve) => open.set(request.id, resolve));
        worker.postMessage(request satisfies RedactRequest, [request.bytes.buffer]);
        if (open.size === 1) wait();
        return answer;
      },
      close: end,
    };
  };
}

/** The lines are copied: the archive needs those that are clean. */
function asMessage(id: number, lines: readonly Uint8Array[]): RedactLines {
  const lengths = Uint32Array.from(lines, ({ length }) => length);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const line of lines) {
    bytes.set(line, at);
    at += line.length;
  }
  return { id, bytes, lengths };
}
