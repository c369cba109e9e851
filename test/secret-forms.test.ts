/** What measures how much of secrets is taken out must itself be as it says: test/fixtures/secret-forms.ts. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { describe, expect, it } from 'vitest';
import { plantedForms, splitForms } from './fixtures/secret-forms';

const seeds = [1, 2, 20_260_304];
const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));
const sources = [
  'secret-forms.ts',
  ...readdirSync(path.join(fixtures, 'secret-forms')).map((name) => `secret-forms/${name}`),
].map((name) => ({ name, text: readFileSync(path.join(fixtures, name), 'utf8') }));

const countForms = (texts: { form: string }[]) => new Set(texts.map(({ form }) => form)).size;

async function scan(text: string): Promise<number> {
  const rules = [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }];
  const { messages } = await lintSource({
    source: { filePath: 'a.ts', content: text, contentType: 'text' },
    options: { config: { rules } },
  });
  return messages.length;
}

/** Runs of letters and digits as long as the shortest tokens; a number with words around it has fewer digits. */
const findTokens = (text: string) =>
  [...text.matchAll(/[\w+/=-]{20,}/g)].map(([run]) => run).filter((run) => run.replace(/\D/g, '').length > 3);

describe('texts with planted secrets', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(plantedForms(7)).toEqual(plantedForms(7));
    const others = new Set(plantedForms(8).map(({ text }) => text));
    expect(plantedForms(7).filter(({ text }) => others.has(text))).toEqual([]);
  });

  it.each(seeds)('are many, in many forms: seed %i', (seed) => {
    const texts = plantedForms(seed);
    expect(new Set(texts.map(({ text }) => text)).size).toBeGreaterThanOrEqual(2000);
    expect(countForms(texts.filter(({ group }) => group === 'named'))).toBeGreaterThanOrEqual(150);
    expect(countForms(texts.filter(({ group }) => group === 'shape'))).toBeGreaterThanOrEqual(85);
  });

  it.each(seeds)('hold their secret once, and more of it than chance would leave: seed %i', (seed) => {
    const wrong = plantedForms(seed).filter(({ text, secret }) => text.split(secret).length !== 2 || secret.length < 5);
    expect(wrong).toEqual([]);
  });

  it('name a form in one group only, and each form as often as the others', () => {
    const counts = new Map<string, number>();
    for (const { group, form } of plantedForms(3)) {
      counts.set(`${group} ${form}`, (counts.get(`${group} ${form}`) ?? 0) + 1);
    }
    expect(counts.size).toBe(countForms(plantedForms(3)));
    expect(new Set(counts.values()).size).toBe(1);
  });

  it('have no undefined part and no unfilled gap', () => {
    expect(plantedForms(4).filter(({ text }) => /undefined|\[object|\$\{[a-z]+\}/.test(text))).toEqual([]);
  });

  it('are cut in two by their forms', () => {
    const texts = plantedForms(5);
    const { seen, heldOut } = splitForms(texts, 9);
    expect(splitForms(texts, 9)).toEqual({ seen, heldOut });
    expect(splitForms(texts, 10).seen).not.toEqual(seen);
    expect(seen.length + heldOut.length).toBe(texts.length);
    expect(Math.min(seen.length, heldOut.length)).toBeGreaterThan(texts.length / 3);
    const names = new Set(seen.map(({ form }) => form));
    expect(heldOut.filter(({ form }) => names.has(form))).toEqual([]);
  });
});

describe('the sources of planted secrets', () => {
  it.each(sources)('$name holds no complete token', async ({ text }) => {
    expect(await scan(text)).toBe(0);
    expect(findTokens(text)).toEqual([]);
  });

  it('would be seen with one', async () => {
    const token = plantedForms(6).find(({ form, kind }) => form.startsWith('GitHub') && kind === 'alone')?.text ?? '';
    expect(await scan(token)).toBeGreaterThan(0);
    expect(findTokens(token)).not.toEqual([]);
  });
});
