/** A share as a small bar, with the same information as text. */
import { formatPercent } from '../state/format';

/** `label` includes the number. */
export function Meter({ share, label }: { share: number; label: string }) {
  return (
    <span className="meter" role="img" aria-label={label} title={label}>
      <span className="bar">
        <span style={{ inlineSize: `${Math.round(100 * Math.min(1, Math.max(0, share)))}%` }} />
      </span>
      <span aria-hidden="true">{formatPercent(share)}</span>
    </span>
  );
}
