/** A memory as a Markdown block with its source, for pasting into a prompt or a document. */
import type { MemoryText } from '../../protocol/model';
import { shorten } from '../../protocol/text';
import { formatStamp } from '../format';
import { cleanText } from './comment';

/** Titles come from transcripts, so Markdown syntax in them is escaped. */
export function formatContext({ sessionTitle, projectName, at, sessionId, text }: MemoryText): string {
  const source = [escapeMarkdown(sessionTitle, 160), escapeMarkdown(projectName, 160), formatStamp(at)]
    .filter((part) => part !== '')
    .join(' · ');
  const id = sessionId.replace(/[^\w-]/g, '');
  return `> **Claude-Mem:** ${source} · \`${id}\`\n\n${cleanText(text).trim()}\n`;
}

/** Where a memory is from, for the end of a comment. */
export function sourceLine({ sessionTitle, projectName, at, sessionId }: MemoryText): string {
  const parts = [
    shorten(cleanText(sessionTitle), 80),
    shorten(cleanText(projectName), 80),
    formatStamp(at),
    sessionId.slice(0, 8),
  ];
  return `— Claude-Mem: ${parts.filter((part) => part !== '').join(' · ')}`;
}

/** One line; long ones are cut. */
export function escapeMarkdown(text: string, length = 300): string {
  return shorten(cleanText(text), length).replace(/[\\`*_[\]<>#|~!&]/g, '\\$&');
}
