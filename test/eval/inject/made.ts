/**
 * A generated history with decisions, some amended or reversed later, in two projects that decided the same things
 * differently, and questions about them with what must and must not be given. The same seed gives the same.
 */
import path from 'node:path';
import { Transcript, sessionId, writeTranscript } from '../../fixtures/transcript-lines';
import { randomFrom } from '../../torture/random';
import type { Random } from '../../torture/random';
import { aspects, everydayPrompts, things } from './subjects';
import type { Aspect, Thing } from './subjects';

export type CaseKind = 'positive' | 'reworded' | 'amended' | 'everyday' | 'unknown' | 'unanswerable';

export interface InjectCase {
  kind: CaseKind;
  prompt: string;
  folder: string;
  /** Sessions of which at least one must be given; none for what must give nothing. */
  gold: string[];
  /** What the gold amends: must come after it. */
  superseded: string[];
  /** What it asks for; without a value, nothing was decided about it. */
  subject?: { thing: string; aspect: string; value?: string };
}

export interface MadeHistory {
  cases: InjectCase[];
  /** Sessions by the folder they ran in. */
  folderOf: Map<string, string>;
  now: number;
}

const folders = ['/work/orchard', '/work/harbour'] as const;
const begin = Date.UTC(2026, 5, 1, 9);
const dayMs = 86_400_000;
const decided = 26;
const chats = 24;

export async function makeHistory(configDir: string, seed: number): Promise<MadeHistory> {
  const random = randomFrom(seed);
  const pairs = shuffled(
    random,
    things.flatMap((thing) => aspects.map((aspect) => ({ thing, aspect }))),
  );
  const subjects = pairs.slice(0, decided);
  const unknown = pairs.slice(decided);
  const made: MadeHistory = { cases: [], folderOf: new Map(), now: begin + 170 * dayMs };
  let sessions = 0;
  const open = (cwd: string, day: number) => {
    const id = sessionId(seed * 1000 + ++sessions);
    made.folderOf.set(id, cwd);
    return new Transcript(id, { cwd, startedAt: begin + day * dayMs + random.below(8) * 3_600_000 });
  };
  const write = (cwd: string, transcript: Transcript) =>
    writeTranscript(configDir, transcript.sessionId, transcript, path.basename(cwd));
  for (const cwd of folders) {
    for (const [number, { thing, aspect }] of subjects.entries()) {
      const values = shuffled(random, aspect.values);
      const day = 3 + random.below(90);
      const first = open(cwd, day);
      decide(random, first, thing, aspect, values[0]!);
      await write(cwd, first);
      const isAmended = number % 5 === 0;
      const later = open(cwd, day + 20 + random.below(40));
      if (isAmended) {
        amend(random, later, thing, aspect, values[0]!, values[1]!);
        await write(cwd, later);
      }
      const gold = [isAmended ? later.sessionId : first.sessionId];
      const superseded = isAmended ? [first.sessionId] : [];
      const subject = { thing: thing.name, aspect: aspect.name, value: values[isAmended ? 1 : 0]! };
      const add = (kind: CaseKind, prompt: string) =>
        made.cases.push({ kind, prompt, folder: cwd, gold, superseded, subject });
      add(isAmended ? 'amended' : 'positive', asked(random, thing.name, aspect.name, aspect.symptom));
      if (!isAmended) add('reworded', reworded(random, thing, aspect));
    }
    for (let count = 0; count < chats; count++) {
      const chat = open(cwd, random.below(160));
      chatter(random, chat);
      await write(cwd, chat);
    }
    const none = { folder: cwd, gold: [], superseded: [] };
    for (const prompt of everydayPrompts) made.cases.push({ kind: 'everyday', prompt, ...none });
    const known = new Set(subjects.flatMap(({ thing, aspect }) => [thing, aspect]));
    // Neither the thing nor the aspect was ever spoken of; and both were, but not together.
    for (const { thing, aspect } of unknown
      .filter((pair) => !known.has(pair.thing) && !known.has(pair.aspect))
      .slice(0, 10))
      made.cases.push({
        kind: 'unknown',
        prompt: asked(random, thing.name, aspect.name, aspect.symptom),
        ...none,
        subject: { thing: thing.name, aspect: aspect.name },
      });
    for (const prompt of strangeSubjects) made.cases.push({ kind: 'unknown', prompt, ...none });
    for (const { thing, aspect } of unknown
      .filter((pair) => known.has(pair.thing) && known.has(pair.aspect))
      .slice(0, 15))
      made.cases.push({
        kind: 'unanswerable',
        prompt: asked(random, thing.name, aspect.name, aspect.symptom),
        ...none,
        subject: { thing: thing.name, aspect: aspect.name },
      });
  }
  return made;
}

