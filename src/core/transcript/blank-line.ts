/**
 * A transcript line without what it says: who wrote it, when, and its place in the conversation stay, so that the client
 * can resume the session around it.
 */
import { recordOf } from './schema';

/** Takes the place of each text. */
export const blankText = '[erased]';

/** Keys whose texts name a line, an answer or a call, or say where and by which client it was written. */
const structural: ReadonlySet<string> = new Set([
  'type',
  'subtype',
  'uuid',
  'parentUuid',
  'logicalParentUuid',
  'sessionId',
  'timestamp',
  'id',
  'tool_use_id',
  'toolUseID',
  'parentToolUseID',
  'sourceToolAssistantUUID',
  'role',
  'model',
  'requestId',
  'promptId',
  'messageId',
  'leafUuid',
  'version',
  'userType',
  'entrypoint',
  'cwd',
  'gitBranch',
  'agentId',
  'operation',
  'stop_reason',
  'service_tier',
]);

/** The line with the end it had. What is no JSON becomes an empty object. */
export function blankLine(raw: Uint8Array): Uint8Array {
  const text = Buffer.from(raw).toString('utf8');
  const end = /\r?\n$/.exec(text)?.[0] ?? '';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return Buffer.from(`{}${end}`);
  }
  return Buffer.from(`${JSON.stringify(recordOf(value) ? blank(value, '') : {})}${end}`);
}

function blank(value: unknown, key: string): unknown {
  if (typeof value === 'string') return value === '' || structural.has(key) ? value : blankText;
  if (Array.isArray(value)) return value.map((each: unknown) => blank(each, key));
  const record = recordOf(value);
  if (!record) return value;
  // A thinking block is signed, so one with another text would be refused.
  if (record['type'] === 'thinking' || record['type'] === 'redacted_thinking') return { type: 'text', text: blankText };
  const isCall = record['type'] === 'tool_use';
  return Object.fromEntries(
    Object.entries(record).map(([name, each]) => {
      if (name === 'toolUseResult') return [name, blankText];
      if (isCall && name === 'input') return [name, {}];
      if (isCall && name === 'name') return [name, each];
      // Names of keys can be text too: answers to questions stand under the question.
      return [name, blank(each, name)];
    }),
  );
}
