/** The name of our MCP server, by which calls of its tools are known again in transcripts. */
export const serverName = 'claude-mem-vscode';

/** What starts it. */
export interface ServerProgram {
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
}

/** As Claude Code writes them: added by a person, or brought by a plugin. */
const ownTool = /^mcp__(?:plugin_[\w-]{1,80}_)?claude-mem-vscode__/;

export const isOwnTool = (tool: string): boolean => ownTool.test(tool);