const strangeSubjects = [
  'The checkout carousel flickers on Safari when the viewport is rotated.',
  'Our Terraform plan wants to recreate the bastion subnet, why?',
  'Please port the physics solver from Fortran to Rust.',
  'The beekeeping module counts drones twice in the varroa survey.',
  'Users with a screen reader cannot leave the colour picker.',
  'Sentry reports a null pointer in the Bluetooth pairing dialog.',
];

function decide(random: Random, to: Transcript, thing: Thing, aspect: Aspect, value: string): void {
  to.prompt(
    pick(random, [
      `We have a problem: ${fill(aspect.symptom, thing.name)}. What should the ${aspect.name} of the ${thing.name} be?`,
      `Support complains that ${fill(aspect.symptom, thing.name)}. Let's decide the ${aspect.name} for the ${thing.name}.`,
      `Before we ship: ${fill(aspect.symptom, thing.name)}. I want a rule for the ${aspect.name} of the ${thing.name}.`,
    ]),
  );
  to.tool('Read', { file_path: thing.file }, `export const ${words(thing.name)} = {};`);
  to.answer(
    pick(random, [
      `I looked at ${thing.file}. One option is ${aspect.values.at(-1) ?? ''}; the other one is ${value}.`,
      `In ${thing.file} nothing is set. I would propose ${value}, because it is the simplest.`,
    ]),
  );
  to.prompt(pick(random, [`Use ${value}, please.`, `${value} it is.`, `Then ${value}. Write that down.`]));
  to.tool(
    'Edit',
    { file_path: thing.file, old_string: '{}', new_string: `{ ${words(aspect.name)}: '${value}' }` },
    'ok',
  );
  to.answer(
    pick(random, [
      `Settled: the ${aspect.name} of the ${thing.name} is ${value}.`,
      `Done. The ${thing.name} now has ${value} as its ${aspect.name}.`,
      `Understood: for the ${thing.name} the ${aspect.name} is ${value} from here on.`,
    ]),
  );
}

function amend(random: Random, to: Transcript, thing: Thing, aspect: Aspect, old: string, value: string): void {
  to.prompt(
    pick(random, [
      `Amendment to the ${aspect.name} of the ${thing.name}: ${old} does not work with the new vendor, use ${value}.`,
      `We agreed on ${old} for the ${thing.name} some weeks ago. That no longer holds, the ${aspect.name} must be ${value}.`,
      `Let's reverse the decision about the ${aspect.name} of the ${thing.name}: ${value} instead.`,
    ]),
  );
  to.tool('Edit', { file_path: thing.file, old_string: old, new_string: value }, 'ok');
  to.answer(`The ${aspect.name} of the ${thing.name} is ${value} now; ${old} is gone.`);
}

function chatter(random: Random, to: Transcript): void {
  const name = pick(random, ['Button', 'Toolbar', 'Grid', 'Tooltip', 'Menu', 'Dialog', 'Stepper', 'Badge']);
  to.prompt(
    pick(random, [
      `The ${name} component needs a story with long labels.`,
      `Upgrade the ${name} to the new design tokens and fix the snapshot.`,
      `Write unit tests for the ${name} keyboard handling.`,
    ]),
  );
  to.tool('Bash', { command: 'npm test' }, ` Tests  ${20 + random.below(60)} passed`);
  to.answer(`The ${name} is done and all tests pass.`);
}

const asked = (random: Random, thing: string, aspect: string, symptom: string): string =>
  pick(random, [
    `It happens again that ${fill(symptom, thing)}. Please fix the ${aspect} of the ${thing}.`,
    `What did we say about the ${aspect} of the ${thing}?`,
    `Implement the ${aspect} for the ${thing} in the new service the way we decided.`,
    `${capital(fill(symptom, thing))}. A failing test is in test/regression.test.ts. Make it pass without breaking others.`,
  ]);

/** Half of the words are others: the thing, or the aspect with what goes wrong. */
const reworded = (random: Random, thing: Thing, aspect: Aspect): string =>
  random.once(2)
    ? pick(random, [
        `What did we choose as ${aspect.name} of the ${thing.other}? I mean that ${fill(aspect.symptom, thing.other)}.`,
        `${capital(fill(aspect.symptom, thing.other))}. Which ${aspect.name} did we want?`,
      ])
    : pick(random, [
        `Is there a rule for the ${aspect.other} of the ${thing.name}? ${capital(fill(aspect.otherSymptom, thing.name))}.`,
        `${capital(fill(aspect.otherSymptom, thing.name))}, see ${thing.file}.`,
      ]);

const fill = (text: string, thing: string): string => text.replaceAll('{thing}', thing);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const words = (name: string): string => name.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
const pick = <T>(random: Random, list: readonly T[]): T => list[random.below(list.length)]!;

function shuffled<T>(random: Random, list: readonly T[]): T[] {
  const mixed = [...list];
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [mixed[at], mixed[other]] = [mixed[other]!, mixed[at]!];
  }
  return mixed;
}
