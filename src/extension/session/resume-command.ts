/** The command that resumes a session; undefined for an id with characters special to a shell. */
export function resumeCommand(id: string): string | undefined {
  return /^[A-Za-z0-9_-]{1,128}$/.test(id) && !id.startsWith('-') ? `claude --resume ${id}` : undefined;
}
