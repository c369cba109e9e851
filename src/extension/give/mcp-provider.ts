/** Offers the MCP server to the editor, whose own models can then ask this memory. It is started when one does. */
import { Disposable, EventEmitter, McpStdioServerDefinition, lm, workspace } from 'vscode';
import { mcpProviderId } from '../contributions';
import type { Parts } from '../parts';
import { mayModelsAsk } from './consent';
import { serverFile } from './mcp-launcher';

export function offerToEditor({ extension, memory }: Parts): Disposable {
  // Some editors that are built from VS Code have no list of servers, or an older one.
  const list: Partial<typeof lm> | undefined = lm;
  if (typeof list?.registerMcpServerDefinitionProvider !== 'function' || typeof McpStdioServerDefinition !== 'function')
    return new Disposable(() => {});
  const changed = new EventEmitter<void>();
  return Disposable.from(
    changed,
    workspace.onDidChangeWorkspaceFolders(() => changed.fire()),
    list.registerMcpServerDefinitionProvider(mcpProviderId, {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions() {
        const [folder] = workspace.workspaceFolders ?? [];
        // The server looks at the project of its folder: without one it has nothing to say.
        if (folder?.uri.scheme !== 'file') return [];
        const server = new McpStdioServerDefinition(
          'Claude-Mem',
          process.execPath,
          [serverFile(extension.extensionPath), '--data-dir', memory.dataDir],
          // Named too, because an editor that Claude Code started has that of another folder in its environment.
          { ELECTRON_RUN_AS_NODE: '1', CLAUDE_PROJECT_DIR: folder.uri.fsPath },
          String(extension.extension.packageJSON.version),
        );
        server.cwd = folder.uri;
        return [server];
      },
      resolveMcpServerDefinition: async (server) => ((await mayModelsAsk({ extension })) ? server : undefined),
    }),
  );
}
