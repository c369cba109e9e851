export function run(
  command: string,
  args: string[],
  options?: { cwd?: string; env?: Record<string, string>; signal?: AbortSignal; isQuiet?: boolean; isShell?: boolean },
): Promise<number>;
