/** A share as a small bar. The words beside it, or read out, say the same. */
import { formatPercent } from '../state/format';

/** `label` has the number in it. */
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
