/** The likely number of tokens of a text: bytes / 3.5, measured on English, code and JSON with a public tokenizer. */
export const tokensOfBytes = (bytes: number): number => Math.ceil(bytes / 3.5);
