/** The text of the status bar item. Pure. */
import type { l10n } from 'vscode';
import type { CaptureState, MemoryStatus } from '../protocol/status';
import { formatAgo, formatBytes, formatCount, titleLine } from './format';
import type { Connection } from './memory-session';
import { warningText } from './warning-text';

type Translate = typeof l10n.t;

export interface StatusFacts {
  connection: Connection;
  capture: CaptureState | undefined;
  /** The last status from the keeper; undefined before the first. */
  status: MemoryStatus | undefined;
  hasWorkspace: boolean;
  now: number;
  language: string;
}

export interface StatusText {
  text: string;
  /** Markdown. */
  tooltip: string;
  /** For screen readers. */
  label: string;
}

/** An icon, a number and what it counts; everything else is in the tooltip. */
export function describeStatus(facts: StatusFacts, t: Translate): StatusText {
  const { status, connection, capture } = facts;
  const count = status ? shortCount(facts, t) : '';
  const state = describeState(connection, capture, t);
  const problem = problemOf(facts, t);
  const isRestricted = status?.restrictions !== undefined;
  const icon =
    problem !== undefined ? '$(warning)' : isRestricted && state.icon === '$(history)' ? '$(circle-slash)' : state.icon;
  const number = icon === '$(sync~spin)' && capture ? percentOf(capture, t) : count;
  const lines = [
    `**Claude-Mem**`,
    ...(problem === undefined ? [state.text] : [`$(warning) ${escape(problem)}`]),
    ...restrictions(facts, t, escape).map((line) => `$(circle-slash) ${line}`),
    ...countLines(facts, t),
  ];
  return {
    text: number === '' ? icon : `${icon} ${number}`,
    tooltip: lines.filter((line) => line !== '').join('\n\n'),
    label: [
      `Claude-Mem`,
      problem ?? state.text,
      ...restrictions(facts, t, (name) => titleLine(name, 60)),
      status ? countText(facts, t) : '',
    ]
      .filter((part) => part !== '')
      .join(', '),
  };
}

function describeState(
  connection: Connection,
  capture: CaptureState | undefined,
  t: Translate,
): { icon: string; text: string } {
  if (!connection.isConnected) return { icon: '$(sync~spin)', text: t('Opening memory…') };
  switch (capture?.phase) {
    case 'paused':
      return { icon: '$(debug-pause)', text: t('Capture is paused. Nothing is read until you resume it.') };
    case 'scanning':
      return { icon: '$(sync~spin)', text: t('Looking for sessions…') };
    case 'importing':
      return { icon: '$(sync~spin)', text: t('Importing {0} of {1} files', capture.filesDone, capture.filesTotal) };
    case 'cancelled':
      return {
        icon: '$(history)',
        text: t('Import stopped. Files left: {0}', Math.max(capture.filesTotal - capture.filesDone, 0)),
      };
    default:
      return { icon: '$(history)', text: '' };
  }
}

/** The reason for a warning icon; the most serious first. */
function problemOf({ connection, capture, status }: StatusFacts, t: Translate): string | undefined {
  if (!connection.isConnected && connection.reason !== undefined) return connection.reason;
  if (capture?.phase === 'error') return capture.reason ?? '';
  const [first] = status?.warnings ?? [];
  return first && warningText(first, t);
}

/** What is restricted, and until when. */
function restrictions({ status, language }: StatusFacts, t: Translate, show: (name: string) => string): string[] {
  return (status?.restrictions ?? []).map(({ project, until }) => {
    const day = new Date(until).toLocaleDateString(language);
    return project
      ? t('Processing of {0} is restricted until {1}', show(project.name), day)
      : t('Processing is restricted until {0}: nothing is distilled, given or sent', day);
  });
}

function countLines(facts: StatusFacts, t: Translate): string[] {
  const { status, language, now } = facts;
  if (!status) return [];
  const everything = t(
    'Sessions: {0} · Learnings: {1} · Projects: {2}',
    formatCount(status.sessions, language),
    formatCount(status.learnings, language),
    formatCount(status.projects, language),
  );
  const last =
    status.lastCaptureAt === null
      ? t('Nothing captured yet')
      : t('Last capture {0}', formatAgo(status.lastCaptureAt, now, language));
  return [
    countText(facts, t),
    everything,
    `${last} · ${t('{0} on disk', formatBytes(status.databaseBytes, language))}`,
  ];
}

function countText({ status, hasWorkspace, language }: StatusFacts, t: Translate): string {
  const count = formatCount(status?.inScope ?? 0, language);
  return hasWorkspace ? t('Sessions of this workspace: {0}', count) : t('Sessions: {0}', count);
}

/** A workspace without sessions shows those of all projects: a bare 0 looks as if nothing was found at all. */
function shortCount({ status, hasWorkspace, language }: StatusFacts, t: Translate): string {
  const { inScope = 0, sessions = 0 } = status ?? {};
  if (hasWorkspace && inScope === 0 && sessions > 0)
    return sessions === 1
      ? t('1 session in all projects')
      : t('{0} sessions in all projects', formatCount(sessions, language));
  const count = hasWorkspace ? inScope : sessions;
  return count === 1 ? t('1 session') : t('{0} sessions', formatCount(count, language));
}

function percentOf({ bytesDone, bytesTotal }: CaptureState, t: Translate): string {
  return bytesTotal > 0 ? t('Importing {0} %', Math.min(Math.floor((bytesDone / bytesTotal) * 100), 99)) : '';
}

/** Escapes reasons, which may contain file names, for the Markdown of the tooltip. */
function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>$~-]/g, '\\$&');
}
