/** Log of the core. Ids and counts only, never text from a transcript. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

const frame = /^\s+at (?:(.*) \()?.*?(:\d+:\d+)\)?$/gm;
const maxFrames = 6;
const maxMessage = 80;

/**
 * An error that nobody expected, in one line: name, message and the places of its stack. Without paths, which the log
 * file leaves out, and with the places first, because it cuts long lines.
 */
export function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const places = [...(error.stack ?? '').matchAll(frame)]
    .slice(0, maxFrames)
    .map(([, name = '', place = '']) => `${name.split(' ').at(-1) ?? ''}${place}`);
  const message = error.message.slice(0, maxMessage);
  return places.length === 0 ? `${error.name}: ${message}` : `${error.name} at ${places.join(' < ')}: ${message}`;
}
