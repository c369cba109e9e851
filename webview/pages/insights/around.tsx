/** What is related to a file, a command or an error, read from tool calls and texts without a model. */
import { useEffect, useState } from 'react';
import type { GraphEdge, GraphNode, GraphPicture } from '../../../src/protocol/insights';
import type { GraphQuery } from '../../../src/protocol/questions/insights';
import type { Scope } from '../../../src/protocol/questions/schemas';
import { showLine } from '../../../src/protocol/visible-text';
import { Empty, Failure, Loading } from '../../parts/empty';
import { Field } from '../../parts/field';
import { Icon } from '../../parts/icon';
import { PathText } from '../../parts/path-text';
import { formatAgo, formatNumber } from '../../state/format';
import { useAct, useHost } from '../../state/host';
import { debounceText } from '../../state/throttle';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';
import { Section } from './activity';
import { kindIcons, nameKind, nameKinds, nameRelation } from './entity-words';

interface AroundProps {
  scope: Scope | undefined;
  file: string | undefined;
}

type Asked = Pick<GraphQuery, 'entity' | 'file'>;

export function Around({ scope, file }: AroundProps) {
  const { api } = useHost();
  const [asked, setAsked] = useState<Asked | null>(file === undefined ? null : { file });
  const [text, setText] = useState('');
  const where = scope ? { scope } : {};
  const found = useResource(
    (query: GraphQuery, signal: AbortSignal) => api.around(query, signal),
    asked ? [{ ...asked, ...where }] : null,
  );
  const pick = ({ id }: Pick<GraphNode, 'id'>) => {
    setAsked({ entity: id });
    setText('');
  };
  return (
    <>
      <FindEntity text={text} scope={scope} isOpen={asked === null || text !== ''} onText={setText} onPick={pick} />
      {asked &&
        text === '' &&
        (found.error && !found.data ? (
          <Failure error={found.error} onRetry={found.reload} />
        ) : !found.data ? (
          <Loading label={t('Looking around…')} />
        ) : found.data.center === null ? (
          <Empty icon="type-hierarchy" title={t('Nothing is known of it yet')}>
            <p className="empty-text">{t('It is not in any session of this scope. Look for another name above.')}</p>
          </Empty>
        ) : (
          <Found picture={found.data} center={found.data.center} onPick={pick} />
        ))}
    </>
  );
}

interface FindEntityProps {
  text: string;
  scope: Scope | undefined;
  isOpen: boolean;
  onText: (text: string) => void;
  onPick: (node: GraphNode) => void;
}

/** Without words it offers what was worked on most lately. */
function FindEntity({ text, scope, isOpen, onText, onPick }: FindEntityProps) {
  const { api } = useHost();
  const [words, setWords] = useState(text);
  const [debounce] = useState(() => debounceText(120));
  useEffect(() => debounce.stop, [debounce]);
  const found = useResource(
    (query: string, where: Scope | null, _signal: AbortSignal) => api.findEntities(query, where ?? undefined),
    isOpen ? [words.trim(), scope ?? null] : null,
  );
  return (
    <div className="insight">
      <Field
        label={t('Look for a file, command, error or symbol')}
        placeholder={t('File, command, error…')}
        icon="search"
        value={text}
        onChange={(next) => {
          onText(next);
          debounce.push(next, setWords);
        }}
      />
      {isOpen && found.error && !found.data && <Failure error={found.error} onRetry={found.reload} />}
      {isOpen && found.data && (
        <>
          {words.trim() === '' && found.data.length > 0 && <h2>{t('Most worked on lately')}</h2>}
          <ul className="entities" aria-label={t('Found')}>
            {found.data.map((node) => (
              <li key={node.id}>
                <NodeButton node={node} onPick={onPick} />
              </li>
            ))}
          </ul>
          {found.data.length === 0 && (
            <p className="hint" role="status">
              {words.trim() === ''
                ? t('Nothing is known yet: it grows with each session.')
                : t('Nothing has all these words in its name.')}
            </p>
          )}
        </>
      )}
    </div>
  );
}

