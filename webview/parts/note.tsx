/**
 * A note in the light dialect people write by hand: paragraphs, `code` and fenced blocks. Built from elements, never
 * from HTML, and small: the full Markdown machinery belongs to the reader, and would not fit this page's budget.
 */
import type { ReactNode } from 'react';
import { useAct, useHost } from '../state/host';
import { showInvisible } from '../state/visible-text';
import { t } from '../state/words';
import { IconButton } from './icon';

type NotePart = { kind: 'text' | 'code'; text: string };

export function Note({ text }: { text: string }) {
  const { api } = useHost();
  const act = useAct();
  return (
    <div className="note markdown">
      {splitNote(showInvisible(text)).map((part, index) =>
        part.kind === 'code' ? (
          <div key={index} className="code">
            <div className="code-bar">
              <span />
              <IconButton name="copy" label={t('Copy code')} onClick={() => act(api.copyText(part.text))} />
            </div>
            <pre tabIndex={0}>{part.text}</pre>
          </div>
        ) : (
          <p key={index}>{drawInline(part.text)}</p>
        ),
      )}
    </div>
  );
}

/** Fenced blocks and what is between them. A fence that is never closed runs to the end. Exported for its test. */
export function splitNote(text: string): NotePart[] {
  return text
    .split(/^[ \t]*```[^\n`]*\n?/m)
    .map((part, index): NotePart =>
      index % 2 === 1 ? { kind: 'code', text: part.replace(/\n$/, '') } : { kind: 'text', text: part.trim() },
    )
    .filter((part) => part.text !== '');
}

function drawInline(text: string): ReactNode[] {
  return text.split(/(`[^`\n]+`|\*\*[^*\n]+\*\*)/).map((piece, index) => {
    if (index % 2 === 0) return piece;
    return piece.startsWith('`') ? (
      <code key={index}>{piece.slice(1, -1)}</code>
    ) : (
      <strong key={index}>{piece.slice(2, -2)}</strong>
    );
  });
}
