export function kernelSource(): Promise<string>;
