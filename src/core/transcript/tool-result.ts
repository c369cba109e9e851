/** Results of tools, in the forms that the client and the model's provider write them. */
import { idOf, pathOf, recordOf, textOf } from './schema';
import type { EntryBody, Json } from './schema';

type ToolResult = Extract<EntryBody, { kind: 'tool_result' }>;

export function readToolResult(block: Json, details: unknown): ToolResult[] {
  const toolUseId = idOf(block['tool_use_id']);
  if (!toolUseId) return [];
  const text = blockText(block['content']);
  const spillPath =
    pathOf(recordOf(details)?.['persistedOutputPath']) ??
    pathOf(/^<persisted-output>[\s\S]{0,200}?saved to: (.+)$/m.exec(text)?.[1]?.trim()) ??
    pathOf(spillInSentence.exec(text.slice(0, maxSpillSentence))?.[1]);
  return [
    {
      kind: 'tool_result',
      toolUseId,
      isError: block['is_error'] === true,
      text,
      details,
      ...(spillPath !== undefined && { spillPath }),
    },
  ];
}

/** Results of MCP servers are replaced by a sentence without a tag. */
const spillInSentence = /\b(?:saved|written|persisted) to:? ([^\n]{0,4096}?tool-results[/\\][\w.-]*\w)/;
const maxSpillSentence = 8192;

/** What a tool of the model's own provider gave back, such as a web search: it stands in the answer itself. */
export function readServerResult(block: Json): EntryBody[] {
  const toolUseId = idOf(block['tool_use_id']);
  if (!toolUseId) return [];
  const content = recordOf(block['content']) ?? block['content'];
  const error = textOf(recordOf(content)?.['error_code']);
  const isError = error !== undefined || block['is_error'] === true;
  return [{ kind: 'tool_result', toolUseId, isError, text: serverText(content, 0), details: undefined }];
}

const serverFields = ['title', 'url', 'text', 'stdout', 'stderr', 'error_code', 'data', 'tool_name'];

function serverText(value: unknown, depth: number): string {
  if (typeof value === 'string') return value;
  if (depth > 4) return '';
  const parts: string[] = [];
  if (Array.isArray(value)) for (const each of value) parts.push(serverText(each, depth + 1));
  const json = recordOf(value);
  if (json && json['type'] !== 'base64') {
    for (const field of serverFields) parts.push(textOf(json[field]) ?? '');
    for (const field of ['content', 'source', 'tool_references']) parts.push(serverText(json[field], depth + 1));
  }
  return parts.filter((text) => text !== '').join('\n');
}

/** The text of a tool result: a string, or blocks, some of which are pictures. */
export function blockText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((block) => {
      const each = recordOf(block);
      if (each?.['type'] === 'text') return textOf(each['text']) ?? '';
      if (each?.['type'] === 'tool_reference') return `[tool ${textOf(each['tool_name']) ?? ''}]`;
      return each?.['type'] === 'image' ? '[image]' : '';
    })
    .filter((text) => text !== '')
    .join('\n');
}
