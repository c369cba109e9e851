/** The lists of a summary. Each sentence is a button that shows its line. */
import type { ReactNode } from 'react';
import { pathFrom } from '../../../src/protocol/paths';
import type { Claim, CommandRun, ErrorMet, Evidence, FileWork } from '../../../src/protocol/summary';
import { showLine } from '../../../src/protocol/visible-text';
import { Icon } from '../../parts/icon';
import { formatNumber } from '../../state/format';
import { t } from '../../state/words';

type Go = (line: Evidence) => void;

function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="summary-block" aria-label={title}>
      <h2>{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}

/** `children` is the sentence; without a line to show it is plain text. */
function Sentence({
  evidence: [line],
  onGo,
  children,
}: {
  evidence: readonly Evidence[];
  onGo: Go;
  children: ReactNode;
}) {
  if (line === undefined) return <span>{children}</span>;
  return (
    <button type="button" className="sentence" title={showLine(line.quote)} onClick={() => onGo(line)}>
      {children}
    </button>
  );
}

export function Claims({ title, claims, onGo }: { title: string; claims: readonly Claim[]; onGo: Go }) {
  if (claims.length === 0) return null;
  return (
    <Block title={title}>
      {claims.map(({ text, evidence }, index) => (
        <li key={index}>
          <Sentence evidence={evidence} onGo={onGo}>
            <bdi>{showLine(text)}</bdi>
          </Sentence>
        </li>
      ))}
    </Block>
  );
}

/** `cwd`: the session's folder; paths below it are shown relative to it. */
export function Files({
  files,
  cwd,
  onGo,
  onOpen,
}: {
  files: readonly FileWork[];
  cwd: string;
  onGo: Go;
  onOpen: (path: string) => void;
}) {
  if (files.length === 0) return null;
  return (
    <Block title={t('Files')}>
      {files.map(({ path, edits, isNew, evidence }) => (
        <li key={path} className="summary-file">
          <button type="button" className="link" title={t('Open {0}', showLine(path))} onClick={() => onOpen(path)}>
            <bdi>{showLine(pathFrom(cwd, path))}</bdi>
          </button>
          <Sentence evidence={evidence} onGo={onGo}>
            {isNew ? t('new, edits: {0}', formatNumber(edits)) : t('edits: {0}', formatNumber(edits))}
          </Sentence>
        </li>
      ))}
    </Block>
  );
}

export function Errors({ errors, onGo }: { errors: readonly ErrorMet[]; onGo: Go }) {
  if (errors.length === 0) return null;
  return (
    <Block title={t('Errors')}>
      {errors.map(({ text, times, evidence, fix }, index) => (
        <li key={index}>
          <Sentence evidence={evidence} onGo={onGo}>
            <Icon name="error" className="count-error" />
            <bdi>{showLine(text)}</bdi>
            {times > 1 && ` · ${t('{0} times', formatNumber(times))}`}
          </Sentence>
          {fix && (
            <Sentence evidence={fix.evidence} onGo={onGo}>
              <Icon name="check" label={t('What made it go away')} className="status-ok" />
              <bdi>{showLine(fix.text)}</bdi>
            </Sentence>
          )}
        </li>
      ))}
    </Block>
  );
}

export function Commands({ commands, onGo }: { commands: readonly CommandRun[]; onGo: Go }) {
  if (commands.length === 0) return null;
  return (
    <Block title={t('Commands')}>
      {commands.map(({ command, runs, failures, outcome, evidence }, index) => (
        <li key={index}>
          <Sentence evidence={evidence} onGo={onGo}>
            <Icon name={outcomeIcons[outcome]} label={nameOutcome(outcome)} className={outcomeClasses[outcome]} />
            <code>{showLine(command)}</code>
            {runs > 1 &&
              ` · ${
                failures > 0
                  ? t('runs: {0}, failed: {1}', formatNumber(runs), formatNumber(failures))
                  : t('runs: {0}', formatNumber(runs))
              }`}
          </Sentence>
        </li>
      ))}
    </Block>
  );
}

const outcomeIcons: Readonly<Record<CommandRun['outcome'], string>> = {
  passed: 'check',
  failed: 'error',
  unknown: 'circle-outline',
};
const outcomeClasses: Readonly<Record<CommandRun['outcome'], string>> = {
  passed: 'status-ok',
  failed: 'status-error',
  unknown: '',
};

function nameOutcome(outcome: CommandRun['outcome']): string {
  switch (outcome) {
    case 'passed':
      return t('Passed');
    case 'failed':
      return t('Failed');
    default:
      return t('Outcome not known');
  }
}
