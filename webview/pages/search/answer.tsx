/** The answer to a question above the results: sentences of rows, one click from each; or that memory has none. */
import { useState } from 'react';
import type { AnswerSentence, MemoryAnswer, ModelAnswer, StruckWhy } from '../../../src/protocol/ask';
import { asMemoryError } from '../../../src/protocol/errors';
import type { AskQuery } from '../../../src/protocol/questions/ask';
import { showLine } from '../../../src/protocol/visible-text';
import { Button } from '../../parts/button';
import { Icon } from '../../parts/icon';
import { formatAgo, formatDateTime, formatUsd } from '../../state/format';
import { useAct, useHost } from '../../state/host';
import { useProjectName } from '../../state/project-names';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';

interface AnswerProps {
  question: string;
  /** Folders to look at; empty for all. */
  folders: readonly string[];
  /** The person asks for an answer, so that there is none is news. */
  isAsked: boolean;
  onWiden: () => void;
}

/** Nothing is shown unless memory has an answer, or was asked for one. */
export function Answer({ question, folders, isAsked, onWiden }: AnswerProps) {
  const { api } = useHost();
  const query: AskQuery = { text: question, ...(folders.length > 0 && { scope: { roots: [...folders] } }) };
  const { data, isFresh } = useResource<[AskQuery], MemoryAnswer>((asked, signal) => api.ask(asked, signal), [query]);
  const [byModel, setByModel] = useState<{ question: string; answer: ModelAnswer }>();
  const [trouble, setTrouble] = useState<string>();
  const [isWaiting, setIsWaiting] = useState(false);
  const model = byModel?.question === question ? byModel.answer : undefined;
  if (!data || !isFresh || (data.sentences.length === 0 && !isAsked)) return null;
  const askModel = async () => {
    setIsWaiting(true);
    setTrouble(undefined);
    try {
      const answer = await api.askByModel(query);
      if (answer) setByModel({ question, answer });
    } catch (error) {
      setTrouble(asMemoryError(error).message);
    } finally {
      setIsWaiting(false);
    }
  };
  const shown = model ?? data;
  return (
    <section className="answer" aria-label={t('Answer from memory')}>
      <div role="status" aria-live="polite" className="answer-head">
        <Icon name={shown.sentences.length > 0 ? 'comment-discussion' : 'circle-slash'} />
        <span className="answer-title">
          {shown.sentences.length > 0 ? t('Answer from memory') : t('Not in memory')}
        </span>
        {model && (
          <span className="answer-by">
            {t('By {0}, checked. Cost: {1}', showLine(model.model), formatUsd(model.usd))}
          </span>
        )}
      </div>
      {shown.sentences.length > 0 ? (
        <ul className="answer-list">
          {shown.sentences.map((sentence) => (
            <Sentence key={`${sentence.key} ${sentence.quote} ${sentence.text}`} sentence={sentence} />
          ))}
        </ul>
      ) : (
        <Nothing answer={data} />
      )}
      {model && model.struck.length > 0 && <Struck struck={model.struck} />}
      {trouble !== undefined && (
        <p className="hint" role="alert">
          {trouble}
        </p>
      )}
      {!model && (isAsked || data.sentences.length === 0) && (
        <div className="buttons answer-ways">
          {data.sentences.length === 0 && folders.length > 0 && (
            <Button isSecondary onClick={onWiden}>
              {t('Ask All Projects')}
            </Button>
          )}
          <Button isSecondary isDisabled={isWaiting} onClick={() => void askModel()}>
            {isWaiting ? t('Asking…') : t('Ask a Model…')}
          </Button>
        </div>
      )}
    </section>
  );
}

function Sentence({ sentence }: { sentence: AnswerSentence }) {
  const { api } = useHost();
  const act = useAct();
  const nameProject = useProjectName();
  const { text, quote, key, sessionId, turn, title, project, at, amendedBy, isAmending } = sentence;
  const open = () =>
    act(
      sessionId === undefined
        ? api.copyContext(key)
        : api.openSession(sessionId, turn === undefined ? {} : { key, turn, words: [quote.slice(0, 200)] }),
    );
  return (
    <li className={amendedBy ? 'answer-item answer-old' : 'answer-item'}>
      <button type="button" className="answer-sentence" title={t('Open where it stands')} onClick={open}>
        <bdi>{showLine(text)}</bdi>
      </button>
      <span className="answer-source">
        {isAmending && <span className="answer-tag">{t('changed later')}</span>}
        {amendedBy && <span className="answer-tag">{t('before it was changed')}</span>}
        <bdi>{showLine(title) || t('Untitled session')}</bdi>
        {project && <bdi>{nameProject(project)}</bdi>}
        <time title={formatDateTime(at)}>{formatAgo(at)}</time>
      </span>
    </li>
  );
}

function Nothing({ answer: { none, unknownWords } }: { answer: MemoryAnswer }) {
  return (
    <p className="hint">
      {none === 'no_subject'
        ? t('The question does not say what it is about. Name the thing: a file, a feature, a command.')
        : unknownWords.length > 0
          ? t('No row answers this. Nothing in memory says: {0}', unknownWords.slice(0, 6).map(showLine).join(', '))
          : t('No row answers this. Other words may find it; what is below has some of yours.')}
    </p>
  );
}

function Struck({ struck }: { struck: ModelAnswer['struck'] }) {
  return (
    <details className="answer-struck">
      <summary>
        {struck.length === 1 ? t('1 sentence struck out') : t('{0} sentences struck out', struck.length)}
      </summary>
      <ul className="answer-list">
        {struck.map(({ text, why }) => (
          <li key={text} className="answer-item">
            <s>{showLine(text)}</s>
            <span className="answer-source">{nameWhy(why)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function nameWhy(why: StruckWhy): string {
  switch (why) {
    case 'quote':
      return t('What it quotes stands nowhere');
    case 'number':
      return t('The row has another number');
    case 'name':
      return t('The row has no such name');
    case 'negation':
      return t('The row says the contrary, or nothing of it');
    default:
      return t('The row does not say this');
  }
}

const asks =
  /^(?:what|which|why|how|when|where|who|whose|did|do|does|is|are|was|were|should|can)\b|^(?:为什么|什么|怎么|哪|谁|是否)/iu;

/** A question in words, and no list of search words: those are answered by results. */
export const looksAsked = (text: string): boolean =>
  /[?？]\s*$/u.test(text) || (asks.test(text.trim()) && text.trim().split(/\s+/).length >= 4);
