/**
 * A keyed mark of a text: another text can be compared with it, but it does not say what it was made from. The key stands
 * in the mark, so that it can be compared in a backup too.
 */
import { createHmac } from 'node:crypto';

const prefix = 'hmac-sha256:';
const hmac = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('hex');

export const isKeyedMark = (text: string): boolean => text.startsWith(prefix);

/** @param secret never written into the mark: the key is made from it */
export function makeKeyedMark(secret: string, text: string): string {
  const key = hmac(secret, 'keyed mark').slice(0, 32);
  return `${prefix}${key}:${hmac(key, text)}`;
}

/** @param mark a keyed mark, or the text itself */
export function isMarkOf(mark: string, text: string): boolean {
  if (!isKeyedMark(mark)) return mark === text;
  const [key = '', digest] = mark.slice(prefix.length).split(':');
  return hmac(key, text) === digest;
}
