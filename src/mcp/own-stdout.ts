/** Standard output belongs to the protocol: whatever else is written there, by any thread, goes to standard error. */
import { Writable } from 'node:stream';

/** The real standard output, for the protocol only. Must be called before anything writes. */
export function takeStdout(): Writable {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  // `console` keeps the stream, not its `write`: it is led to the other one by the line above.
  return new Writable({
    decodeStrings: false,
    write: (chunk: string | Buffer, _encoding, done) => void write(chunk, () => done()),
  });
}
