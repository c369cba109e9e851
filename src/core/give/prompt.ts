/** A slash command or a shell line of the person asks nothing of memory. */
export const asksNothing = (prompt: string): boolean => /^\s*[/!]/.test(prompt);
