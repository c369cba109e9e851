/** The command line that resumes a session, or nothing for an id that could mean something to a shell. */
export function resumeCommand(id: string): string | undefined {
  return /^[A-Za-z0-9_-]{1,128}$/.test(id) && !id.startsWith('-') ? `claude --resume ${id}` : undefined;
}
