import { afterEach, describe, expect, it } from 'vitest';
import translations from '../../l10n/webview-words.json';
import { getLanguage, setWords, t } from './words';

afterEach(() => setWords('en', {}));

describe('t', () => {
  it('gives the English text when there is no translation', () => {
    expect(t('Nothing found')).toBe('Nothing found');
  });

  it('translates and fills in places in the order of the translation', () => {
    setWords('zh-cn', { '{0} of {1}': '共 {1} 项，第 {0} 项' });
    expect(t('{0} of {1}', 2, 9)).toBe('共 9 项，第 2 项');
  });

  it('leaves a place nobody filled as it is, and does not fill in what was filled in', () => {
    expect(t('{0} of {1}', '{1}')).toBe('{1} of {1}');
  });

  it('does not mistake properties of objects for translations', () => {
    expect(t('constructor')).toBe('constructor');
  });

  it('falls back to English formats for a language that Intl does not know', () => {
    setWords('!!', {});
    expect(getLanguage()).toBe('en');
  });
});

describe('the dictionary', () => {
  const sources = Object.entries(import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.*', '!./words.ts'], { query: '?raw', import: 'default', eager: true }));
  const used = new Set(sources.flatMap(([, source]) => findLiterals(source)));
  const words: Record<string, string> = translations;

  it('finds literals at all', () => {
    expect(findLiterals(`t('one') + x.t('no') + t(\n  'it\\'s two', 3)`)).toEqual(['one', "it's two"]);
    expect(used.size).toBeGreaterThan(100);
  });

  it('has only literal texts to translate', () => {
    const others = sources.flatMap(([file, source]) => (source.match(/(?<![\w.])t\((?!\s*')[^)]{0,40}/g) ?? []).map((call) => `${file}: ${call}`));
    expect(others).toEqual([]);
  });

  it('has a translation of every text and no other', () => {
    expect(Object.keys(words).toSorted()).toEqual([...used].toSorted());
    expect(Object.entries(words).filter(([, translated]) => translated.trim() === '')).toEqual([]);
  });

  it('keeps the places of every text', () => {
    const places = (text: string) => (text.match(/\{\d+\}/g) ?? []).toSorted();
    expect(Object.entries(words).filter(([english, translated]) => places(english).join() !== places(translated).join())).toEqual([]);
  });
});

function findLiterals(source: string): string[] {
  return [...source.matchAll(/(?<![\w.])t\(\s*'((?:[^'\\]|\\.)*)'/g)].map((match) => (match[1] ?? '').replace(/\\(.)/g, '$1'));
}