/** Files by their path; errors and solutions are known by a key that is no text. */
const nameOf = ({ kind, name, label }: GraphNode): string => showLine(kind === 'file' ? name : label);

/** `detail`: its relation to the others; otherwise it tells its sessions. */
function NodeButton({ node, detail, onPick }: { node: GraphNode; detail?: string; onPick: (node: GraphNode) => void }) {
  const name = nameOf(node);
  const sessions = t('Sessions: {0}', formatNumber(node.sessions));
  return (
    <button type="button" className="entity" onClick={() => onPick(node)}>
      <Icon name={kindIcons[node.kind]} label={nameKind(node.kind)} />
      {node.kind === 'file' ? (
        <PathText path={name} className="entity-name" />
      ) : (
        <bdi className="entity-name" title={name}>
          {name}
        </bdi>
      )}
      {detail === undefined ? (
        <span className="entity-count" role="img" aria-label={sessions} title={sessions}>
          <Icon name="history" /> {formatNumber(node.sessions)}
        </span>
      ) : (
        <span className="entity-detail" title={detail}>
          {detail}
        </span>
      )}
    </button>
  );
}

interface FoundProps {
  picture: GraphPicture;
  center: GraphNode;
  onPick: (node: GraphNode) => void;
}

/** Lists, sessions first: a person looks for where something was done, then for what belongs to it. */
function Found({ picture, center, onPick }: FoundProps) {
  const { api } = useHost();
  const act = useAct();
  const others = picture.nodes
    .filter(({ id }) => id !== center.id)
    .toSorted((one, other) => one.depth - other.depth || other.rank - one.rank);
  const kinds = [...new Set(others.map(({ kind }) => kind))];
  const name = nameOf(center);
  return (
    <div role="group" aria-label={t('What is around {0}', name)}>
      <h2 className="around-name">
        <Icon name={kindIcons[center.kind]} label={nameKind(center.kind)} />
        {center.kind === 'file' ? <PathText path={name} /> : <bdi>{name}</bdi>}
      </h2>
      {others.length === 0 && <p className="hint">{t('Nothing else is known around it.')}</p>}
      {picture.sessions.length > 0 && (
        <Section title={t('Sessions')}>
          <ul className="entities">
            {picture.sessions.map(({ id, title, at }) => (
              <li key={id}>
                <button type="button" className="entity" onClick={() => act(api.openSession(id))}>
                  <Icon name="history" />
                  <bdi className="entity-name" title={showLine(title)}>
                    {showLine(title) || t('Untitled session')}
                  </bdi>
                  <span className="entity-detail">{formatAgo(at)}</span>
                </button>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {kinds.map((kind) => (
        <Section key={kind} title={nameKinds(kind)}>
          <ul className="entities">
            {others
              .filter((node) => node.kind === kind)
              .map((node) => (
                <li key={node.id}>
                  <NodeButton node={node} detail={describeTies(node, picture)} onPick={onPick} />
                </li>
              ))}
          </ul>
        </Section>
      ))}
    </div>
  );
}

/** Its heaviest relation in words: "causes it", "solves: x". */
function describeTies(node: GraphNode, { edges, nodes, center }: GraphPicture): string {
  const tie = edges
    .filter(({ from, to }) => from === node.id || to === node.id)
    .reduce<GraphEdge | undefined>((best, edge) => (best && best.weight >= edge.weight ? best : edge), undefined);
  if (!tie) return '';
  const other = tie.from === node.id ? tie.to : tie.from;
  const relation = nameRelation(tie.kind);
  if (other === center?.id) return tie.from === node.id ? t('{0} it', relation) : t('it {0} this', relation);
  const label = showLine(nodes.find(({ id }) => id === other)?.label ?? '');
  return tie.from === node.id ? t('{0} {1}', relation, label) : t('{0} {1} this', label, relation);
}
