/** Whether a command may have changed or removed a file. */
import { fileName } from '../../protocol/paths';
import { regex } from '../lib/regex';

/** Commands that change what they name, and writing into it. */
const changing = regex('i')`
  \b(?:rm|mv|cp|tee|truncate|patch|git (?:checkout|restore|reset|stash|apply|revert|rm|mv))\s|>
`;
/** Commands that change files which they do not name: git going elsewhere, formatters, and replacing in many files. */
const everywhere = regex('i')`
  \bgit (?:checkout|switch|stash|pull|merge|rebase|reset|restore|cherry-pick|revert|am|apply|clean)\b|
  \b(?:fmt|format|gofmt|goimports|prettier|black|rustfmt)\b|\s--(?:fix|write)\b|\b(?:sed|perl) -\w{0,4}i\b
`;
const nameLetter = /[\w-]/;

export function mayChange(command: string, file: string): boolean {
  if (everywhere.test(command)) return true;
  const name = fileName(file);
  for (const line of command.split('\n')) {
    const at = line.indexOf(name);
    if (at < 0 || nameLetter.test(line[at - 1] ?? '') || nameLetter.test(line[at + name.length] ?? '')) continue;
    if (changing.test(line)) return true;
  }
  return false;
}
