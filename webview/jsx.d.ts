/** JSX types of the custom elements in @vscode-elements/elements: only the attributes used here. */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';

type ElementProps<Own> = DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement> & Own;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-tabs': ElementProps<{
        'selected-index'?: number;
        panel?: boolean;
        'onvsc-tabs-select'?: (event: CustomEvent<{ selectedIndex: number }>) => void;
      }>;
      'vscode-tab-header': ElementProps<{ slot?: string; panel?: boolean }>;
      'vscode-tab-panel': ElementProps<{ panel?: boolean }>;
      'vscode-checkbox': ElementProps<{ checked?: boolean; label?: string }>;
      'vscode-progress-bar': ElementProps<{ value?: number; max?: number; indeterminate?: boolean }>;
    }
  }
}
