/** The text of a learning below its title. The text of a dead end is shown above instead. */
import { Suspense, lazy } from 'react';
import type { Learning } from '../../../src/protocol/model';
import { showInvisible } from '../../../src/protocol/visible-text';
import { InlineMarkdown } from '../../parts/inline-markdown';
import { t } from '../../state/words';

/** In a bundle of its own: most of the list is read without opening a card. */
const Markdown = lazy(async () => ({ default: (await import('../../parts/markdown')).Markdown }));

export function LearningText({ learning }: { learning: Learning }) {
  return (
    <>
      {!learning.deadEnd && (
        <Suspense
          fallback={
            <p>
              <InlineMarkdown text={learning.description} />
            </p>
          }
        >
          <Markdown text={learning.description} />
        </Suspense>
      )}
      {learning.context !== '' && (
        <p className="learning-context">
          <span className="form-label">{t('When it applies')}</span>
          {showInvisible(learning.context)}
        </p>
      )}
    </>
  );
}
