import type { Reporter } from 'vitest/node';

export declare function chooseReporters(file?: string): ('default' | Reporter)[];
