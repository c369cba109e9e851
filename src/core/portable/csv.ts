/** Records as CSV (RFC 4180). */
import type { RecordValue } from '../store/portable/read-records';

/** Programs for tables take a cell that begins with one of these for a formula. */
const formula = /^[=+\-@\t\r]/;

/** A line with its end. */
export const csvLine = (values: readonly (RecordValue | undefined)[]): string => `${values.map(cell).join(',')}\r\n`;

function cell(value: RecordValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
