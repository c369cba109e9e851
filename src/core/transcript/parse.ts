/** Line → entries. Never throws: an unreadable line is a value with a reason. */
import { isOwnTool } from '../../protocol/own-server';
import { isGiven } from '../../protocol/own-text';
import { estimateTokens } from '../lib/tokens';
import { splitGlued, tryParse } from './glued';
import { isLocalCommand, isObserverPrompt, readPromptText } from './prompt-text';
import type { PromptText } from './prompt-text';
import { countOf, idOf, keptAttachments, noiseTypes, recordOf, textOf, titleRanks } from './schema';
import type { Entry, EntryBody, Envelope, Json, MessageNote, SkipReason } from './schema';
import { blockText, readServerResult, readToolResult } from './tool-result';

/**
 * The entries of one line: usually one; several when objects are joined; one with `skip` when the line is unreadable.
 * `nulsBefore` were left out when the line was read.
 */
export function parseLine(line: string, nulsBefore = 0): Entry[] {
  const marked = withoutMark(line);
  if (isBlank(marked)) return [nothing('empty')];
  // A NUL is no letter of JSON. After a crash some file systems leave runs of them before, behind and inside lines.
  const text = marked.includes('\0') ? marked.replaceAll('\0', '') : marked;
  const nuls = nulsBefore + marked.length - text.length;
  const entries = parseText(text);
  return nuls > 0 ? [...entries, { ...nothing('empty'), bytes: nuls }] : entries;
}

function parseText(text: string): Entry[] {
  const value = tryParse(text);
  if (value !== undefined) return [parseEntry(value)];
  const parts = splitGlued(text);
  if (!parts.some((part) => part.value !== undefined)) return [nothing('malformed')];
  return parts.map((part) =>
    part.value === undefined
      ? { ...nothing('malformed'), bytes: Buffer.byteLength(part.text) }
      : parseEntry(part.value),
  );
}

/** Session and time from the beginning of a line that is too long to parse. */
export function parseHead(head: string): Entry {
  const field = (name: string) => new RegExp(`"${name}"\\s*:\\s*"([^"\\\\]{1,400})"`).exec(head)?.[1];
  const json = Object.fromEntries(
    ['uuid', 'sessionId', 'timestamp', 'cwd', 'gitBranch', 'version', 'agentId'].map((name) => [name, field(name)]),
  );
  return {
    envelope: readEnvelope({ ...json, isSidechain: /"isSidechain"\s*:\s*true/.test(head) }),
    bodies: [],
    skip: 'too_long',
  };
}

/**
 * True when the text ends with a complete JSON object, so that a last line without a newline may be read. Must be an
 * object: a cut number looks complete.
 */
export function isWholeJson(line: string): boolean {
  const text = withoutMark(line).replaceAll('\0', '').trimEnd();
  if (!text.endsWith('}')) return false;
  return tryParse(text) !== undefined || splitGlued(text).at(-1)?.value !== undefined;
}

/** Some editors and exporters write a byte order mark. */
const withoutMark = (line: string): string => (line.charCodeAt(0) === 0xfe_ff ? line.slice(1) : line);

// Some file systems leave runs of NUL after a crash.
const isBlank = (text: string): boolean => /^[\s\0]*$/.test(text);

const nothing = (skip: SkipReason): Entry => ({ envelope: { isSidechain: false }, bodies: [], skip });

function parseEntry(value: unknown): Entry {
  const json = recordOf(value);
  const type = textOf(json?.['type']);
  if (!json || !type) return nothing(json ? 'unknown' : 'malformed');
  const envelope = readEnvelope(json);
  const bodies = readBodies(type, json);
  if (bodies === 'own' || bodies === 'observer') return { envelope, bodies: [], skip: bodies };
  if (bodies && bodies.length > 0) return { envelope, bodies };
  const skip = bodies || noiseTypes.has(type) ? 'noise' : 'unknown';
  // Lines are not trusted: only what looks like the name of a type is one.
  return skip === 'unknown' && typeName.test(type)
    ? { envelope, bodies: [], skip, unknownType: type }
    : { envelope, bodies: [], skip };
}

const typeName = /^[a-z][a-z0-9_-]{0,40}$/i;

