/** Describes a call of each tool of Claude Code: headline, input, files, diffs and importance. */
import { recordOf, textOf } from '../transcript/schema';
import { cleanText } from './clean';

type Json = Readonly<Record<string, unknown>>;

export interface RawDiff {
  file: string;
  before: string;
  after: string;
}

export interface CallFacts {
  headline: string;
  input: string;
  files: string[];
  diffs: RawDiff[];
  /** From 0 to 1, before the result is known. */
  importance: number;
}

const maxFiles = 40;
const maxPath = 4096;
/** Above this size the file before a Write is not stored; git has it. */
const maxOriginal = 32 * 1024;

const importances: Readonly<Record<string, number>> = {
  Edit: 0.6,
  MultiEdit: 0.6,
  Write: 0.6,
  NotebookEdit: 0.6,
  ExitPlanMode: 0.7,
  AskUserQuestion: 0.6,
  Task: 0.5,
  Agent: 0.5,
  Bash: 0.4,
  WebFetch: 0.35,
  WebSearch: 0.35,
  Skill: 0.3,
  Read: 0.2,
  Grep: 0.15,
  Glob: 0.15,
  LS: 0.1,
  TodoWrite: 0.1,
  TaskCreate: 0.1,
  TaskUpdate: 0.1,
  TaskOutput: 0.1,
  ToolSearch: 0.05,
};
const checks =
  /\b(?:test|tests|vitest|jest|pytest|go test|cargo (?:test|check|build)|tsc|lint|build|make|mvn|gradle)\b/;

/**
 * Describes a call from its input. White space is not folded yet, because private spans and names of secrets are
 * recognised by their lines.
 */
export function describeCall(tool: string, input: Json): CallFacts {
  const file = (textOf(input['file_path']) ?? textOf(input['notebook_path']) ?? textOf(input['path']))?.slice(
    0,
    maxPath,
  );
  const facts: CallFacts = {
    headline: '',
    input: '',
    files: file ? [file] : [],
    diffs: [],
    importance: (Object.hasOwn(importances, tool) ? importances[tool] : undefined) ?? 0.3,
  };
  switch (tool) {
    case 'Bash': {
      const command = textOf(input['command']) ?? '';
      facts.headline = command;
      facts.input = cleanText(command).text;
      if (checks.test(command)) facts.importance = 0.5;
      break;
    }
    case 'Edit':
      facts.diffs = [diff(file, input['old_string'], input['new_string'])];
      break;
    case 'MultiEdit':
      facts.diffs = listOf(input['edits']).map((edit) => diff(file, edit['old_string'], edit['new_string']));
      break;
    case 'Write':
      facts.diffs = [diff(file, '', input['content'])];
      break;
    case 'NotebookEdit':
      facts.diffs = [diff(file, '', input['new_source'])];
      break;
    case 'Grep':
    case 'Glob':
      facts.headline = [textOf(input['pattern']), file].filter(Boolean).join(' ');
      break;
    case 'Task':
    case 'Agent':
      facts.headline = textOf(input['description']) ?? textOf(input['prompt']) ?? '';
      facts.input = cleanText(textOf(input['prompt']) ?? '').text;
      break;
    case 'TodoWrite':
      facts.input = cleanText(
        listOf(input['todos'])
          .map((todo) => `${mark(todo['status'])} ${textOf(todo['content']) ?? ''}`)
          .join('\n'),
      ).text;
      facts.headline = `${listOf(input['todos']).length} todos`;
      break;
    case 'ExitPlanMode':
      facts.input = cleanText(textOf(input['plan']) ?? '').text;
      break;
    default:
      facts.headline =
        textOf(input['description']) ??
        textOf(input['query']) ??
        textOf(input['url']) ??
        textOf(input['command']) ??
        '';
  }
  if (facts.headline.trim() === '') facts.headline = file ?? firstText(input) ?? tool;
  if (facts.input === '' && facts.diffs.length === 0) facts.input = cleanText(plainInput(input)).text;
  facts.headline = cleanText(facts.headline).text;
  return facts;
}

/** Files named in a structured result, and the text that an edit replaced. */
export function describeDetails(tool: string, details: unknown): { files: string[]; before?: string } {
  const json = recordOf(details);
  if (!json) return { files: [] };
  const inner = recordOf(json['file']);
  const named = [textOf(json['filePath']), textOf(inner?.['filePath']), ...textsOf(json['filenames'])].filter(
    (each) => each !== undefined,
  );
  const original = textOf(json['originalFile']);
  return {
    files: named.slice(0, maxFiles).map((name) => name.slice(0, maxPath)),
    ...(tool === 'Write' && original && original.length <= maxOriginal && { before: cleanText(original).text }),
  };
}

function diff(file: string | undefined, before: unknown, after: unknown): RawDiff {
  return { file: file ?? '', before: cleanText(textOf(before) ?? '').text, after: cleanText(textOf(after) ?? '').text };
}

/** The input of a call as readable lines: `name: value`, nested values as JSON. */
function plainInput(input: Json): string {
  return Object.entries(input)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}

/** Includes the name, because rules recognise `password: …` but not the value alone. */
function firstText(input: Json): string | undefined {
  const found = Object.entries(input).find(([, value]) => textOf(value) !== undefined);
  return found && `${found[0]}: ${textOf(found[1]) ?? ''}`;
}

const listOf = (value: unknown): Json[] =>
  Array.isArray(value) ? value.map(recordOf).filter((each) => each !== undefined) : [];
const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(textOf).filter((each) => each !== undefined) : [];
const mark = (status: unknown): string => (status === 'completed' ? '[x]' : status === 'in_progress' ? '[>]' : '[ ]');
