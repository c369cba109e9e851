/** Untrusted Markdown → HTML whose only tags are those of the renderer below, whatever tags the text has. */
import { Marked } from 'marked';
import type { Tokens } from 'marked';

/** A longer text is shown as plain text: nobody reads it, and marked takes more than linear time for some input. */
const maxMarkdown = 200_000;
/** Nesting too deep for a recursive parser; no person writes it. */
const tooNested =
  /^[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*){24}|^(?: {2}|\t){40,}(?:[-*+>]|\d)|[[!(*_~]{200}|(?:\*\s?\w{1,3}\s?){200}|(?:!?\[\w{0,3}){60}/m;

/** A paragraph with more marks is not emphasis, and pairing them takes quadratic time. */
const maxMarks = 3000;

/**
 * Makes a function from Markdown to HTML; undefined when the text is to be shown as it is. Images are not loaded:
 * `describeImage` says in their place what they are.
 */
export function createMarkdown(describeImage: (name: string) => string): (text: string) => string | undefined {
  const marked = new Marked({ gfm: true, breaks: true, async: false });
  marked.use({
    renderer: {
      // After `<pre>`, `<code>`, `<kbd>` and `<script>` marked hands text on as it stands, for pages that render these
      // tags. Here they are text themselves, so what follows them would be the only HTML that gets through.
      text(token) {
        if ('escaped' in token) token.escaped = false;
        return false;
      },
      html: ({ text, block }) => (block ? `<p>${escapeHtml(text)}</p>` : escapeHtml(text)),
      image: ({ href, text }) => `<span>${escapeHtml(describeImage(text || href))}</span>`,
      link(token) {
        const inner = this.parser.parseInline(token.tokens);
        return isHttps(token.href) ? `<a href="${escapeHtml(token.href)}">${inner}</a>` : `<span>${inner}</span>`;
      },
      code: ({ text, lang }) =>
        `<pre data-lang="${escapeHtml(/^[\w+#.-]{1,20}/.exec(lang ?? '')?.[0] ?? '')}"><code>${escapeHtml(text)}</code></pre>`,
      // A checkbox would invite a click that does nothing.
      checkbox: ({ checked }: Tokens.Checkbox) => (checked ? '☑ ' : '☐ '),
    },
  });
  return (text) => {
    if (text.length > maxMarkdown || tooNested.test(text) || isTangled(text)) return undefined;
    try {
      return marked.parse(text, { async: false });
    } catch {
      // The parser fails on hostile input.
      return undefined;
    }
  };
}

function isTangled(text: string): boolean {
  const prose = text.replace(/^[ \t]*(`{3,}(?!`)|~{3,}(?!~))[\s\S]*?^[ \t]*\1/gm, '');
  return prose.split(/\n[ \t]*\n/).some((paragraph) => (paragraph.match(/[*_~[\]`<]/g)?.length ?? 0) > maxMarks);
}

/** True for a complete https: address; other links are shown but cannot be followed. */
export function isHttps(href: string): boolean {
  return /^https:\/\//i.test(href) && URL.canParse(href) && new URL(href).protocol === 'https:';
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
