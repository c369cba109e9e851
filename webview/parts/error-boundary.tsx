/** A page that fails to render must not affect the others. */
import { Component } from 'react';
import type { ReactNode } from 'react';
import { t } from '../state/words';
import { Button } from './button';
import { Icon } from './icon';

interface Props {
  children: ReactNode;
}
interface State {
  error: Error | null;
  /** Incremented on reload, so that the children are mounted anew. */
  round: number;
}

/** Catches rendering errors of its children and offers to mount them again. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null, round: 0 };

  static getDerivedStateFromError(error: Error): Partial<State> {
    return { error };
  }

  override render(): ReactNode {
    const { error, round } = this.state;
    if (!error)
      return (
        <div key={round} className="boundary">
          {this.props.children}
        </div>
      );
    return (
      <div className="empty" role="alert">
        <Icon name="bug" className="empty-icon" />
        <p className="empty-title">{t('This page could not be shown.')}</p>
        <p className="empty-text">{error.message}</p>
        <Button onClick={() => this.setState({ error: null, round: round + 1 })}>{t('Reload')}</Button>
      </div>
    );
  }
}
