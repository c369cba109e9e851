/** One icon per kind of tool, the same in hits and in the reader. */

const icons: Record<string, string> = {
  Bash: 'terminal',
  BashOutput: 'terminal',
  KillShell: 'terminal-kill',
  Edit: 'edit',
  MultiEdit: 'edit',
  Write: 'new-file',
  NotebookEdit: 'notebook',
  Read: 'file',
  LS: 'list-tree',
  Glob: 'search',
  Grep: 'search',
  WebFetch: 'globe',
  WebSearch: 'globe',
  Task: 'robot',
  Agent: 'robot',
  TaskOutput: 'robot',
  TaskStop: 'robot',
  TodoWrite: 'checklist',
  TaskCreate: 'checklist',
  TaskUpdate: 'checklist',
  TaskList: 'checklist',
  TaskGet: 'checklist',
  ToolSearch: 'search',
  LSP: 'symbol-class',
  EnterPlanMode: 'map',
  ExitPlanMode: 'map',
  AskUserQuestion: 'question',
  Skill: 'mortar-board',
  SlashCommand: 'symbol-event',
};

/** A codicon name; tools of MCP servers get a plug, unknown ones a wrench. */
export function iconOfTool(tool: string): string {
  if (tool.startsWith('mcp__')) return 'plug';
  return Object.hasOwn(icons, tool) ? (icons[tool] ?? 'tools') : 'tools';
}
