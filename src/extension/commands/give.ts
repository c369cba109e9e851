/** Commands about how Claude gets at the memory. */
import { addToClaude, removeFromClaude } from '../give/claude-mcp';
import type { Run } from './command';

export const giveCommands = {
  addMcpServer: addToClaude,
  removeMcpServer: removeFromClaude,
} satisfies Record<string, Run>;
