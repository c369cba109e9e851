/**
 * The one place that decides whether a record may leave the memory. All may, today: what is stored has no class yet.
 * When it has, this is where the class of a record decides.
 */
import type { RecordKind } from '../../protocol/portable';
import type { PlainRecord } from '../store/portable/read-records';

export const mayLeave = (_kind: RecordKind, _record: PlainRecord): boolean => true;
