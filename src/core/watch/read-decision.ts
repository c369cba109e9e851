/**
 * What of a learning can be checked. Read by rules in its words: something that must not be used, in place of something
 * else or at all, and where. A condition, or a place that is not clear, is not read: nothing is proposed unless it is sure.
 */
import type { Predicate, PredicateKind } from '../../protocol/watch';
import { regex } from '../lib/regex';
import { commandNames, languageWords, libraryNames, packageManagers } from './known-names';

/** Predicates of one learning. */
const most = 6;
const longest = 400;

/** Holds sometimes only. */
const conditional = regex('iu')`
  \?\s*$|\b(?:if|when|whenever|unless|except|until|while|without|only for|for now|temporarily|sometimes|usually|may|might|
  consider|try|could)\b|(?<!\p{L})(?:wenn|falls|außer|ohne|sauf|sans|salvo|sin)(?!\p{L})|如果|除非|除了|的时候|暂时
`;

/** In backticks, in quotes, or a word. */
const term = String.raw`(?:\x60([^\x60\n]{1,80})\x60|"([^"\n]{1,80})"|([@\w$][\w$./@-]{0,60}(?:\(\))?))`;
const article = String.raw`(?:the |a |an |any |our )?`;
const between = [
  String.raw`,?\s*(?:instead of|rather than|in place of|and not|not|never|over|statt|anstatt|anstelle von|au lieu de|`,
  String.raw`plutôt que|en lugar de|en vez de)\s+(?:use |using |use the )?`,
].join('');
const wanted = [
  String.raw`(?:use[ds]?|using|prefer|import|call|choose|chose|run|install|write|with|decided on|settled on|`,
  String.raw`nutze|benutze|verwende|utilise|usa|utiliza)\s+`,
].join('');

const instead = new RegExp(
  `\\b${wanted}${article}${term}(?:\\s+(?:library|package|module|api|command))?${between}${article}${term}`,
  'iu',
);
const replaced = new RegExp(
  `\\b(?:replaced?|migrated?|moved?|switched)\\s+(?:from\\s+)?${article}${term}\\s+(?:with|by|to)\\s+${article}${term}`,
  'iu',
);
const chinese = new RegExp(
  `(?:使用|用|采用)\\s*${term}\\s*[,，]?\\s*(?:代替|替代|取代|而不是|不要用|不要使用|不用)\\s*${term}`,
  'u',
);
const forbidden = new RegExp(
  [
    String.raw`\b(?:never|do not|don['’]t|must not|mustn['’]t|should not|shouldn['’]t|avoid|stop|no longer|`,
    String.raw`we (?:do not|don['’]t))\s+(?:ever\s+)?(?:(use|using|import|importing|add|adding|call|calling|run|running|`,
    String.raw`install|installing|depend on|depending on|write|writing|require|requiring)\s+)?`,
    article,
    term,
  ].join(''),
  'iu',
);
const nothing = new RegExp(
  String.raw`^(?:there (?:must|should) be )?no\s+(?:more\s+)?(?:(imports?|use|calls?)\s+(?:of|to)\s+)?${term}`,
  'iu',
);
const chineseForbidden = new RegExp(
  `(?:不要|别|禁止|不许|不能|不得|避免)(?:再)?(使用|用|导入|引入|引用|安装|调用|运行|执行|写|添加)?\\s*${term}`,
  'u',
);
const manager = regex('i')`
  \b(?:use|uses|using|with|prefer)\s+(?:\x60(npm|pnpm|yarn|bun)\x60|(npm|pnpm|yarn|bun)(?![\w-])
  (?!\s+(?:ci|i|install|run|test|start|build|add|exec|publish|audit)\b))
`;

/** Behind a term: where it holds. */
const place = new RegExp(
  [
    String.raw`\b(?:in|inside|under|within|below|for)\s+(?:the\s+|our\s+|all\s+)?(?:files? (?:in|under)\s+)?`,
    String.raw`(?:\x60([^\x60\n]{1,120})\x60|((?:[\w.@*-]+\/)+[\w.*-]*|\*\.\w+)|(\w+))(?:\s+(folder|directory|module))?`,
  ].join(''),
  'iu',
);
const everywhere = /^(?:this|our|the)?\s*(?:project|repo(?:sitory)?|codebase|code|here|app|source|production)$/i;

interface Banned {
  subject: string;
  verb: string;
  instead: string;
}

export function readDecision({ title, description }: { title: string; description: string }): Predicate[] {
  const sentences = `${title}\n${description}`
    .split(/(?<=[.!?。！？])\s+|\n+|[;；]/)
    .filter((each) => each.length <= longest)
    .map(plain);
  const found = [...new Set(sentences)].filter((each) => each !== '').flatMap(predicatesIn);
  const seen = new Set<string>();
  return found
    .filter(({ kind, subject, files }) => {
      const key = `${kind} ${subject} ${files}`;
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    })
    .slice(0, most);
}

const plain = (text: string): string =>
  text
    .replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '')
    .replace(/(?<![\w/\x60])\*\*|\*\*(?![\w/\x60])/g, '')
    .replace(/[.。!！]+\s*$/, '')
    .trim();

