/**
 * Renders the simple Markdown of notes: paragraphs, `code`, bold words and fenced blocks. Built from elements without HTML, and
 * small: the complete Markdown renderer is too large for this page's budget.
 */
import type { ReactNode } from 'react';
import { showInvisible } from '../../src/protocol/visible-text';
import { useAct, useHost } from '../state/host';
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

/** Fenced blocks and the text between them. A fence without an end reaches to the end of the text. */
function splitNote(text: string): NotePart[] {
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
