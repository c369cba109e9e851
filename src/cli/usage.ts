/** What `claude-mem-vscode` prints when it is called wrongly, or with --help. */
export const usage = `claude-mem-vscode: long-term memory for Claude Code

  import  [--config-dir DIR] [--data-dir DIR] [--json]    read every transcript; returns when all is searchable
  search  [--data-dir DIR] [--json] [--limit N] [--min-score N] QUERY
                                                          sessions that match, best first; scores are 0 to 1
  ask     [--data-dir DIR] [--json] [--project NAME] QUESTION
                                                          sentences that each stand in a session, or “not in memory”
  why     [--data-dir DIR] [--json] FILE:LINE[-LINE]      which turn wrote these lines, what was asked, what became of it
  changes [--data-dir DIR] [--json] SESSION [FILE]        what a session changed, file by file; of one file as a diff
  stood   [--data-dir DIR] [--json] SESSION#TURN FILE     a file as it stood after a turn
  left    [--data-dir DIR] [--json] [--project NAME]      open ends, decisions in force, errors that came back
  digest  [--data-dir DIR] [--json] [--project NAME] [--day DAY] [--week]
                                                          what was done that day, or in the week up to it, as Markdown
  status  [--data-dir DIR] [--json]                       what is kept, and where
  restore-transcript [--config-dir DIR] [--data-dir DIR] [--json] SESSION
                                                          an archived transcript back into Claude Code's folder
  doctor  [--data-dir DIR] [--json] [--report]            what is well and what is not; --report is fit for a bug report
  backup  [--data-dir DIR] [--json] [list [--from DIR] | now]  list backups, also those in another folder, or make one
  restore [--data-dir DIR] [--json] [--exact] [--from DIR] NAME  go back to a backup; what you wrote since stays, unless --exact
  restore [--data-dir DIR] [--json] --undo                go back to what was there before the last restore
  repair  [--data-dir DIR] [--json]                       read what can be read of a damaged memory into a new one
  compact [--data-dir DIR] [--json]                       give free space back to the disk
  erase   [--data-dir DIR] [--json] [--dry-run] [--yes]
          (--row KEY … | --turn SESSION#TURN | --session ID | --since TIME --until TIME | --query QUERY)
                                                          erase for good, everywhere, and print the receipt
  receipts [--data-dir DIR] [--json] [--verify] [ID]      what was erased, and what was searched for it
  audit   [--data-dir DIR] [--json] [--verify] [--who W] [--action A] [--since TIME] [--until TIME] [--limit N]
                                                          who did what with the memory; --json gives an entry a line
  export  [--data-dir DIR] [--json] [--format jsonl | csv | markdown] [--confidential]
          [--project NAME | --session ID | --learnings] [FOLDER]
                                                          the memory, or a part of it, in a new folder there
  import-memory [--data-dir DIR] [--json] [--dry-run] FOLDER | memory.db
                                                          merge an export or another memory; nothing is doubled
  restrict [--data-dir DIR] [--json] [--project NAME] [--days N] [list | on | lift]
                                                          read, but do not distil, give or send, for up to 90 days
  class   [--data-dir DIR] [--json] [list | set (--project NAME | --session ID | --key KEY) CLASS]
                                                          how much it is protected: public, internal, sensitive,
                                                          confidential, top_secret, or none to take it off
  hooks   [--config-dir DIR] [--data-dir DIR] [--json] [status | install | remove]
                                                          give memory to Claude Code by hooks in its settings
  mcp     [--data-dir DIR] [--allow-writes]               serve the memory of this folder's project over MCP, on stdio

Without --data-dir: CLAUDE_MEM_DATA_DIR, else the folder of the editor used last.
Without --config-dir: CLAUDE_CONFIG_DIR, else ~/.claude.
QUERY: words, "phrases", -not, prefix*, project: type: tool: file: branch: after: before:
`;
