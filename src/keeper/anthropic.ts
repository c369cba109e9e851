/**
 * The Messages API through Anthropic's library, in a bundle of its own (dist/distil.cjs) that is loaded for the first
 * call a person has allowed. The library would read options from environment variables, log and retry; all three are
 * prevented here.
 */
import { BaseAnthropic } from '@anthropic-ai/sdk/client';
import { APIConnectionError, APIError, APIUserAbortError } from '@anthropic-ai/sdk/core/error';
import { Messages } from '@anthropic-ai/sdk/resources/messages';
import type {
  Message,
  MessageCreateParamsNonStreaming,
  MessageDeltaUsage,
  RawMessageStreamEvent,
  Usage,
} from '@anthropic-ai/sdk/resources/messages';
import type {
  BatchAnswer,
  LanguageModel,
  ModelAccess,
  ModelAnswer,
  ModelFailure,
  ModelQuestion,
} from '../core/distil/ask/language-model';
import type { TokenUsage } from '../core/lib/prices';
import { MemoryError } from '../protocol/errors';
import { isHubAllowed } from '../protocol/hub-address';
import { trimEndOf } from '../protocol/text';

const ownAddress = 'https://api.anthropic.com';
/** Time limit for a whole answer. */
const timeoutMs = 5 * 60_000;
/** Headers that may be sent: the environment could add others (ANTHROPIC_CUSTOM_HEADERS). */
const allowedHeaders = /^(accept|content-type|content-length|user-agent|anthropic-(version|beta)|x-stainless-[a-z-]+)$/;

class Client extends BaseAnthropic {
  // The library's complete client is four times as large.
  readonly messages = new Messages(this);
}

/** @throws MemoryError `invalid_input` for an address that is neither https nor on this machine */
export function connectAnthropic({ key, baseUrl }: ModelAccess): LanguageModel {
  const address = new URL(baseUrl === '' ? ownAddress : baseUrl);
  if (!isHubAllowed(address))
    throw new MemoryError('invalid_input', 'The address of the API must begin with https://, or be on this machine.');
  const client = new Client({
    apiKey: key,
    authToken: null,
    webhookKey: null,
    baseURL: trimEndOf(address.href, '/'),
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off',
    logger: silent,
    openTelemetry: false,
    fetch: (input, init) => {
      const headers = new Headers(init?.headers);
      const others = Array.from(headers.keys()).filter((name) => !allowedHeaders.test(name));
      for (const name of others) headers.delete(name);
      headers.set('authorization', `Bearer ${key}`);
      // Servers compatible with older versions of the API expect this header.
      if (baseUrl !== '') headers.set('x-api-key', key);
      // A redirect would send the key to another server.
      return fetch(input, { ...init, headers, redirect: 'error' });
    },
  });
  return {
    ask: (question, signal) =>
      readStream(async () => {
        const { data, request_id } = await client.messages
          .create({ ...paramsOf(question), stream: true }, { signal })
          .withResponse();
        return { events: data, requestId: request_id ?? '' };
      }),
    async countTokens(name, text, signal) {
      try {
        const { input_tokens } = await client.messages.countTokens(
          { model: name, messages: [{ role: 'user', content: text }] },
          { signal },
        );
        return input_tokens;
      } catch (error) {
        throw failureOf(error, false);
      }
    },
    async submitBatch(questions, signal) {
      const requests = questions.map(({ id, question }) => ({ custom_id: id, params: paramsOf(question) }));
      try {
        return (await client.messages.batches.create({ requests }, { signal })).id;
      } catch (error) {
        throw failureOf(error, false);
      }
    },
    async fetchBatch(batchId, signal) {
      try {
        const batch = await client.messages.batches.retrieve(batchId, {}, { signal });
        if (batch.processing_status !== 'ended') return undefined;
        const answers: BatchAnswer[] = [];
        for await (const { custom_id, result } of await client.messages.batches.results(batchId, {}, { signal })) {
          if (result.type === 'succeeded')
            answers.push({ id: custom_id, answer: answerOf(result.message, `${batchId}/${custom_id}`) });
          else
            answers.push({
              id: custom_id,
              failure: result.type,
              isFinal: result.type === 'errored' && result.error.error.type === 'invalid_request_error',
            });
        }
        return answers;
      } catch (error) {
        throw failureOf(error, false);
      }
    },
  };
}

const silent = { error() {}, warn() {}, info() {}, debug() {} };

