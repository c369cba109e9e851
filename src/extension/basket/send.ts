/**
 * Sends the basket to Claude Code. What is typed is one line that names a file, never the text itself: a line break in a
 * terminal would send it, or run it where no Claude is listening. The person presses Enter.
 */
import { Uri, env, extensions, l10n, window } from 'vscode';
import type { Terminal } from 'vscode';
import { titleLine } from '../format';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { waitForPrompt } from '../session/resume';
import { briefPath, mayWriteBrief, mentionOf, putBrief } from './brief-file';
import type { Brief } from './brief-file';

const panelId = 'anthropic.claude-code';
const noticeMs = 8_000;

interface Way {
  label: string;
  description?: string;
  detail: string;
  go: (brief: Brief) => Promise<void>;
}

export async function sendBasket(parts: Parts): Promise<void> {
  if (!mayWriteBrief()) return;
  if (parts.basket.size === 0) {
    await putBrief(parts);
    return;
  }
  const chosen = await lasting(() =>
    window.showQuickPick(ways(), {
      title: l10n.t('Send the Basket to Claude'),
      placeHolder: l10n.t('A mention of {0} is typed. You press Enter.', briefPath),
    }),
  );
  const brief = chosen && (await putBrief(parts));
  if (brief) await chosen.go(brief);
}

function ways(): Way[] {
  const found = window.terminals.filter((terminal) => terminal.exitStatus === undefined);
  const named = found.filter(isClaude);
  const others = found.filter((terminal) => !named.includes(terminal));
  const panel: Way[] = extensions.getExtension(panelId)
    ? [
        {
          label: l10n.t('$(comment-discussion) Panel of Claude Code'),
          detail: l10n.t('A new tab with the mention in its field, not sent.'),
          go: openPanel,
        },
      ]
    : [];
  return [
    ...named.map((terminal) => toTerminal(terminal, l10n.t('Claude by its name'))),
    ...panel,
    ...others.map((terminal) => toTerminal(terminal, '')),
    {
      label: l10n.t('$(add) New terminal'),
      detail: l10n.t('Types claude with the mention, and does not run it.'),
      go: openTerminal,
    },
  ];
}

/** What runs in a terminal is not told to extensions in every shell, but Claude Code names its own. */
const isClaude = ({ name }: Terminal): boolean => /\bclaude\b/i.test(name);

function toTerminal(terminal: Terminal, description: string): Way {
  return {
    label: `$(terminal) ${titleLine(terminal.name, 60)}`,
    description,
    detail: l10n.t('Types the mention, and does not send it.'),
    go: async (brief) => {
      terminal.show();
      terminal.sendText(`${mentionOf(brief, terminal.shellIntegration?.cwd?.fsPath)} `, false);
    },
  };
}

/** Documented by Claude Code: opens a tab with a prompt that is not submitted. */
async function openPanel(brief: Brief): Promise<void> {
  const prompt = encodeURIComponent(`${mentionOf(brief, brief.root)} `);
  const isOpen = await env.openExternal(Uri.parse(`${env.uriScheme}://${panelId}/open?prompt=${prompt}`));
  if (isOpen) return;
  await env.clipboard.writeText(mentionOf(brief, brief.root));
  window.setStatusBarMessage(l10n.t('The panel did not open. The mention is on the clipboard.'), noticeMs);
}

async function openTerminal(brief: Brief): Promise<void> {
  const terminal = window.createTerminal({ name: 'Claude', cwd: Uri.file(brief.root) });
  terminal.show();
  await waitForPrompt(terminal);
  terminal.sendText(`claude "@${briefPath}"`, false);
}