function readEnvelope(json: Json): Envelope {
  const at = Date.parse(textOf(json['timestamp']) ?? '');
  const envelope: Envelope = { isSidechain: json['isSidechain'] === true };
  const put = <Key extends keyof Envelope>(key: Key, value: Envelope[Key] | undefined) => {
    if (value !== undefined) envelope[key] = value;
  };
  put('uuid', idOf(json['uuid']));
  put('sessionId', textOf(json['sessionId']));
  put('originSessionId', textOf(json['session_id']) ?? textOf(recordOf(json['forkedFrom'])?.['sessionId']));
  put('at', Number.isFinite(at) ? at : undefined);
  // Not cut here but where they are sealed: half a key would pass redaction.
  put('cwd', textOf(json['cwd']));
  put('gitBranch', textOf(json['gitBranch']));
  put('version', textOf(json['version']));
  put('entrypoint', textOf(json['entrypoint']));
  put('agentId', textOf(json['agentId']));
  return envelope;
}

/** Undefined for an unknown type; an empty list for a known type without content. */
function readBodies(type: string, json: Json): EntryBody[] | 'own' | 'observer' | undefined {
  switch (type) {
    case 'user':
      return readUser(json);
    case 'assistant':
      return readAssistant(json);
    case 'system':
      return readSystem(json);
    case 'attachment':
      return readAttachment(json);
    case 'queue-operation':
      return readQueueOperation(json);
    case 'cost-state':
      return readCosts(json);
    case 'summary':
      return readTitle(json['summary'], titleRanks.summary, idOf(json['leafUuid']));
    case 'ai-title':
      return readTitle(json['aiTitle'], titleRanks.ai);
    case 'custom-title':
      return readTitle(json['customTitle'], titleRanks.custom);
    default:
      return undefined;
  }
}

function readTitle(value: unknown, rank: 2 | 3 | 4, leafUuid?: string): EntryBody[] {
  const title = textOf(value)?.trim();
  // Old clients wrote API errors as summaries.
  if (!title || /^(API Error|Invalid API key|Credit balance)/.test(title)) return [];
  return [{ kind: 'title', title, rank, ...(leafUuid && { leafUuid }) }];
}

function readUser(json: Json): EntryBody[] | 'own' | 'observer' {
  const content = recordOf(json['message'])?.['content'];
  const bodies: EntryBody[] = [];
  const texts: string[] = [];
  let hasOwnResult = false;
  if (typeof content === 'string') texts.push(content);
  for (const block of Array.isArray(content) ? content : []) {
    const each = recordOf(block);
    if (each?.['type'] === 'tool_result') {
      const results = readToolResult(each, json['toolUseResult']);
      // What a tool of ours answered is memory already.
      if (results.some(({ text }) => isGiven(text))) hasOwnResult = true;
      else bodies.push(...results);
    } else if (each?.['type'] === 'text') texts.push(textOf(each['text']) ?? '');
    else if (each?.['type'] === 'image') texts.push('[image]');
    else if (each?.['type'] === 'document') texts.push('[document]');
  }
  const prompt = texts.length > 0 ? readPrompt(texts, json, bodies.length > 0) : undefined;
  if (prompt && isObserverPrompt(prompt.text)) return 'observer';
  if (prompt) bodies.push({ kind: 'prompt', ...prompt, ...(json['promptSource'] === 'typed' && { isTyped: true }) });
  return bodies.length === 0 && hasOwnResult ? 'own' : bodies;
}

function readPrompt(texts: string[], json: Json, hasToolResult: boolean): PromptText | undefined {
  const isMeta = json['isMeta'] === true;
  const isSummary = json['isCompactSummary'] === true;
  // Each block is checked by itself: a context block of an IDE must not hide the typed text beside it.
  const isPerson = isPersonLine(json);
  const read = texts.map((text) => readPromptText(text, isPerson)).filter((each) => each !== undefined);
  const human = read.filter((each) => each.isHuman);
  const chosen = human.length > 0 ? human : read;
  const text = chosen.map((each) => each.text).join('\n\n');
  if (text === '' || (text === '[image]' && isMeta)) return undefined;
  if (isSummary) return { text, isHuman: false, note: 'compact_summary' };
  const origin = textOf(recordOf(json['origin'])?.['kind']);
  const source = textOf(json['promptSource']);
  // Bodies of skills and reminders are the client's text, repeated in every session.
  if (isMeta && origin !== 'human') return undefined;
  const isMachine =
    (origin === undefined ? isMachineTurn(json) : origin !== 'human') || source === 'system' || hasToolResult;
  const isHuman = human.length > 0 && !isMachine;
  const note: MessageNote = origin === 'task-notification' ? 'task' : (chosen[0]?.note ?? '');
  return { text, isHuman, note: isHuman || note !== '' ? note : 'notice' };
}

