/** Style sheets are bundled beside the script that imports them. */
declare module '*.css';

/** What the test runner adds: the texts of our own sources, for the test of the dictionary. */
interface ImportMeta {
  glob: <T>(patterns: string[], options: { query: string; import: string; eager: true }) => Record<string, T>;
}
