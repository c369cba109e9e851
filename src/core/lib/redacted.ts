/** Text without secrets. The type stands below all rooms, so that each can ask for it; only `redact()` makes it. */
declare const redacted: unique symbol;
export type Redacted = string & { readonly [redacted]: true };

/** Bytes of a transcript without secrets. */
export type RedactedBytes = Uint8Array & { readonly [redacted]: true };
