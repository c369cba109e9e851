export declare const clientVersions: string[];
export declare function clientCommand(version: string): string[] | undefined;
