/** Rendered Markdown: sanitised nodes, links that ask the host, and a copy button on code blocks. */
import { memo, useLayoutEffect, useRef } from 'react';
import type { MouseEvent } from 'react';
import { isHttps } from '../../src/protocol/markdown';
import { useAct, useHost } from '../state/host';
import { getLanguage, t } from '../state/words';
import { renderMarkdown } from './render-markdown';

/** Rendered texts, the last used ones last: a row that scrolls away and comes back is not rendered again. */
const prepared = new Map<string, DocumentFragment>();
const maxPrepared = 400;
let preparedLanguage = '';

/** Renders a text ahead of its being shown, or gives what was rendered; not to be changed. */
export function prepareMarkdown(text: string): DocumentFragment {
  if (preparedLanguage !== getLanguage()) prepared.clear();
  preparedLanguage = getLanguage();
  const known = prepared.get(text);
  const fragment = known ?? renderMarkdown(text);
  if (known) prepared.delete(text);
  else {
    for (const block of fragment.querySelectorAll('pre')) frameCode(block);
    levelHeadings(fragment);
  }
  prepared.set(text, fragment);
  const [oldest] = prepared.keys();
  if (prepared.size > maxPrepared && oldest !== undefined) prepared.delete(oldest);
  return fragment;
}

/** Memoised, because rendering is the slowest part of scrolling through a long session. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const { api } = useHost();
  const act = useAct();
  const box = useRef<HTMLDivElement>(null);
  // Before paint, so that the list measures the final height.
  useLayoutEffect(() => {
    box.current?.replaceChildren(prepareMarkdown(text).cloneNode(true));
  }, [text]);

  const onClick = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    const link = target?.closest('a');
    if (link) {
      // The webview must not follow links that come from a transcript.
      event.preventDefault();
      const href = link.getAttribute('href') ?? '';
      if (isHttps(href)) act(api.openLink(href));
      return;
    }
    const copy = target?.closest('.code-copy');
    const code = copy?.closest('.code')?.querySelector('code, pre');
    if (code) act(api.copyText(code.textContent ?? ''));
  };
  return <div ref={box} className="markdown" onClick={onClick} onAuxClick={onClick} />;
});

/** Adds the language and a copy button to a code block. Builds nodes and parses no HTML. */
function frameCode(block: HTMLPreElement): void {
  const frame = document.createElement('div');
  frame.className = 'code';
  const bar = document.createElement('div');
  bar.className = 'code-bar';
  const language = document.createElement('span');
  language.textContent = block.dataset['lang'] ?? '';
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'icon-button code-copy';
  button.title = t('Copy code');
  button.setAttribute('aria-label', t('Copy code'));
  const icon = document.createElement('span');
  icon.className = 'codicon codicon-copy';
  icon.setAttribute('aria-hidden', 'true');
  button.append(icon);
  bar.append(language, button);
  // Long lines scroll sideways, which must be possible by keyboard too.
  block.tabIndex = 0;
  block.replaceWith(frame);
  frame.append(bar, block);
}

/**
 * Headings of a text stand below that of its message, a second one of the page, and leave no level out, whatever levels
 * were written: who reads by headings would miss what lies between.
 */
function levelHeadings(fragment: DocumentFragment): void {
  let level = 2;
  for (const heading of fragment.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    level = Math.min(Number(heading.tagName[1]) + 2, level + 1, 6);
    const own = document.createElement(`h${level}`);
    own.append(...heading.childNodes);
    heading.replaceWith(own);
  }
}
