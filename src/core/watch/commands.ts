/** Where scripts and CI run a command. Documents are left out: what they tell others to run is no decision of this project. */
import { regex } from '../lib/regex';
import { codeOf } from './code';
import type { Span } from './found';

const scriptFile = regex('i')`
  (?:^|\/)(?:Makefile|justfile|Dockerfile[^/]*|Procfile|Jenkinsfile|lefthook\.ya?ml|\.gitlab-ci\.ya?ml|
  azure-pipelines\.ya?ml|bitbucket-pipelines\.ya?ml|action\.ya?ml)$|\.(?:sh|bash|zsh|fish|mk)$|
  (?:^|\/)(?:\.(?:github|circleci|woodpecker|buildkite)\/[^\n]+\.ya?ml$|\.husky\/[^\n]+)
`;
const manifest = /(?:^|\/)package\.json$/;

export const runsCommands = (file: string): boolean => scriptFile.test(file) || manifest.test(file);

/** What may stand before a command on its line. */
const before = regex()`
  (?:^|&&|\|\||[;|({!]|\$\(|["'\x60]|(?<![\w-])(?:(?:run|script|command)[:=]|RUN|CMD|then|do|else|sudo|exec|time|env|
  cross-env|-)[ \t]*[|>]?|@)[ \t]*(?:-[ \t]+)?(?:\w+=\S*[ \t]+)*$
`;

/** Only says a command. */
const printed = /\b(?:echo|printf|print|console\.log)\b[^;&|\n]*$/;

export function commandsIn(file: string, raw: string, command: string): Span[] {
  if (!runsCommands(file)) return [];
  const words = command.trim().split(/\s+/);
  const [first = ''] = words;
  const isManifest = manifest.test(file);
  const text = isManifest ? raw : codeOf(/\.\w+$/.test(file) ? file : 'x.sh', raw).withStrings;
  const area = isManifest ? scriptsOf(text) : { from: 0, to: text.length };
  const found: Span[] = [];
  if (!area) return found;
  for (let at = text.indexOf(first, area.from); at >= 0 && at < area.to; at = text.indexOf(first, at + 1)) {
    const to = endOf(text, at, words);
    if (to === undefined) continue;
    const lineStart = text.lastIndexOf('\n', at - 1) + 1;
    // A command stands near: a line of thousands of letters is none that a person wrote.
    const ahead = text.slice(Math.max(lineStart, at - 300), at);
    if (isManifest ? isScript(ahead) : before.test(ahead) && !printed.test(ahead)) found.push({ from: at, to });
  }
  return found;
}

/** In package.json a command stands in the value of a script. */
const isScript = (ahead: string): boolean => {
  const value = /"[^"\n]*"\s*:\s*"(?<value>[^\n]*)$/.exec(ahead)?.groups?.['value'];
  return value !== undefined && !/[^\\]"/.test(value) && before.test(value) && !printed.test(value);
};

/** The end of the words of a command that begins here; undefined when others stand here. */
function endOf(text: string, from: number, words: readonly string[]): number | undefined {
  let at = from;
  for (const [index, word] of words.entries()) {
    if (index > 0) {
      const start = at;
      while (text[at] === ' ' || text[at] === '\t') at++;
      if (at === start) return undefined;
    }
    if (!text.startsWith(word, at)) return undefined;
    at += word.length;
  }
  return /[\w.:/@-]/.test(text[at] ?? ' ') ? undefined : at;
}

function scriptsOf(text: string): Span | undefined {
  const from = /"scripts"\s*:\s*\{/.exec(text)?.index;
  if (from === undefined) return undefined;
  const to = text.indexOf('}', from);
  return { from, to: to < 0 ? text.length : to };
}
