/** What a hook hands to Claude. */

/** The client cuts what has more than 10,000. */
export const maxLetters = 9500;

export interface Giving {
  event: 'SessionStart' | 'UserPromptSubmit';
  text: string;
  /** Done once the text is on its way; must not fail. */
  afterwards(): Promise<void>;
}

/** The form that every client knows; a text that only begins like JSON would be read by Claude as it is. */
export const outputOf = ({ event, text }: Giving): string =>
  JSON.stringify({ hookSpecificOutput: { hookEventName: event, additionalContext: text } });
