/** Heads and keepers of different versions do not work together: increment this when a request or an event changes. */
export const protocolVersion = 15;
