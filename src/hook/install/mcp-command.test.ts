import { describe, expect, it } from 'vitest';
import { addArguments, commandLine, isNotThere, isThereAlready, removeArguments } from './mcp-command';

const server = {
  command: '/opt/an editor/code',
  args: ['/home/me/mcp-server.cjs', '--allow-writes'],
  env: { ELECTRON_RUN_AS_NODE: '1' },
};

describe('what Claude Code is told', () => {
  it('names the server before the variables, whose option takes all that follow, and ends them by two dashes', () => {
    expect(commandLine(addArguments(server), 'linux')).toBe(
      "claude mcp add --scope user claude-mem-vscode -e ELECTRON_RUN_AS_NODE=1 -- '/opt/an editor/code' " +
        '/home/me/mcp-server.cjs --allow-writes',
    );
    expect(commandLine(removeArguments(), 'linux')).toBe('claude mcp remove --scope user claude-mem-vscode');
  });

  it('is quoted so that a shell takes each word as one', () => {
    expect(commandLine(["it's", '$HOME', 'a\\b', ''], 'linux')).toBe(`claude 'it'\\''s' '$HOME' 'a\\b' ''`);
    expect(commandLine(['C:\\Program Files\\node.exe', 'C:\\x'], 'win32')).toBe(
      'claude "C:\\Program Files\\node.exe" C:\\x',
    );
  });
});

it.each([
  ['MCP server claude-mem-vscode already exists in user config', true, false],
  ['No MCP server named "claude-mem-vscode" in user scope', false, true],
  ['No user-scoped MCP server found with name: claude-mem-vscode', false, true],
  ['error: unknown option --scope', false, false],
])('%s', (text, there, notThere) => {
  expect([isThereAlready(text), isNotThere(text)]).toEqual([there, notThere]);
});
