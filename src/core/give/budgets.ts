/** How many tokens are given where nobody says how many, by estimate. */

/** To a session at its start. */
export const briefTokens = 500;
/** To a prompt. */
export const promptTokens = 500;
/** To a person who asks by hand. */
export const handTokens = 500;
