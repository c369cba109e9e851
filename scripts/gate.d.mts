interface LockEntry {
  version?: string;
  license?: string;
  integrity?: string;
  link?: boolean;
  resolved?: string;
  hasInstallScript?: boolean;
}

export function judgeDependencies(
  lock: { packages: Record<string, LockEntry> },
  npmrc: string,
  manifest: { scripts?: Record<string, string>; dependencies?: Record<string, string> },
): string[];
export function findSecretsIn(files: readonly { name: string; text: string }[]): Promise<string[]>;
export function checkGate(): Promise<[name: string, complaints: string[]][]>;