function paramsOf({
  model,
  system,
  text,
  schema,
  maxTokens,
  hasEffort,
}: ModelQuestion): MessageCreateParamsNonStreaming {
  return {
    model,
    max_tokens: maxTokens,
    system: [{ type: 'text', text: system, cache_control: { type: 'ephemeral' } }],
    messages: [{ role: 'user', content: text }],
    output_config: { format: { type: 'json_schema', schema: { ...schema } }, ...(hasEffort && { effort: 'low' }) },
  };
}

/** Before the first event nothing was charged; when the stream breaks afterwards, the charge is unknown. */
async function readStream(
  open: () => Promise<{ events: AsyncIterable<RawMessageStreamEvent>; requestId: string }>,
): Promise<ModelAnswer> {
  let hasBegun = false;
  try {
    const { events, requestId } = await open();
    let text = '';
    let usage: TokenUsage | undefined;
    let stopReason = '';
    let isOver = false;
    for await (const event of events) {
      hasBegun = true;
      if (event.type === 'message_start') usage = usageOf(event.message.usage);
      else if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text;
      else if (event.type === 'message_delta') {
        usage = usageOf(event.usage, usage);
        stopReason = event.delta.stop_reason ?? '';
      } else if (event.type === 'message_stop') isOver = true;
    }
    if (!isOver || !usage || stopReason === '') throw failure({ charged: 'unknown', kind: 'cut', reason: 'cut' });
    return { text, usage, requestId, stopReason };
  } catch (error) {
    throw failureOf(error, hasBegun);
  }
}

const answerOf = (message: Message, requestId: string): ModelAnswer => ({
  text: message.content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
  usage: usageOf(message.usage),
  requestId,
  stopReason: message.stop_reason ?? '',
});

/** Usage at the end of a stream replaces the usage at its beginning, field by field. */
function usageOf(usage: Usage | MessageDeltaUsage, before?: TokenUsage): TokenUsage {
  return {
    inputTokens: usage.input_tokens ?? before?.inputTokens ?? 0,
    outputTokens: usage.output_tokens,
    cacheReadTokens: usage.cache_read_input_tokens ?? before?.cacheReadTokens ?? 0,
    cacheWriteTokens: usage.cache_creation_input_tokens ?? before?.cacheWriteTokens ?? 0,
  };
}

const failure = (data: ModelFailure): MemoryError =>
  new MemoryError(data.kind === 'rejected' ? 'invalid_input' : 'network', 'The model was not reached.', { ...data });

/** Errors before any byte of the request was sent. */
const neverLeft = new RegExp(
  `^(${[
    'ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT',
    'CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL',
  ].join('|')})`,
);

function failureOf(error: unknown, hasBegun: boolean): MemoryError {
  if (MemoryError.is(error)) return error;
  if (error instanceof APIUserAbortError) return failure({ charged: 'unknown', kind: 'cut', reason: 'cancelled' });
  if (error instanceof APIError && !(error instanceof APIConnectionError)) return judgeStatus(error, hasBegun);
  const code = causeOf(error);
  if (!hasBegun && neverLeft.test(code)) return failure({ charged: 'none', kind: 'unreachable', reason: code });
  return failure({ charged: 'unknown', kind: 'cut', reason: code });
}

function judgeStatus(error: APIError, hasBegun: boolean): MemoryError {
  const status = error.status;
  const reason = `${status ?? ''} ${error.type ?? ''}`.trim();
  // An error event of the stream; before the first event nothing was charged.
  if (status === undefined)
    return failure({ charged: hasBegun ? 'unknown' : 'none', kind: hasBegun ? 'cut' : 'busy', reason });
  // A proxy timed out; the model may have answered all the same.
  if (status === 408 || status === 502 || status === 504) return failure({ charged: 'unknown', kind: 'cut', reason });
  if (status === 401 || status === 402 || status === 403 || isAboutMoney(error))
    return failure({ charged: 'none', kind: 'wrong_key', reason });
  const wait = retryAfterOf(error);
  if (status === 429 || status >= 500)
    return failure({ charged: 'none', kind: 'busy', reason, ...(wait !== undefined && { retryAfterMs: wait }) });
  return failure({ charged: 'none', kind: 'rejected', reason });
}

/** An account without credit gets a "bad request"; every further request would get the same. */
const isAboutMoney = ({ status, type, message }: APIError): boolean =>
  type === 'billing_error' || (status === 400 && /credit balance/i.test(message));

/** `retry-after` is in seconds or a date. */
function retryAfterOf({ headers }: APIError): number | undefined {
  const said = headers?.get('retry-after');
  if (!said) return undefined;
  const seconds = Number(said);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(said) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), 60 * 60_000) : undefined;
}

function causeOf(error: unknown): string {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) {
    const { code } = each as { code?: unknown };
    if (typeof code === 'string') return code;
  }
  return error instanceof Error ? error.name : 'unknown';
}
