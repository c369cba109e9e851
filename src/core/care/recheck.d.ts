/** The judge without its workers and binaries: one file of plain JavaScript. */
declare module 'recheck/lib/browser.js' {
  export { checkSync } from 'recheck';
}