/** True when the client says that something else than a person or a program with a prompt began the turn. */
function isMachineTurn(json: Json): boolean {
  const turn = textOf(json['turnOrigin']);
  if (turn !== undefined && turn !== 'human' && turn !== 'sdk') return true;
  return json['rowSource'] === 'harness' || json['promptSource'] === 'hook';
}

/** True when the client says that a person wrote the line, so that no text of it is the client's own. */
function isPersonLine(json: Json): boolean {
  const origin = textOf(recordOf(json['origin'])?.['kind']);
  if (json['isMeta'] === true || json['isCompactSummary'] === true) return false;
  return origin === undefined
    ? ['typed', 'queued', 'sdk'].includes(textOf(json['promptSource']) ?? '')
    : origin === 'human';
}

function readAssistant(json: Json): EntryBody[] | 'own' {
  const message = recordOf(json['message']);
  if (!message) return [];
  // Some gateways omit ids; the uuid of the line identifies the message then.
  const messageId = idOf(message['id']) ?? idOf(json['uuid']) ?? '';
  const model = textOf(message['model']) ?? '';
  const isSynthetic = model === '<synthetic>';
  const requestId = idOf(json['requestId']);
  const ids = { messageId, ...(requestId !== undefined && { requestId }) };
  const bodies: EntryBody[] = [];
  let hasOwnCall = false;
  const content =
    typeof message['content'] === 'string' ? [{ type: 'text', text: message['content'] }] : message['content'];
  for (const block of Array.isArray(content) ? content : []) {
    const each = recordOf(block);
    const type = textOf(each?.['type']);
    if (type === 'text' || type === 'thinking') {
      const text = textOf(each?.[type])?.trim();
      const note: MessageNote =
        type === 'thinking' ? 'thinking' : json['isApiErrorMessage'] === true ? 'api_error' : '';
      const isFiller = isSynthetic && text === 'No response requested.';
      if (text && !isFiller) bodies.push({ kind: 'answer', ...ids, text, model: isSynthetic ? '' : model, note });
    } else if (each && type?.endsWith('tool_result')) {
      bodies.push(...readServerResult(each));
    } else if (type === 'tool_use' || type === 'server_tool_use' || type === 'mcp_tool_use') {
      const toolUseId = idOf(each?.['id']);
      const tool = textOf(each?.['name']) ?? 'unknown';
      if (isOwnTool(tool)) hasOwnCall = true;
      else if (toolUseId)
        bodies.push({ kind: 'tool_call', ...ids, toolUseId, tool, input: recordOf(each?.['input']) ?? {}, model });
    }
  }
  const usage = isSynthetic ? undefined : readUsage(message, ids, model, bodies);
  if (bodies.length === 0 && hasOwnCall) return 'own';
  return usage ? [...bodies, usage] : bodies;
}

function readUsage(
  message: Json,
  ids: { messageId: string; requestId?: string },
  model: string,
  bodies: readonly EntryBody[],
): EntryBody | undefined {
  const usage = recordOf(message['usage']);
  if (!usage || ids.messageId === '') return undefined;
  const written = recordOf(usage['cache_creation']);
  const hour = countOf(written?.['ephemeral_1h_input_tokens']);
  const cacheWrite =
    countOf(usage['cache_creation_input_tokens']) || hour + countOf(written?.['ephemeral_5m_input_tokens']);
  const counts = {
    input: countOf(usage['input_tokens']),
    output: countOf(usage['output_tokens']),
    cacheRead: countOf(usage['cache_read_input_tokens']),
    cacheWrite,
    cacheWriteHour: Math.min(hour, cacheWrite),
  };
  if (counts.input + counts.output + counts.cacheRead + counts.cacheWrite === 0) return undefined;
  // While an answer streams, its lines have no reason for its end yet.
  const said = textOf(message['stop_reason']) === undefined ? tokensSaid(bodies) : 0;
  return { kind: 'usage', ...ids, model, ...counts, said };
}

