/** Rendered Markdown: sanitised nodes, links that ask the host, and a copy button on code blocks. */
import { memo, useLayoutEffect, useRef } from 'react';
import type { MouseEvent } from 'react';
import { useAct, useHost } from '../state/host';
import { t } from '../state/words';
import { isHttps, renderMarkdown } from './render-markdown';

/** Memoised, because rendering is the slowest part of scrolling through a long session. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const { api } = useHost();
  const act = useAct();
  const box = useRef<HTMLDivElement>(null);
  // Before paint, so that the list measures the final height.
  useLayoutEffect(() => {
    const fragment = renderMarkdown(text);
    for (const block of fragment.querySelectorAll('pre')) frameCode(block);
    box.current?.replaceChildren(fragment);
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
