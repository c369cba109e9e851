/** Names, bars and numbers, readable without the bars. */

export interface BarRow {
  name: string;
  /** From 0 to 1. */
  share: number;
  value: string;
}

/** The number is text; the bar only illustrates it. */
export function Bars({ rows }: { rows: readonly BarRow[] }) {
  return (
    <dl className="bars">
      {rows.map(({ name, share, value }) => (
        <div key={name}>
          <dt>
            <bdi>{name}</bdi>
          </dt>
          <dd>
            <span className="bar" aria-hidden="true">
              <span style={{ inlineSize: `${Math.round(100 * Math.min(1, Math.max(0, share)))}%` }} />
            </span>
            <span className="bar-value">{value}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
