/** Log of the core. Ids and counts only, never text from a transcript. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** sql.js throws strings; this makes an Error of them. */
export function asError(error: unknown): NodeJS.ErrnoException {
  return error instanceof Error ? error : new Error(String(error));
}

const position = /:\d{1,9}:\d{1,9}$/;
const maxFrames = 6;
const maxMessage = 80;

/**
 * An error that nobody expected, in one line: name, message and the places of its stack. Without paths, which the log
 * file leaves out, and with the places first, because it cuts long lines.
 */
export function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const places = (error.stack ?? '').split('\n').flatMap(placeOf).slice(0, maxFrames);
  const message = error.message.slice(0, maxMessage);
  return places.length === 0 ? `${error.name}: ${message}` : `${error.name} at ${places.join(' < ')}: ${message}`;
}

/** `    at Importer.beat (/path/keeper.cjs:1:234)` → `Importer.beat:1:234`; nothing for other lines. */
function placeOf(line: string): string[] {
  const frame = line.trim();
  const place = frame.startsWith('at ') ? position.exec(frame.replace(/\)$/, ''))?.[0] : undefined;
  if (place === undefined) return [];
  const name = frame.includes(' (') ? frame.slice(3, frame.indexOf(' (')) : '';
  return [`${name.split(' ').at(-1) ?? ''}${place}`];
}
