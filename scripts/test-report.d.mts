export type Check = [name: string, complaints: string[]];

/** One line written by scripts/progress-reporter.mjs. */
export type ProgressEvent =
  | { event: 'file' | 'fileEnd'; file: string }
  | { event: 'test'; file: string; name: string }
  | { event: 'result'; file: string; name: string; state: string; ms: number; messages: string[] }
  | { event: 'error'; file: string; message: string }
  | { event: 'end'; files: number };

export declare function readProgress(text: string): ProgressEvent[];
export declare function judgeProgress(
  events: ProgressEvent[],
  options: { code: number; root: string; isCi: boolean; stuck?: string },
): Check[];
export declare function listRunning(events: ProgressEvent[], root: string): string[];
export declare function filesToRunAgain(checks: Check[], most: number): string[];
export declare function joinRuns(
  first: Check[],
  second: Check[],
  files: string[],
): { checks: Check[]; unstable: Check[] };
