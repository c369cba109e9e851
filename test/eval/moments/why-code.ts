/** Made-up code in three languages, with the lines that stand in every file. The same numbers give the same code. */

export type Chance = () => number;

/** A generator of numbers from 0 to 1; the same seed gives the same row. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const among = (chance: Chance, most: number): number => Math.floor(chance() * most);
export const oneOf = <T>(chance: Chance, all: readonly T[]): T => all[among(chance, all.length)]!;

const nouns =
  'cart order price zone budget ledger client parcel invoice ticket session cursor batch token queue route heron orchard ' +
  'branch tariff refund voucher shelf basket stock customer courier depot label weight';
const verbs =
  'load save merge split check count send read build parse close open find drop keep move pick list sort fill';
const parts = 'total items rows state limit index retries amount rate status parent owner region offset';
const [nounList, verbList, partList] = [nouns, verbs, parts].map((words) => words.split(' ')) as [
  string[],
  string[],
  string[],
];

export type Language = 'ts' | 'py' | 'go';

export function beginningOf(chance: Chance, language: Language): string[] {
  const noun = oneOf(chance, nounList);
  return {
    ts: ["import path from 'node:path';", `import { ${noun}Of } from './${noun}';`, ''],
    py: ['import os', 'import json', `from shop import ${noun}`, ''],
    go: [`package ${noun}`, '', 'import (', '\t"fmt"', '\t"errors"', ')', ''],
  }[language];
}

const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

/** A function, with an empty line behind it. */
export function blockOf(chance: Chance, language: Language): string[] {
  const pick = () => oneOf(chance, nounList);
  const [noun, other, part, verb, call] = [
    pick(),
    pick(),
    oneOf(chance, partList),
    oneOf(chance, verbList),
    oneOf(chance, verbList),
  ];
  const name = `${verb}${capital(noun)}${chance() < 0.6 ? capital(part) : ''}`;
  const limit = 1 + among(chance, 90);
  const steps = Array.from({ length: 1 + among(chance, 3) }, () => stepOf(chance, language, noun, other)).flat();
  if (language === 'ts')
    return [
      ...(chance() < 0.4 ? [`/** ${capital(call)}s the ${part} of a ${noun} before the ${other}. */`] : []),
      `export function ${name}(${noun}: ${capital(noun)}, ${part} = ${limit}): ${capital(other)} | null {`,
      `  const ${other} = ${call}${capital(other)}(${noun}.${part});`,
      `  if (!${other}) {`,
      '    return null;',
      '  }',
      ...steps,
      `  return ${other};`,
      '}',
      '',
    ];
  if (language === 'py')
    return [
      `def ${verb}_${noun}_${part}(${noun}, ${part}=${limit}):`,
      ...(chance() < 0.4 ? [`    """${capital(call)} the ${part} of a ${noun} before the ${other}."""`] : []),
      `    ${other} = ${call}_${other}(${noun}.${part})`,
      `    if ${other} is None:`,
      '        return None',
      ...steps,
      `    return ${other}`,
      '',
    ];
  return [
    `func ${capital(name)}(${noun} *${capital(noun)}, ${part} int) (*${capital(other)}, error) {`,
    `\t${other}, err := ${call}${capital(other)}(${noun}.${capital(part)}, ${limit})`,
    '\tif err != nil {',
    '\t\treturn nil, err',
    '\t}',
    ...steps,
    `\treturn ${other}, nil`,
    '}',
    '',
  ];
}

/** Some lines inside of a function. */
export function stepOf(chance: Chance, language: Language, noun: string, other: string): string[] {
  const [part, verb, word] = [oneOf(chance, partList), oneOf(chance, verbList), oneOf(chance, nounList)];
  const number = 2 + among(chance, 98);
  const text = `${verb} ${word} ${part} failed`;
  const kind = among(chance, 5);
  if (language === 'ts')
    return [
      [`  for (const ${word} of ${noun}.items) {`, `    ${verb}${capital(word)}(${word}, ${other}.${part});`, '  }'],
      [`  ${other}.${part} = Math.max(${number}, ${noun}.${part});`],
      [`  if (${noun}.${part} > ${number}) {`, `    throw new Error('${text}');`, '  }'],
      [
        '  try {',
        `    ${verb}${capital(word)}(${noun});`,
        '  } catch (error) {',
        `    log.warn('${text}', error);`,
        '  }',
      ],
      [`  const ${part}Of${capital(word)} = ${noun}.${part} + ${number};`],
    ][kind]!;
  if (language === 'py')
    return [
      [`    for ${word} in ${noun}.items:`, `        ${verb}_${word}(${word}, ${other}.${part})`],
      [`    ${other}.${part} = max(${number}, ${noun}.${part})`],
      [`    if ${noun}.${part} > ${number}:`, `        raise ValueError("${text}")`],
      ['    try:', `        ${verb}_${word}(${noun})`, '    except Exception:', '        pass'],
      [`    ${part}_of_${word} = ${noun}.${part} + ${number}`],
    ][kind]!;
  return [
    [
      `\tfor _, ${word} := range ${noun}.Items {`,
      `\t\t${verb}${capital(word)}(${word}, ${other}.${capital(part)})`,
      '\t}',
    ],
    [`\t${other}.${capital(part)} = max(${number}, ${noun}.${capital(part)})`],
    [`\tif ${noun}.${capital(part)} > ${number} {`, `\t\treturn nil, errors.New("${text}")`, '\t}'],
    [`\tif err := ${verb}${capital(word)}(${noun}); err != nil {`, '\t\treturn nil, err', '\t}'],
    [`\t${part}Of${capital(word)} := ${noun}.${capital(part)} + ${number}`],
  ][kind]!;
}

/** The line as somebody changes it: a number, a name, or more behind it. */
export function changedLine(chance: Chance, line: string): string {
  const number = /\d+/.exec(line);
  if (number && chance() < 0.5) return line.replace(number[0], `${Number(number[0]) + 1 + among(chance, 9)}`);
  const words = line.match(/[a-z]{4,}/g) ?? [];
  if (words.length > 0)
    return line.replace(oneOf(chance, words), `${oneOf(chance, partList)}${capital(oneOf(chance, nounList))}`);
  return `${line} // ${oneOf(chance, verbList)} ${oneOf(chance, nounList)}`;
}
