import { expect, it } from 'vitest';
import { isOwnTool, serverName } from './own-server';

it.each([
  [`mcp__${serverName}__search`, true],
  [`mcp__plugin_claude-mem_${serverName}__get_session`, true],
  [`mcp__${serverName}-too__search`, false],
  [`mcp__wiki__${serverName}__search`, false],
  ['Bash', false],
])('%s is ours: %s', (tool, isOurs) => {
  expect(isOwnTool(tool)).toBe(isOurs);
});
