import { createRequire } from 'node:module';
import path from 'node:path';

declare const __dirname: string;

/** Serves the memory to a client of MCP until it goes. A bundle of its own: no other command needs its library. */
export async function mcpCommand(args: readonly string[]): Promise<void> {
  const { serve } = createRequire(path.join(__dirname, 'cli.js'))('./mcp.cjs') as {
    serve: (args: readonly string[]) => Promise<void>;
  };
  await serve(args);
}