const tokensSaid = (bodies: readonly EntryBody[]): number =>
  bodies.reduce(
    (sum, body) =>
      sum +
      (body.kind === 'answer'
        ? estimateTokens(body.text)
        : body.kind === 'tool_call'
          ? estimateTokens(JSON.stringify(body.input))
          : 0),
    0,
  );

function readSystem(json: Json): EntryBody[] {
  const subtype = textOf(json['subtype']);
  const content = textOf(json['content']);
  if (subtype === 'local_command' && content) {
    const prompt = readPromptText(content);
    return prompt ? [{ kind: 'prompt', ...prompt }] : [];
  }
  if (subtype === 'informational' && json['level'] === 'error' && content)
    return [{ kind: 'prompt', text: content, isHuman: false, note: 'notice' }];
  return [];
}

/** A message typed while Claude was busy may be written as an attachment only. */
function readAttachment(json: Json): EntryBody[] {
  const attachment = recordOf(json['attachment']);
  const injected = attachment && hookMessage(attachment);
  if (injected !== undefined) return [{ kind: 'injected', text: injected }];
  if (!attachment || !keptAttachments.has(textOf(attachment['type']) ?? '')) return [];
  const prompt = attachment['prompt'];
  const text = typeof prompt === 'string' ? prompt : blockText(prompt);
  const read = readPromptText(text);
  const isNotification = attachment['commandMode'] === 'task-notification';
  const ids = [idOf(attachment['source_uuid']), idOf(attachment['delivery_id'])].filter((id) => id !== undefined);
  return read
    ? [{ kind: 'prompt', ...read, isHuman: read.isHuman && !isNotification, note: read.note || 'attachment', ids }]
    : [];
}

const maxModels = 20;

function readCosts(json: Json): EntryBody[] {
  const models = Object.entries(recordOf(json['modelUsage']) ?? {})
    .slice(0, maxModels)
    .map(([model, value]) => {
      const tokens = recordOf(value);
      const cacheWrite = countOf(tokens?.['cacheCreationInputTokens']);
      return {
        model,
        input: countOf(tokens?.['inputTokens']),
        output: countOf(tokens?.['outputTokens']),
        cacheRead: countOf(tokens?.['cacheReadInputTokens']),
        cacheWrite,
        cacheWriteHour: Math.min(cacheWrite, countOf(tokens?.['cacheCreationEphemeral1hInputTokens'])),
      };
    });
  return models.length > 0 ? [{ kind: 'cost', models }] : [];
}

/** A prompt that a SessionStart hook gave: the client sends it like one of a person. */
function hookMessage(attachment: Json): string | undefined {
  for (const field of ['initialUserMessage', 'stdout', 'content']) {
    const value = textOf(attachment[field]);
    if (value === undefined) continue;
    const given =
      field === 'initialUserMessage'
        ? value
        : value.includes('"initialUserMessage"')
          ? textOf(recordOf(recordOf(tryParse(value))?.['hookSpecificOutput'])?.['initialUserMessage'])
          : undefined;
    if (given !== undefined) return readPromptText(given, true)?.text;
  }
  return undefined;
}

const queueOperations = ['enqueue', 'dequeue', 'remove', 'popAll'] as const;

/** What happened to a prompt that was typed while Claude was busy. */
function readQueueOperation(json: Json): EntryBody[] {
  const operation = queueOperations.find((each) => each === json['operation']);
  if (!operation) return [];
  const read = readPromptText(blockText(json['content']));
  const ids = [idOf(json['commandUuid']), idOf(json['deliveryId'])].filter((id) => id !== undefined);
  const isHuman = read !== undefined && read.isHuman && !isLocalCommand(read.text) && !isObserverPrompt(read.text);
  return [{ kind: 'queue', operation, text: read?.text ?? '', note: read?.note ?? '', isHuman, ids }];
}
