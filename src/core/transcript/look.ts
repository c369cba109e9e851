/** Looks at folders that may lie on a disk that does not answer. */

/** A folder on a disk that does not answer is taken as it is named. */
export const maxLookMs = 3000;
