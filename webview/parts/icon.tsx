/** Codicons and icon buttons. */
import type { MouseEvent } from 'react';

/** A codicon. Without a label it is decorative and hidden from screen readers. */
export function Icon({ name, label, className = '' }: { name: string; label?: string; className?: string }) {
  const classes = `codicon codicon-${name} ${className}`;
  return label ? (
    <span className={classes} role="img" aria-label={label} title={label} />
  ) : (
    <span className={classes} aria-hidden="true" />
  );
}

interface IconButtonProps {
  name: string;
  label: string;
  onClick: (event: MouseEvent<HTMLButtonElement>) => void;
  tabIndex?: number;
  isPressed?: boolean;
  /** For a button that expands and collapses something. */
  isExpanded?: boolean;
  isDisabled?: boolean;
}

/** A toolbar button: an icon whose name is the tooltip and the label for screen readers. */
export function IconButton({ name, label, onClick, tabIndex, isPressed, isExpanded, isDisabled }: IconButtonProps) {
  return (
    <button
      type="button"
      className="icon-button"
      title={label}
      aria-label={label}
      aria-pressed={isPressed}
      aria-expanded={isExpanded}
      disabled={isDisabled}
      tabIndex={tabIndex}
      onClick={(event) => {
        event.stopPropagation();
        onClick(event);
      }}
    >
      <Icon name={name} />
    </button>
  );
}
