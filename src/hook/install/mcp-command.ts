/** How Claude Code is told of the MCP server: the arguments of its own program, which keeps the list. */
import { serverName } from '../../protocol/own-server';
import type { ServerProgram } from '../../protocol/own-server';

/** For all projects of the person: the server itself looks at the project of its folder only. */
export const addArguments = ({ command, args, env }: ServerProgram): string[] => [
  'mcp',
  'add',
  '--scope',
  'user',
  serverName,
  ...Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
  '--',
  command,
  ...args,
];

export const removeArguments = (): string[] => ['mcp', 'remove', '--scope', 'user', serverName];

/** What the program says when there was nothing to do, in the words of all versions that were tried. */
export const isThereAlready = (text: string): boolean => /already exists/i.test(text);
export const isNotThere = (text: string): boolean => /\bno (?:user-scoped )?MCP server\b/i.test(text);

/** As it is written in a shell, to be read and copied. */
export function commandLine(args: readonly string[], platform: NodeJS.Platform = process.platform): string {
  const quote = (arg: string) => {
    if (/^[\w@%+=:,./\\-]+$/.test(arg) && (platform === 'win32' || !arg.includes('\\'))) return arg;
    return platform === 'win32' ? `"${arg.replaceAll('"', '\\"')}"` : `'${arg.replaceAll("'", String.raw`'\''`)}'`;
  };
  return ['claude', ...args].map(quote).join(' ');
}
