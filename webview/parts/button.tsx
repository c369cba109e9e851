/**
 * Buttons and the progress ring in the editor's colours. Native elements, so that the reader needs no component
 * library, which would take a tenth of its budget.
 */
import type { ReactNode } from 'react';

interface ButtonProps {
  onClick: () => void;
  children: ReactNode;
  isSecondary?: boolean;
  isDisabled?: boolean;
}

export function Button({ onClick, children, isSecondary = false, isDisabled = false }: ButtonProps) {
  return (
    <button
      type="button"
      className={isSecondary ? 'button button-secondary' : 'button'}
      disabled={isDisabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

/** Hidden from screen readers, because there is always text beside it. */
export function Spinner() {
  return <span className="spinner" aria-hidden="true" />;
}
