/**
 * Bytes over 3.5: measured on English, code and JSON with a public tokenizer; for what is shown as likely; what money
 * is set aside for is counted higher.
 */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / 3.5);
