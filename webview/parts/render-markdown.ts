/**
 * Untrusted Markdown → a document fragment. Protected three times: marked does not pass HTML through, DOMPurify allows
 * a short list of tags and attributes, and the page's CSP forbids the rest.
 */
import DOMPurify from 'dompurify';
import { Marked } from 'marked';
import type { Tokens } from 'marked';
import { showInvisible } from '../../src/protocol/visible-text';
import { t } from '../state/words';

const allowedTags = [
  'p',
  'br',
  'hr',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'strong',
  'em',
  'del',
  'code',
  'pre',
  'blockquote',
  'ul',
  'ol',
  'li',
  'a',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
  'span',
];
/** Without class, id, style and target: our own code adds the few that are needed after sanitising. */
const allowedAttributes = ['href', 'start', 'align', 'data-lang'];

/** A longer text is shown as plain text: nobody reads it, and marked takes more than linear time for some input. */
const maxMarkdown = 200_000;
/** Nesting too deep for a recursive parser; no person writes it. */
const tooNested =
  /^[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*){24}|^(?: {2}|\t){40,}(?:[-*+>]|\d)|[[!(*_~]{200}|(?:\*\s?\w{1,3}\s?){200}|(?:!?\[\w{0,3}){60}/m;

/** A paragraph with more marks is not emphasis, and pairing them takes quadratic time. */
const maxMarks = 3000;

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
    image: ({ href, text }) => `<span>${escapeHtml(t('[image: {0}]', text || href))}</span>`,
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

/** Turns Markdown into sanitised nodes of `owner`. Too long or too nested text is shown as plain text. */
export function renderMarkdown(markdown: string, owner: Document = document): DocumentFragment {
  const text = showInvisible(markdown);
  const html = markdownToHtml(text);
  if (html === undefined) return plain(text, owner);
  try {
    // The outer element is not allowed and is removed; in the test document DOMPurify always drops the first element.
    return sanitise(`<div>${html}</div>`);
  } catch {
    return plain(text, owner);
  }
}

/**
 * The first wall: HTML whose only tags are those of the renderer above, whatever tags the text has. Undefined when the
 * text is to be shown as it is.
 */
export function markdownToHtml(text: string): string | undefined {
  if (text.length > maxMarkdown || tooNested.test(text) || isTangled(text)) return undefined;
  try {
    return marked.parse(text, { async: false });
  } catch {
    // The parser fails on hostile input.
    return undefined;
  }
}

function isTangled(text: string): boolean {
  const prose = text.replace(/^[ \t]*(`{3,}(?!`)|~{3,}(?!~))[\s\S]*?^[ \t]*\1/gm, '');
  return prose.split(/\n[ \t]*\n/).some((paragraph) => (paragraph.match(/[*_~[\]`<]/g)?.length ?? 0) > maxMarks);
}

/** True for a complete https: address; other links are shown but cannot be followed. */
export function isHttps(href: string): boolean {
  try {
    return /^https:\/\//i.test(href) && new URL(href).protocol === 'https:';
  } catch {
    return false;
  }
}

function sanitise(html: string): DocumentFragment {
  return DOMPurify.sanitize(html, {
    ALLOWED_TAGS: allowedTags,
    ALLOWED_ATTR: allowedAttributes,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^https:\/\//i,
    // Attributes without addresses, which the expression above would reject.
    ADD_URI_SAFE_ATTR: ['data-lang', 'start', 'align'],
    KEEP_CONTENT: true,
    RETURN_DOM_FRAGMENT: true,
  });
}

function plain(text: string, owner: Document): DocumentFragment {
  const fragment = owner.createDocumentFragment();
  const pre = owner.createElement('pre');
  pre.textContent = text;
  fragment.append(pre);
  return fragment;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
