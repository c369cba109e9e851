/** Heads and keepers of different versions do not talk to each other: raised when a question or an event changes. */
export const protocolVersion = 5;
