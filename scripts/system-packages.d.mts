export declare const chromiumNames: readonly string[];
