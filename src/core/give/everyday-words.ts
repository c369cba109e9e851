/**
 * Words that developers use about anything. In a young memory they are as rare as the words of a subject, so that their
 * frequency alone would take "add a test" for a subject.
 */
import { tokensOf } from '../index/tokenize';

const words = `
  add again all also answer any ask back bad before begin better big both break bug build call can case change
 check clean close code come command commit compile continue copy correct could create current debug default delete
 detail different do document done each edit end error every example exist expect explain fail failing
 feature file find fine first fix folder follow get give go good great hello help here how implement important
 improve include install issue just keep kind know last later let like line list little long look
 main make many maybe mean merge more most move much name need new next nice now ok old once
 one only open option other part please possible problem pull push put
 question quick read ready really refactor release remove rename replace repo repository review
 right root run same save say script second see seem send setup should show simple small some
 something start step still stop style sure take tell test text thank thanks that there thing
 think time today together tool try turn type undo update use wait want way well what when
 where which while why without word work works wrong write yes yet
`;

/** The naming of files and the timing of a job are subjects, as nouns are. */
const subjects = new Set(['naming', 'timing']);
/** As they are written: "delete" is said of anything, "deletion" is a subject, though both have one stem. */
const everydayForms: ReadonlySet<string> = new Set(
  words
    .trim()
    .split(/\s+/)
    .flatMap((word) => {
      const [stem, plural] = [word.replace(/e$/, ''), word.replace(/y$/, 'ie')];
      const double = `${word}${word.at(-1)}`;
      return [
        word,
        `${plural}s`,
        `${word}es`,
        `${plural}d`,
        ...[stem, double].flatMap((each) => [`${each}ed`, `${each}ing`]),
      ];
    })
    .filter((form) => !subjects.has(form)),
);

export const isEverydayForm = (word: string): boolean => everydayForms.has(word.toLowerCase());

export const everydayTerms: ReadonlySet<string> = new Set(tokensOf(words).map(({ term }) => term));
