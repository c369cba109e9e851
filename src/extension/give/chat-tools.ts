/**
 * Tools for the chat of the editor: the same that MCP offers. They are in the bundle of the MCP server, which is loaded
 * by the first question.
 */
import { createRequire } from 'node:module';
import { Disposable, LanguageModelTextPart, LanguageModelToolResult, Uri, l10n, lm, window, workspace } from 'vscode';
import type { CancellationToken, LanguageModelTool, PreparedToolInvocation } from 'vscode';
import type { ModelTool, ToolPorts } from '../../model-tools/tool';
import { MemoryError, asMemoryError } from '../../protocol/errors';
import { chatTools } from '../contributions';
import { titleLine } from '../format';
import type { Parts } from '../parts';
import { workspaceRoots } from '../workspace';
import { serverFile } from './mcp-launcher';

type Input = Readonly<Record<string, unknown>>;
type ToolName = keyof typeof chatTools;

const maxFileBytes = 4 << 20;
const longestShown = 120;

export function offerToChat(parts: Parts): Disposable {
  // Some editors that are built from VS Code have no tools for chat.
  const tools: Partial<typeof lm> | undefined = lm;
  if (typeof tools?.registerTool !== 'function') return new Disposable(() => {});
  const names = Object.keys(chatTools) as ToolName[];
  return Disposable.from(...names.map((name) => lm.registerTool(chatTools[name], toolOf(parts, name))));
}

function toolOf(parts: Parts, name: ToolName): LanguageModelTool<Input> {
  return {
    prepareInvocation: ({ input }) => prepare(name, input),
    async invoke({ input }, token) {
      try {
        const tool = loadTools(parts).find((each) => each.name === name);
        if (!tool) throw new MemoryError('internal', `no tool ${name}`);
        const ports = await portsOf(parts);
        await (await parts.memory.client()).noteChatRead(name);
        const text = await tool.call(input, ports, signalOf(token));
        return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
      } catch (error) {
        // The model reads these words: they say what to ask instead.
        throw new Error(asMemoryError(error).message, { cause: error });
      }
    },
  };
}

/** What the person sees before a model gets anything. */
function prepare(name: ToolName, input: Input): PreparedToolInvocation {
  const project = typeof input['project'] === 'string' ? input['project'] : undefined;
  const where =
    project === undefined
      ? l10n.t('this project')
      : project.toLowerCase() === 'all'
        ? l10n.t('all projects')
        : l10n.t('the project “{0}”', shown(project));
  const what = describe(name, input, where);
  return {
    invocationMessage: what,
    confirmationMessages: {
      title: l10n.t('Let the model read from memory?'),
      message: `${what}\n\n${l10n.t('What it finds is sent to whoever runs the model, without secrets.')}`,
    },
  };
}

function describe(name: ToolName, input: Input, where: string): string {
  switch (name) {
    case 'search':
      return l10n.t('Search the sessions of {0} for “{1}”', where, shown(input['query']));
    case 'get_observations':
      return l10n.t('Read texts of {0}: {1}', where, shown(input['ids']));
    case 'get_session':
      return l10n.t('Read a session of {0}: {1}', where, shown(input['id']));
    default:
      return l10n.t('Find the sessions of {0} that made {1}', where, shown(input['file']));
  }
}

const shown = (value: unknown): string =>
  titleLine(Array.isArray(value) ? value.join(', ') : String(value), longestShown);

function loadTools({ extension }: Parts): readonly ModelTool[] {
  const file = serverFile(extension.extensionPath);
  return (createRequire(file)(file) as { readTools: readonly ModelTool[] }).readTools;
}

async function portsOf({ memory }: Parts): Promise<ToolPorts> {
  const active = window.activeTextEditor && workspace.getWorkspaceFolder(window.activeTextEditor.document.uri);
  const folder = active?.uri.scheme === 'file' ? active.uri.fsPath : workspaceRoots()[0];
  if (folder === undefined)
    throw new MemoryError('not_found', l10n.t('No folder is open, so there is no project to look at.'));
  return { memory: await memory.client(), way: 'give', folder, readFile };
}

async function readFile(path: string): Promise<string | undefined> {
  try {
    const uri = Uri.file(path);
    const { size } = await workspace.fs.stat(uri);
    return size > maxFileBytes ? undefined : new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}

function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  if (token.isCancellationRequested) controller.abort();
  return controller.signal;
}
