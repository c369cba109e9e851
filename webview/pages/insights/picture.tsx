/**
 * The graph: nodes as buttons over lines, nearest to the centre the most related. The list below has the same content.
 */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { GraphNode, GraphPicture } from '../../../src/protocol/insights';
import { showLine } from '../../../src/protocol/visible-text';
import { Icon } from '../../parts/icon';
import { t } from '../../state/words';
import { kindIcons, nameKind } from './entity-words';
import { frameFor, nodeRoom, layOutGraph } from './lay-out-graph';

interface PictureProps {
  picture: GraphPicture;
  onPick: (node: GraphNode) => void;
}

const defaultWidth = 320;

export function Picture({ picture: { nodes, edges, center }, onPick }: PictureProps) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(defaultWidth);
  useEffect(() => {
    const element = box.current;
    if (!element || typeof ResizeObserver === 'undefined') return undefined;
    const sizes = new ResizeObserver(() => element.clientWidth > 0 && setWidth(element.clientWidth));
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
  const frame = useMemo(() => frameFor(nodes.length, Math.max(width, nodeRoom.width * 2)), [nodes.length, width]);
  const placed = useMemo(() => layOutGraph(nodes, edges, frame), [nodes, edges, frame]);
  const byId = useMemo(() => new Map(placed.map((each) => [each.node.id, each])), [placed]);
  const heaviest = Math.max(...edges.map(({ weight }) => weight), 1);
  return (
    <div
      ref={box}
      className="picture"
      role="group"
      aria-label={t('What is around {0}', showLine(center?.name ?? ''))}
      style={{ height: frame.height }}
    >
      <svg width={frame.width} height={frame.height} aria-hidden="true">
        {edges.map(({ from, to, kind, weight }, index) => {
          const [a, b] = [byId.get(from), byId.get(to)];
          return a && b ? (
            <line
              key={index}
              className={`edge edge-${kind}`}
              x1={a.x}
              y1={a.y}
              x2={b.x}
              y2={b.y}
              strokeWidth={1 + (2.5 * weight) / heaviest}
            />
          ) : null;
        })}
      </svg>
      {placed.map(({ node, x, y }) => (
        <button
          key={node.id}
          type="button"
          className={`node node-${node.kind}`}
          // Not in the tab order: the list below offers the same by keyboard, in a better order.
          tabIndex={-1}
          aria-current={node.id === center?.id}
          title={`${nameKind(node.kind)}: ${showLine(node.name)}`}
          style={{
            transform: `translate(${Math.round(x - nodeRoom.width / 2)}px, ${Math.round(y - nodeRoom.height / 2)}px)`,
            width: nodeRoom.width,
            height: nodeRoom.height,
          }}
          onClick={() => onPick(node)}
        >
          <Icon name={kindIcons[node.kind]} label={nameKind(node.kind)} />
          <bdi className="node-label">{showLine(node.label)}</bdi>
        </button>
      ))}
    </div>
  );
}
