/** Texts and numbers of the command line. */
import type { ErrorCode } from '../protocol/errors';
import { sizeText } from '../protocol/size';

export const usage = `claude-mem-vscode: long-term memory for Claude Code

  import  [--config-dir DIR] [--data-dir DIR] [--json]    read every transcript; returns when all is searchable
  search  [--data-dir DIR] [--json] [--limit N] [--min-score N] QUERY
                                                          sessions that match, best first; scores are 0 to 1
  status  [--data-dir DIR] [--json]                       what is kept, and where
  restore-transcript [--config-dir DIR] [--data-dir DIR] [--json] SESSION
                                                          an archived transcript back into Claude Code's folder
  doctor  [--data-dir DIR] [--json] [--report]            what is well and what is not; --report is fit for a bug report
  backup  [--data-dir DIR] [--json] [list | now]          list backups, or make one
  restore [--data-dir DIR] [--json] [--exact] NAME        go back to a backup; what you wrote since stays, unless --exact
  restore [--data-dir DIR] [--json] --undo                go back to what was there before the last restore
  repair  [--data-dir DIR] [--json]                       read what can be read of a damaged memory into a new one
  compact [--data-dir DIR] [--json]                       give free space back to the disk
  hooks   [--config-dir DIR] [--data-dir DIR] [--json] [status | install | remove]
                                                          give memory to Claude Code by hooks in its settings
  mcp     [--data-dir DIR] [--allow-writes]               serve the memory of this folder's project over MCP, on stdio

Without --data-dir: CLAUDE_MEM_DATA_DIR, else the folder of the editor used last.
Without --config-dir: CLAUDE_CONFIG_DIR, else ~/.claude.
QUERY: words, "phrases", -not, prefix*, project: type: tool: file: branch: after: before:
`;

/** Texts for reasons why a model is not in use. */
const reasons: Readonly<Record<string, string>> = {
  model_changed: 'its files have changed since it was chosen',
  model_incomplete: 'files of it are missing or cannot be read',
  model_unusable: 'it does not give one vector for each token',
  model_crashed: 'it ended unexpectedly, several times',
  model_gone: 'another one is used now, or none',
  disk_full: 'the disk is full',
  hub_offline: 'nobody answered the download',
  hub_cut: 'the download was cut off',
  hub_missing: 'it is not where it should be',
  hub_refused: 'its download was refused',
  hub_wrong_bytes: 'what was downloaded is not the known model',
};

/** The text for a reason. An unknown reason is returned as it is. */
export const describeReason = (reason = 'the log says more'): string =>
  Object.hasOwn(reasons, reason) ? (reasons[reason] ?? reason) : reason;

const exitCodes: Readonly<Record<ErrorCode, number>> = {
  internal: 1,
  invalid_input: 2,
  not_found: 3,
  locked: 4,
  busy: 4,
  corrupt: 5,
  too_new: 6,
  cancelled: 130,
  no_model: 7,
  network: 8,
};

export const exitCodeOf = (code: ErrorCode): number => exitCodes[code];

export const formatBytes = sizeText;
