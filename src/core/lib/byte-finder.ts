/**
 * Finds many short pieces of text in any bytes, by keyed marks: whoever has the marks has no text. A window of the length
 * of a piece is moved over the bytes with a rolling hash; where that is known, the window's HMAC must be known too.
 * Latin capitals count as small letters, because the index has words in small letters.
 */
import { createHmac } from 'node:crypto';

/** Lengths of pieces in bytes: a stretch of a text, and the end of a long word, as the index has it. */
export const pieceLengths = [16, 10] as const;

/** JSON. Each mark: 4 bytes of the rolling hash and 8 of the HMAC, as one base64 text for each length. */
export interface ByteMarks {
  key: string;
  marks: { length: number; packed: string }[];
}

const rollBytes = 4;
const proofBytes = 8;
const markBytes = rollBytes + proofBytes;
/** Bits of the first test, which all but one of some hundred windows fail. */
const sieveBits = 22;

const folded = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));

/** The odd factor of the rolling hash is made from the key, so that equal windows have other marks elsewhere. */
const factorOf = (key: string): number => createHmac('sha256', key).update('factor').digest().readInt32LE(0) | 1;

function rollOf(piece: Uint8Array, factor: number): number {
  let roll = 0;
  for (const byte of piece) roll = (Math.imul(roll, factor) + folded[byte]!) | 0;
  return roll;
}

const proofOf = (piece: Uint8Array, key: string): string =>
  createHmac('sha256', key)
    .update(piece.map((byte) => folded[byte]!))
    .digest()
    .toString('latin1', 0, proofBytes);

/** Marks of pieces, each once. @param key random text */
export function markPieces(pieces: Iterable<Uint8Array>, key: string): ByteMarks {
  const factor = factorOf(key);
  const byLength = new Map<number, Map<string, Buffer>>();
  for (const piece of pieces) {
    const known = byLength.get(piece.length) ?? new Map<string, Buffer>();
    byLength.set(piece.length, known);
    const proof = proofOf(piece, key);
    if (known.has(proof)) continue;
    const mark = Buffer.alloc(markBytes);
    mark.writeInt32LE(rollOf(piece, factor), 0);
    mark.write(proof, rollBytes, 'latin1');
    known.set(proof, mark);
  }
  return {
    key,
    marks: [...byLength].map(([length, known]) => ({
      length,
      packed: Buffer.concat([...known.values()]).toString('base64'),
    })),
  };
}

export const countMarks = ({ marks }: ByteMarks): number =>
  marks.reduce((sum, { packed }) => sum + Buffer.byteLength(packed, 'base64') / markBytes, 0);

interface Group {
  length: number;
  /** What the byte that leaves the window is multiplied with. */
  leaving: number;
  sieve: Uint8Array;
  /** Numbers of marks, by their rolling hash. */
  rolls: Map<number, number[]>;
}

export class ByteFinder {
  readonly #key: string;
  readonly #factor: number;
  readonly #groups: Group[] = [];
  readonly #proofs: string[] = [];
  readonly #raw: { length: number; mark: Buffer }[] = [];

  constructor({ key, marks }: ByteMarks) {
    this.#key = key;
    this.#factor = factorOf(key);
    for (const { length, packed } of marks) {
      const bytes = Buffer.from(packed, 'base64');
      let leaving = 1;
      for (let step = 1; step < length; step++) leaving = Math.imul(leaving, this.#factor);
      const group: Group = { length, leaving, sieve: new Uint8Array(1 << (sieveBits - 3)), rolls: new Map() };
      for (let at = 0; at + markBytes <= bytes.length; at += markBytes) {
        const roll = bytes.readInt32LE(at);
        const slot = roll >>> (32 - sieveBits);
        group.sieve[slot >> 3]! |= 1 << (slot & 7);
        const same = group.rolls.get(roll) ?? [];
        same.push(this.#proofs.length);
        group.rolls.set(roll, same);
        this.#proofs.push(bytes.toString('latin1', at + rollBytes, at + markBytes));
        this.#raw.push({ length, mark: bytes.subarray(at, at + markBytes) });
      }
      if (group.rolls.size > 0) this.#groups.push(group);
    }
  }

  /** Number of marks. */
  get size(): number {
    return this.#proofs.length;
  }

  /** Adds the numbers of the marks found in `bytes`; those that are in `found` already are not looked for. */
  find(bytes: Uint8Array, found: Set<number>): void {
    for (const group of this.#groups) this.#findGroup(group, bytes, (mark) => (found.add(mark), false));
  }

  /** True when one of the marks is found. */
  isIn(bytes: Uint8Array): boolean {
    return this.#groups.some((group) => this.#findGroup(group, bytes, () => true));
  }

  /** The marks that are not in `left`. */
  without(left: ReadonlySet<number>): ByteMarks {
    const kept = this.#raw.filter((_, mark) => !left.has(mark));
    return {
      key: this.#key,
      marks: [...new Set(kept.map(({ length }) => length))].map((length) => ({
        length,
        packed: Buffer.concat(kept.flatMap((each) => (each.length === length ? [each.mark] : []))).toString('base64'),
      })),
    };
  }

  /** True when `visit` has said that it is enough. */
  #findGroup({ length, leaving, sieve, rolls }: Group, bytes: Uint8Array, visit: (mark: number) => boolean): boolean {
    const factor = this.#factor;
    if (bytes.length < length) return false;
    let roll = rollOf(bytes.subarray(0, length), factor);
    for (let end = length; ; end++) {
      const slot = roll >>> (32 - sieveBits);
      if ((sieve[slot >> 3]! & (1 << (slot & 7))) !== 0) {
        const same = rolls.get(roll);
        if (same !== undefined) {
          const proof = proofOf(bytes.subarray(end - length, end), this.#key);
          for (const mark of same) if (this.#proofs[mark] === proof && visit(mark)) return true;
        }
      }
      if (end >= bytes.length) return false;
      roll = (Math.imul(roll - Math.imul(folded[bytes[end - length]!]!, leaving), factor) + folded[bytes[end]!]!) | 0;
    }
  }
}
