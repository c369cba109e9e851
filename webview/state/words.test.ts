import { afterEach, describe, expect, it } from 'vitest';
import translations from '../../l10n/webview-words.json';
import { evidenceMessages } from '../../src/protocol/learning';
import { taskErrors } from '../../src/protocol/task-errors';
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
  const sources = Object.entries(
    import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.*', '!./words.ts'], {
      query: '?raw',
      import: 'default',
      eager: true,
    }),
  );
  const words: Record<string, string> = translations;
  // The texts of a diagnosis are in the sources of keeper and hooks, and translated here.
  const rules = import.meta.glob<string>(['../../src/core/care/*rules.ts', '../../src/hook/install/hook-rules.ts'], {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  const closed = import.meta.glob<string>(['../../src/extension/page/doctor-api.ts'], {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  const messages = [
    ...Object.values(rules).flatMap(findMessages),
    ...Object.values(closed).flatMap(findClosedMessages),
  ];
  const used = new Set(
    sources
      .flatMap(([, source]) => findLiterals(source))
      .concat(messages, Object.values(taskErrors), Object.values(evidenceMessages)),
  );

  it('finds literals at all', () => {
    expect(findLiterals(`t('one') + x.t('no') + t(\n  'it\\'s two', 3)`)).toEqual(['one', "it's two"]);
    expect(used.size).toBeGreaterThan(100);
  });

  it('has only literal texts to translate', () => {
    const others = sources.flatMap(([file, source]) =>
      (source.match(/(?<![\w.])t\((?!\s*')[^)]{0,40}/g) ?? []).map((call) => `${file}: ${call}`),
    );
    expect(others).toEqual([]);
  });

  it('has a translation of every text and no other', () => {
    expect(Object.keys(words).toSorted()).toEqual([...used].toSorted());
    expect(Object.entries(words).filter(([, translated]) => translated.trim() === '')).toEqual([]);
  });

  it('keeps the places of every text', () => {
    expect(Object.entries(words).filter(([english, translated]) => !hasSamePlaces(english, translated))).toEqual([]);
  });

  it('knows every message of a diagnosis', () => {
    expect(messages.length).toBeGreaterThan(30);
    expect(messages).toContain('{0} of {1} sessions accounted for; {2} exist only here');
    expect(messages).toContain('The memory cannot be opened: {0}');
    expect(judgeMessages(messages, words)).toEqual([]);
  });

  it('would miss a message that nobody translated, or whose places were lost', () => {
    const planted = findMessages(
      `new: () => find('store.new', 'error', 'A new finding of {0} bytes.', [1]),\n other: () => ` +
        `find('a.b', n ? 'ok' : 'note', n ? 'One.' : 'It\\'s two {0}.')`,
    );
    expect(planted).toEqual(['A new finding of {0} bytes.', "It's two {0}."]);
    expect(judgeMessages(planted, { ...words, 'A new finding of {0} bytes.': '新的发现。' })).toEqual(planted);
  });
});

/** Sentences in the rules: quoted texts that begin with a capital or a placeholder and contain a space. */
function findMessages(source: string): string[] {
  return [...source.matchAll(/'((?:[^'\\\n]|\\.)*)'/g)]
    .map((match) => (match[1] ?? '').replace(/\\(.)/g, '$1'))
    .filter((text) => /^[A-Z{].* /.test(text));
}

function findClosedMessages(source: string): string[] {
  return [...source.matchAll(/message: '([^']+)'/g)].map((match) => match[1] ?? '');
}

/** Messages without a translation that has the same placeholders. */
function judgeMessages(messages: readonly string[], words: Readonly<Record<string, string>>): string[] {
  return messages.filter((message) => !hasSamePlaces(message, words[message] ?? ''));
}

function hasSamePlaces(english: string, translated: string): boolean {
  const places = (text: string) => (text.match(/\{\d+\}/g) ?? []).toSorted().join();
  return translated.trim() !== '' && places(english) === places(translated);
}

function findLiterals(source: string): string[] {
  return [...source.matchAll(/(?<![\w.])t\(\s*'((?:[^'\\]|\\.)*)'/g)].map((match) =>
    (match[1] ?? '').replace(/\\(.)/g, '$1'),
  );
}
