/** What the keeper and its thread for redaction say to each other. */
import type { OwnRules } from '../protocol/redaction';

export interface RedactInput {
  salt: string;
}

export type RedactRequest = { rules: OwnRules } | RedactLines;

/** Lines, one after the other in one buffer, which goes over without a copy. */
export interface RedactLines {
  id: number;
  bytes: Uint8Array<ArrayBuffer>;
  lengths: Uint32Array<ArrayBuffer>;
}

export interface RedactAnswer {
  id: number;
  changed: {
    index: number;
    bytes: Uint8Array;
    originalHash: string | undefined;
    redactions: number;
    privates: number;
  }[];
  slow: string[];
}
