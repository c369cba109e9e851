/** Letters of a document that are sent around lines that are asked about, and lines that are answered. */
export const maxWhyText = 400_000;
export const maxWhyLines = 500;
