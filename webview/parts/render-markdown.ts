/**
 * Untrusted Markdown → a document fragment. Protected three times: marked does not pass HTML through, DOMPurify allows
 * a short list of tags and attributes, and the page's CSP forbids the rest.
 */
import DOMPurify from 'dompurify';
import { createMarkdown } from '../../src/protocol/markdown';
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

/** The first wall. Undefined when the text is to be shown as it is. */
export const markdownToHtml = createMarkdown((name) => t('[image: {0}]', name));

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
