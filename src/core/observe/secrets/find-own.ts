/** Our rules beside secretlint's: shapes of tokens, names before values, and places that hold secrets. */
import { findCredentials } from './credentials';
import type { Finding } from './finding';
import { findNamedValues } from './named-values';
import { findNumbers } from './numbers';
import { findShapes } from './shapes';

/** All secrets our rules find. Ranges may overlap. */
export function findOwnSecrets(text: string): Finding[] {
  return [...findShapes(text), ...findCredentials(text), ...findNamedValues(text), ...findNumbers(text)];
}
