/**
 * Markdown of unknown origin to a document fragment. Three walls: marked never passes HTML through, DOMPurify keeps a
 * short list of tags and attributes, and the page's CSP forbids the rest.
 */
import DOMPurify from 'dompurify';
import { Marked } from 'marked';
import type { Tokens } from 'marked';
import { showInvisible } from '../state/visible-text';
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
/** No class, id, style or target: the few we need are set by our own code after the text has been cleaned. */
const allowedAttributes = ['href', 'start', 'align', 'data-lang'];

/** Above this the text is shown as it is: nobody reads it, and marked is not linear on everything. */
const maxMarkdown = 200_000;
/** Nesting that no person writes, and that would exhaust the stack of a recursive parser. */
const tooNested =
  /^(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])[ \t]*){24}|^(?: {2}|\t){40,}(?:[-*+>]|\d)|[[!(*_~]{200}|(?:\*\s?\w{1,3}\s?){200}|(?:!?\[\w{0,3}){60}/m;

/** More marks than this in one paragraph are no emphasis; pairing them takes time that grows with their square. */
const maxMarks = 3000;

const marked = new Marked({ gfm: true, breaks: true, async: false });
marked.use({
  renderer: {
    html: ({ text, block }) => (block ? `<p>${escapeHtml(text)}</p>` : escapeHtml(text)),
    image: ({ href, text }) => `<span>${escapeHtml(t('[image: {0}]', text || href))}</span>`,
    link(token) {
      const inner = this.parser.parseInline(token.tokens);
      return isHttps(token.href) ? `<a href="${escapeHtml(token.href)}">${inner}</a>` : `<span>${inner}</span>`;
    },
    code: ({ text, lang }) =>
      `<pre data-lang="${escapeHtml(/^[\w+#.-]{1,20}/.exec(lang ?? '')?.[0] ?? '')}"><code>${escapeHtml(text)}</code></pre>`,
    // A checkbox element would invite a click that does nothing.
    checkbox: ({ checked }: Tokens.Checkbox) => (checked ? '☑ ' : '☐ '),
  },
});

/** Turns Markdown into clean nodes of `owner`. Falls back to plain text for what is too large or too deep. */
export function renderMarkdown(markdown: string, owner: Document = document): DocumentFragment {
  const text = showInvisible(markdown);
  if (text.length <= maxMarkdown && !tooNested.test(text) && !isTangled(text)) {
    try {
      // The outer element is not on the list and falls away; in the tests' document DOMPurify always drops the first
      // one.
      return sanitise(`<div>${marked.parse(text, { async: false })}</div>`);
    } catch {
      // A parser that gives up on hostile input is no reason not to show the words.
    }
  }
  return plain(text, owner);
}

function isTangled(text: string): boolean {
  const prose = text.replace(/^[ \t]*(`{3,}|~{3,})[\s\S]*?^[ \t]*\1/gm, '');
  return prose.split(/\n[ \t]*\n/).some((paragraph) => (paragraph.match(/[*_~[\]`<]/g)?.length ?? 0) > maxMarks);
}

/** True for a complete https: address; everything else is shown but leads nowhere. */
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
    // The expression above is also asked about attributes that hold no address.
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
