/** The thread for redaction: lines in, what was changed of them out. It answers in the order it is asked. */
import { parentPort, workerData } from 'node:worker_threads';
import { createOwnFinder } from '../core/observe/own-rules';
import type { OwnFinder } from '../core/observe/own-rules';
import { createRedactor } from '../core/observe/redact';
import type { RedactAnswer, RedactInput, RedactLines, RedactRequest } from './redact-messages';

const redactor = createRedactor({ salt: (workerData as RedactInput).salt });
let own: OwnFinder | undefined;
let answering = Promise.resolve();

parentPort?.on('message', (request: RedactRequest) => {
  answering = answering.then(() => take(request));
});

async function take(request: RedactRequest): Promise<void> {
  if ('rules' in request) {
    own = createOwnFinder(request.rules);
    redactor.setOwnRules(own, request.rules);
    return;
  }
  parentPort?.postMessage(await answer(request));
}

async function answer({ id, bytes, lengths }: RedactLines): Promise<RedactAnswer> {
  let at = 0;
  const lines = Array.from(lengths, (length) => bytes.subarray(at, (at += length)));
  const redacted = await redactor.redactLines(lines);
  return {
    id,
    changed: redacted.flatMap((line, index) =>
      line.originalHash === undefined ? [] : [{ index, ...line, bytes: new Uint8Array(line.bytes) }],
    ),
    slow: [...(own?.slow ?? [])],
  };
}
