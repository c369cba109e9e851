export declare const vsixFile: string;
export declare function judgeContents(files: string[]): string[];
export declare function packVsix(options?: { isQuiet?: boolean }): Promise<[name: string, complaints: string[]][]>;
