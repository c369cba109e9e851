/**
 * Bounds what the other end of a socket can make this process read and parse: JSON-RPC messages say their length first,
 * so a message that is too long is refused before any of it is kept.
 */
import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';

/** The line before a message; the library writes less than 100 bytes. */
const maxHeaderBytes = 1024;
/** Before the token is proven only a nonce and a proof are sent. */
const maxStrangeBytes = 4096;
/** A proven head may paste a long text or send the text of a file. */
const maxTrustedBytes = 64 << 20;
const headerEnd = Buffer.from('\r\n\r\n');

export class FrameLimit extends Transform {
  #maxBytes = maxStrangeBytes;
  #header: Buffer = Buffer.alloc(0);
  #bodyLeft = 0;

  /** The other end has proven the token. */
  trust(maxBytes = maxTrustedBytes): void {
    this.#maxBytes = maxBytes;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#bodyLeft > 0) {
        const part = rest.subarray(0, this.#bodyLeft);
        this.#bodyLeft -= part.length;
        this.push(part);
        rest = rest.subarray(part.length);
        continue;
      }
      const known = this.#header.length;
      this.#header = Buffer.concat([this.#header, rest.subarray(0, maxHeaderBytes)]);
      const end = this.#header.indexOf(headerEnd);
      if (end < 0 && this.#header.length < maxHeaderBytes) return done();
      const header = this.#header.toString('latin1', 0, Math.max(0, end));
      // Nothing beside it: of two lengths the library would take the other one, and wait for a message of any size.
      const length = Number(/^content-length: {0,9}(\d{1,10})$/i.exec(header)?.[1]);
      if (!(length <= this.#maxBytes)) return done(new Error('A message is too long, or is none.'));
      const headerBytes = end + headerEnd.length;
      this.push(this.#header.subarray(0, headerBytes));
      rest = rest.subarray(headerBytes - known);
      this.#header = Buffer.alloc(0);
      this.#bodyLeft = length;
    }
    done();
  }
}
