export type Check = [name: string, complaints: string[]];

export interface VitestReport {
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { status: string; fullName: string; failureMessages?: string[] }[];
  }[];
}

export declare function judgeReport(
  report: VitestReport,
  options: { code: number; root: string; isCi: boolean },
): Check[];
