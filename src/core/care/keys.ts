/**
 * Keys of this memory: one chains the audit log, a pair signs receipts. They lie beside the database, mode 0600, and in no
 * backup, so that a copy of the database alone is not enough to change its log unseen.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import path from 'node:path';
import { keysFileName } from '../../protocol/data-folder';
import { readJson, writeDurably } from '../lib/durable';

interface Kept {
  /** Random, in hex. */
  audit: string;
  /** Ed25519, PKCS #8 in base64. */
  signing: string;
}

const isKept = (kept: Partial<Kept> | undefined): kept is Kept =>
  typeof kept?.audit === 'string' && kept.audit.length >= 32 && typeof kept.signing === 'string';

function makeKeys(): Kept {
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    audit: randomBytes(32).toString('hex'),
    signing: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
  };
}

export class MemoryKeys {
  #kept: Kept | undefined;

  /** @param dataDir undefined for a memory without a folder, whose keys end with it */
  constructor(private readonly dataDir: string | undefined) {}

  get audit(): string {
    return this.#keys().audit;
  }

  /** SPKI in base64. */
  get publicKey(): string {
    return createPublicKey(this.#privateKey()).export({ type: 'spki', format: 'der' }).toString('base64');
  }

  /** In base64. */
  sign(text: string): string {
    return sign(null, Buffer.from(text), this.#privateKey()).toString('base64');
  }

  #privateKey() {
    return createPrivateKey({ key: Buffer.from(this.#keys().signing, 'base64'), type: 'pkcs8', format: 'der' });
  }

  /** Made when they are needed first. */
  #keys(): Kept {
    if (this.#kept) return this.#kept;
    const file = this.dataDir === undefined ? undefined : path.join(this.dataDir, keysFileName);
    const known = file === undefined ? undefined : readJson<Partial<Kept>>(file);
    if (isKept(known)) return (this.#kept = known);
    const made = makeKeys();
    if (file !== undefined) writeDurably(file, JSON.stringify(made));
    return (this.#kept = made);
  }
}

/** False for anything that is no signature of this text by this key. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), type: 'spki', format: 'der' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
