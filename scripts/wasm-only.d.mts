import type { Plugin } from 'esbuild';

export const wasmOnly: Plugin;
