/** Offers the MCP server to the editor, whose own models can then ask this memory. It is started when one does. */
import { Disposable, EventEmitter, McpStdioServerDefinition, l10n, lm, workspace } from 'vscode';
import { mcpProviderId } from '../contributions';
import type { Parts } from '../parts';
import { mayModelsAsk } from './consent';
import { serverFile } from './mcp-launcher';

export function offerToEditor({ extension, memory }: Parts): Disposable {
  // Some editors that are built from VS Code have no list of servers, or an older one.
  const list: Partial<typeof lm> | undefined = lm;
  if (typeof list?.registerMcpServerDefinitionProvider !== 'function' || typeof McpStdioServerDefinition !== 'function')
    return new Disposable(() => {});
  let isDeclined = false;
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
      async resolveMcpServerDefinition(server) {
        // Chats start servers by themselves: who said no is not asked at each of them.
        if (isDeclined)
          throw new Error(l10n.t('You did not allow it in this window. After a reload you are asked again.'));
        isDeclined = !(await mayModelsAsk({ extension }));
        return isDeclined ? undefined : server;
      },
    }),
  );
}
