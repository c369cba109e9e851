import type { Precision } from '../../protocol/shadow';

/** Of the normal distribution, for 95 %. */
const z = 1.96;

/** A share with its 95 % interval by Wilson, which is right for few cases too. */
export function precisionOf(used: number, of: number): Precision {
  if (of === 0) return { used, of, low: 0, high: 1 };
  const share = used / of;
  const middle = share + (z * z) / (2 * of);
  const half = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const scale = 1 + (z * z) / of;
  return { used, of, low: Math.max(0, (middle - half) / scale), high: Math.min(1, (middle + half) / scale) };
}
