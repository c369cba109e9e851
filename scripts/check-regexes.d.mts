export interface FoundRegex {
  at: string;
  pattern: string;
  flags: string;
}
export function findRegexes(path: string, text: string): FoundRegex[];
export function judgeRegex(
  regex: Pick<FoundRegex, 'pattern' | 'flags'>,
  limits?: { provingMs: number; attackingMs: number },
): Promise<string | undefined>;
export function nameOf(regex: Pick<FoundRegex, 'pattern' | 'flags'>): string;
export function checkRegexes(options?: { isAll?: boolean; isWriting?: boolean }): Promise<string[]>;