function predicatesIn(sentence: string): Predicate[] {
  if (conditional.test(sentence)) return [];
  return bannedIn(sentence).flatMap((banned) => {
    // One library in place of another is "for dates" as a whole; a ban "for uploads" is a condition.
    const isPurpose = banned.instead !== '' && libraryNames.has(banned.subject);
    const files = placeIn(isPurpose ? sentence.replace(/\bfor\s+(?![\x60./])[^,;]*$/i, '') : sentence);
    return files === undefined
      ? []
      : kindsOf(banned, sentence).map((kind) => ({ ...predicateOf(kind, banned), files }));
  });
}

function predicateOf(kind: PredicateKind, { subject, instead: other }: Banned): Omit<Predicate, 'files'> {
  // `eval()` is called with something.
  return {
    kind,
    subject: kind === 'text' ? subject.replace(/\(\)$/, '(') : subject,
    instead: kind === 'text' ? other.replace(/\(\)$/, '(') : other,
    isRegex: false,
  };
}

function bannedIn(sentence: string): Banned[] {
  const pair = instead.exec(sentence) ?? chinese.exec(sentence);
  if (pair) return [{ subject: termOf(pair, 4), verb: verbIn(sentence), instead: termOf(pair, 1) }];
  const moved = replaced.exec(sentence);
  if (moved) return [{ subject: termOf(moved, 1), verb: verbIn(sentence), instead: termOf(moved, 4) }];
  const banned = forbidden.exec(sentence) ?? nothing.exec(sentence) ?? chineseForbidden.exec(sentence);
  if (banned) return [{ subject: termOf(banned, 2), verb: (banned[1] ?? verbIn(sentence)).toLowerCase(), instead: '' }];
  const used = manager.exec(sentence)?.slice(1).find(Boolean)?.toLowerCase();
  const others = packageManagers.filter((each) => each !== used && !new RegExp(`\\b${each}\\b`, 'i').test(sentence));
  return used === undefined || others.length < packageManagers.length - 1
    ? []
    : others.map((subject) => ({ subject, verb: 'run', instead: used }));
}

const termOf = (match: RegExpExecArray, first: number): string =>
  (match[first] ?? match[first + 1] ?? match[first + 2] ?? '').trim().replace(/[.,;:]+$/, '');

const verbIn = (sentence: string): string =>
  /\b(import|install|depend|run|call)/i.exec(sentence)?.[1]?.toLowerCase() ?? 'use';

/** A glob; empty for everywhere; undefined when a place is named that is not clear. */
function placeIn(sentence: string): string | undefined {
  const found = place.exec(sentence);
  if (!found) return '';
  const [, quoted, path, word, folder] = found;
  if (word !== undefined && folder === undefined) {
    const rest = sentence.slice(found.index).replace(/^(?:in|inside|under|within|below|for)\s+/i, '');
    return everywhere.test(rest) || everywhere.test(word) ? '' : undefined;
  }
  const named = (quoted ?? path ?? word ?? '').replace(/^\.?\//, '');
  if (!/^[\w.@*/-]+$/.test(named)) return undefined;
  if (/\*/.test(named)) return named;
  if (/\.\w{1,8}$/.test(named) && !named.endsWith('/')) return named.includes('/') ? `**/${named}` : named;
  return `**/${named.replace(/\/$/, '')}/**`;
}

const librarySigns = /\b(?:librar(?:y|ies)|packages?|dependenc(?:y|ies)|modules?|imports?)\b|依赖|库|包|模块/i;
const packageName = /^@?[a-z0-9][\w.-]*(?:\/[\w.-]+)*$/;

/** As what it can be found; nothing when that is not clear. */
function kindsOf({ subject, verb, instead: other }: Banned, sentence: string): PredicateKind[] {
  if (subject.length < 2 || subject === other) return [];
  const [first = ''] = subject.split(' ');
  const isQuoted = sentence.includes(`\`${subject}\``);
  if (/^(?:import|require|导入|引入|引用)/.test(verb)) return isPackage(subject) ? ['import'] : [];
  if (/^(?:install|depend|add|安装|添加)/.test(verb) && !subject.includes(' '))
    return isPackage(subject) && (libraryNames.has(subject) || librarySigns.test(sentence) || isQuoted)
      ? ['import', 'dependency']
      : [];
  if (commandNames.has(first) && !(libraryNames.has(first) && librarySigns.test(sentence))) return ['command'];
  if (/^(?:run|运行|执行)/.test(verb)) return isQuoted ? ['command'] : [];
  if (isPackage(subject) && (libraryNames.has(subject) || librarySigns.test(sentence) || /^@[\w-]+\//.test(subject)))
    return ['import', 'dependency'];
  if (subject.includes(' ') && !isQuoted) return [];
  return isCode(subject, isQuoted) ? ['text'] : [];
}

const isPackage = (subject: string): boolean => packageName.test(subject) && !languageWords.has(subject);

/** A name of code, or what stands in backticks. A plain word without them may be any word. */
const isCode = (subject: string, isQuoted: boolean): boolean =>
  isQuoted || /\(\)$|[a-z][A-Z]|^\w+(?:\.\w+)+$|_\w/.test(subject);
