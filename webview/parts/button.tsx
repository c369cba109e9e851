/**
 * Buttons and the waiting ring, on the editor's own colours. Native elements: the reader then needs no component
 * library, which would cost a tenth of its budget.
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

/** Says nothing to screen readers: the text beside it does. */
export function Spinner() {
  return <span className="spinner" aria-hidden="true" />;
}
