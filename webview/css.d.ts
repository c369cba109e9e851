/** Style sheets are bundled beside the script that imports them. */
declare module '*.css';

/** Vite's `import.meta.glob`, by which the test of the dictionary reads our sources. */
interface ImportMeta {
  glob: <T>(patterns: string[], options: { query: string; import: string; eager: true }) => Record<string, T>;
}
