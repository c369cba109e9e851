/** Sizes are decimal everywhere, like those of disks, so that one file has one size in every window and report. */

const sizeUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size in the largest unit above 1. `power` is the number of the unit. */
export function sizeOf(bytes: number): { value: number; power: number; unit: string; digits: number } {
  let power = bytes < 1000 ? 0 : Math.min(sizeUnits.length - 1, Math.floor(Math.log10(bytes) / 3));
  // 999,999 bytes are 1 MB, not 1,000 kB.
  if (power < sizeUnits.length - 1 && Math.round(bytes / 1000 ** power) >= 1000) power++;
  const value = bytes / 1000 ** power;
  return { value, power, unit: sizeUnits[power] ?? 'B', digits: power > 0 && value < 9.95 ? 1 : 0 };
}

/** `68.9 GB`, for heads and reports without a language of their own. */
export function sizeText(bytes: number): string {
  const { value, unit, digits } = sizeOf(bytes);
  return `${Number(value.toFixed(digits))} ${unit}`;
}
