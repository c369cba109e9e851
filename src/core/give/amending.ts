/**
 * Sentences that change something agreed earlier: an amendment, a reversal, what replaces it. Only words that say so
 * count, because most new decisions amend nothing.
 */
import { sentencesOf } from '../distil/reading/sentences';
import { tokensOf } from '../index/tokenize';
import { regex } from '../lib/regex';

/** Each language by itself, so that one can be added without reading the others. */
const amending: readonly RegExp[] = [
  regex('iu')`
    (?<!-)\b(?:amend(?:ment|ments|ed|ing|s)?|supersed(?:e|es|ed|ing)|overrul(?:e|es|ed|ing)|overrid(?:e|es|ing) (?:the|our|
    what|that)|revis(?:ed|ion of|ing) (?:the|our|that)|rescind(?:s|ed|ing)?)\b
  `,
  regex('iu')`
    (?<!\bno )\b(?:update|change|correction|tweak|exception|addendum)s? to (?:the|our|that|what) (?:\w+ ){0,3}(?:rule|
    decision|policy|convention|agreement|limit|default|plan|format|settled|agreed|decided|said|pinned)\b|\bchang(?:ed?|
    ing) (?:our|my) minds?\b
  `,
  regex('iu')`
    \b(?:reverse|revert|undo|drop|scrap|replace|revisit|loosen|tighten)(?:d|ed|ing|ped|ping)? (?:the|our|that|last|
    yesterday's) [\w' -]{0,40}\b(?:rule|decision|policy|convention|agreement|choice|limit|default|plan|approach|format)\b
  `,
  regex('iu')`
    \b(?:we|i|you) (?:settled|agreed|decided|said|pinned) [\w' -]{0,50}\b(?:(?:a while|some time|last|days?|weeks?|
    months?) (?:back|ago|week|month|time)|earlier|before|previously|originally)\b
  `,
  /\bno longer (?:true|holds?|applies|valid|the rule|the case|want)\b/iu,
  /\b(?:old|previous|earlier|former|original) (?:rule|decision|policy|cap|limit|convention|agreement|wording|threshold)\b/iu,
  /\bfrom now on [\w' -]{0,60}\b(?:instead|rather than|not)\b/iu,
  /\binstead of (?:what|the \w+) we (?:said|agreed|decided|had|settled)\b/iu,
  regex('iu')`
    \b(?:ändern wir|geändert(?:e[rsn]?)? (?:regel|entscheidung|vorgabe)|ersetzt die|(?:alte|frühere|bisherige)[rn]? (?:regel|
    entscheidung|grenze|vorgabe)|gilt nicht mehr|nicht mehr (?:gültig|so)|nachtrag zu|doch (?:nicht|anders)|
    anders als (?:besprochen|vereinbart|beschlossen))\b
  `,
  regex('iu')`
    \b(?:modifi(?:ons|é|cation) (?:la|à la|de la) (?:règle|décision|convention)|remplace (?:la|l'ancienne)|ancienne? (?:règle|
    décision|limite)|n(?:e|')est plus (?:valable|vrai|la règle)|changé d'avis|contrairement à ce qu)
  `,
  regex('iu')`
    \b(?:cambiamos (?:la|el) (?:regla|decisión|límite)|reemplaza (?:la|el)|(?:regla|decisión|límite) anterior|ya no (?:vale|
    aplica|es)|enmienda|cambi(?:é|amos) de (?:idea|opinión))\b
  `,
  new RegExp(
    [
      '修订|取代|推翻|修正(?:之前|原来|上次)|不再(?:适用|有效|使用)|改变(?:之前|原来)的?(?:规则|决定|约定)',
      '(?:之前|原来|上次)(?:定|说|约定)的.{0,20}(?:改|换|不)',
    ].join('|'),
    'u',
  ),
  new RegExp(
    [
      '撤回|改訂|取り消し|もう(?:適用|有効).{0,6}ない',
      '(?:以前|前回|先日)の(?:ルール|決定|方針).{0,20}(?:変更|廃止|置き換)',
    ].join('|'),
    'u',
  ),
];

/** Words that say that something is amended and not what: they make two amendments of different things alike. */
export const amendingTerms: ReadonlySet<string> = new Set(
  tokensOf(
    `amend amendment supersede superseding rule decision policy convention agreement agree agreed settled decided said
    reverse revert longer hold holds applies valid old previous earlier before former original instead week weeks month
    ago while yesterday update change changed mind work new understood noted now going forward`,
  ).map(({ term }) => term),
);

/**
 * The first sentence of a turn that amends something earlier. In an answer only the plainest words count: it also tells
 * what was changed in the code.
 */
export function amendingSentence(prompt: string, answer: string): string | undefined {
  return findIn(prompt, amending) ?? findIn(answer, amending.slice(0, 1));
}

/** Most texts have no such words at all, and cutting one into sentences takes much longer than looking for them. */
const findIn = (text: string, rules: readonly RegExp[]): string | undefined =>
  rules.some((rule) => rule.test(text)) ? sentenceIn(text, rules) : undefined;

const sentenceIn = (text: string, rules: readonly RegExp[]): string | undefined =>
  sentencesOf(text).find(({ text: words }) => !/[?？]\s*$/.test(words) && rules.some((rule) => rule.test(words)))?.text;
