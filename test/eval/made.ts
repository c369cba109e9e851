/**
 * A generated coding history with questions of typical kinds: which session fixed this error, why is this file as it
 * is, what was the command, the same in other words, the same in a similar project, and what never happened.
 */
import { randomFrom } from '../bench/measure';
import { Transcript, sessionId } from '../fixtures/transcript-lines';
import { writeTranscriptFile } from './sets';
import type { Case, EvaluationSet, Question } from './sets';

/** The topic of a session, in its own words and in words it never uses. */
interface Topic {
  part: string;
  work: string;
  otherWords: string;
}

const topics: readonly Topic[] = [
  {
    part: 'login',
    work: 'reduce the latency of authentication by caching session tokens',
    otherWords: 'make signing in quicker',
  },
  { part: 'invoice', work: 'round totals half to even so that invoices add up', otherWords: 'bills are a cent off' },
  {
    part: 'upload',
    work: 'resume interrupted uploads from the last acknowledged chunk',
    otherWords: 'continue sending big attachments after the connection dropped',
  },
  {
    part: 'scheduler',
    work: 'stop two workers from claiming one job by a lease with a deadline',
    otherWords: 'the same task ran twice at once',
  },
  {
    part: 'search',
    work: 'debounce the query field and cancel stale requests',
    otherWords: 'typing floods the backend',
  },
  {
    part: 'export',
    work: 'stream rows to CSV instead of building one string',
    otherWords: 'downloading a spreadsheet eats all memory',
  },
  {
    part: 'sidebar',
    work: 'virtualise the tree so that thousands of nodes scroll smoothly',
    otherWords: 'navigation panel is sluggish with many entries',
  },
  {
    part: 'mailer',
    work: 'retry bounced messages with exponential backoff',
    otherWords: 'send again later when delivery fails',
  },
  {
    part: 'profile',
    work: 'validate avatars by their magic bytes',
    otherWords: 'reject pictures that are not really images',
  },
  {
    part: 'billing',
    work: 'make webhook handling idempotent by event id',
    otherWords: 'customers were charged more than once',
  },
  { part: 'router', work: 'preserve scroll position when going back', otherWords: 'page jumps to the top on return' },
  {
    part: 'parser',
    work: 'recover after a missing closing brace and report its line',
    otherWords: 'keep going when the syntax is broken',
  },
  {
    part: 'cache',
    work: 'evict by size in bytes rather than by entry count',
    otherWords: 'it keeps growing until the process dies',
  },
  {
    part: 'logger',
    work: 'mask bearer tokens before anything is written',
    otherWords: 'credentials leak into the output files',
  },
  {
    part: 'calendar',
    work: 'store instants in UTC and convert at the edge',
    otherWords: 'appointments shift by an hour in spring',
  },
  { part: 'checkout', work: 'lock stock rows while an order is placed', otherWords: 'we sold items that were gone' },
];
const projects = ['harbor', 'lantern', 'orchard', 'pebble', 'quill', 'saffron'];
const stems = [
  'Basket',
  'Ledger',
  'Beacon',
  'Cursor',
  'Domain',
  'Ember',
  'Flux',
  'Gasket',
  'Hinge',
  'Ingot',
  'Kettle',
  'Lattice',
  'Mantle',
  'Nozzle',
  'Orbit',
  'Prism',
  'Quarry',
  'Rivet',
  'Spindle',
  'Tunnel',
];
const roles = ['Service', 'Store', 'Client', 'Handler', 'Mapper', 'Queue', 'Guard', 'Codec'];
const errors: readonly ((name: string, number: number) => string)[] = [
  (name) => `TypeError: Cannot read properties of undefined (reading '${name}')`,
  (name, number) => `error TS2${number}: Property '${name}' does not exist on type 'Options'`,
  (name) => `ReferenceError: ${name} is not defined`,
  (name, number) => `AssertionError: expected ${name} to have length ${number}`,
  (_name, number) => `Error: listen EADDRINUSE: address already in use 127.0.0.1:${4000 + number}`,
  (name) => `panic: runtime error: invalid memory address or nil pointer dereference in ${name}`,
  (name) => `ModuleNotFoundError: No module named '${name.toLowerCase()}'`,
];
const commands: readonly ((name: string, number: number) => string)[] = [
  (name) => `npx vitest run src/${name}.test.ts --coverage`,
  (name, number) => `docker compose run --rm -p ${3000 + number}:80 ${name.toLowerCase()} migrate`,
  (name) => `git log -S ${name} --oneline -- src`,
  (name, number) => `pg_restore --jobs ${number % 9} --table ${name.toLowerCase()} backup.dump`,
  (name) => `kubectl rollout restart deployment/${name.toLowerCase()}-api`,
  (name) => `cargo test ${name.toLowerCase()} -- --nocapture`,
];
const reasons = [
  'because the old form lost updates',
  'since callers never awaited it',
  'to keep it free of side effects',
  'because two tabs may write at once',
  'so that a restart finds it again',
  'since the library dropped support',
];
const chatter = [
  'Let me look at how this works now.',
  'I will run the tests again.',
  'The build is green.',
  'Next I check who calls this.',
  'That was not the cause after all.',
  'I read the configuration first.',
];

export function makeSet(seed = 5): EvaluationSet {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const questions: Question[] = [];
  const written: { id: string; project: string; transcript: Transcript }[] = [];
  let count = 0;
  const add = (project: string, topic: Topic, twinOf?: string) => {
    const id = sessionId(50_000 + ++count);
    const gold = new Set([id]);
    const name = `${pick(stems)}${pick(roles)}`;
    const file = `/work/${project}/src/${topic.part}/${name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()}.ts`;
    const number = 100 + Math.floor(random() * 800);
    const error = pick(errors)(name, number);
    const command = pick(commands)(name, number);
    const reason = pick(reasons);
    const transcript = new Transcript(id, { cwd: `/work/${project}` });
    const noise = () =>
      transcript.tool(
        'Bash',
        { command: `rg -n ${pick(stems)} src` },
        Array.from(
          { length: 15 },
          () => `src/${pick(topics).part}/${pick(stems)}${pick(roles)}.ts: ${pick(topics).work}`,
        ).join('\n'),
      );
    transcript.prompt(`In ${project}, ${topic.work}.`);
    transcript.answer(pick(chatter));
    noise();
    transcript.tool('Bash', { command: 'npm test' }, `Exit code 1\n${error}\n    at ${file}:${number}`, {
      is_error: true,
    });
    transcript.answer(`The failure comes from ${name}. ${pick(chatter)}`);
    transcript.tool(
      'Edit',
      { file_path: file, old_string: `class ${name} {}`, new_string: `class ${name} { /* ${reason} */ }` },
      `The file ${file} has been updated.`,
    );
    transcript.answer(`I changed ${name} ${reason}.`);
    noise();
    transcript.tool('Bash', { command }, 'done');
    transcript.answer(`${pick(chatter)} All tests pass.`);
    written.push({ id, project, transcript });
    if (twinOf !== undefined)
      return questions.push({
        text: `${project} ${topic.work.split(' ').slice(0, 5).join(' ')}`,
        gold,
        part: 'near-duplicate projects',
      });
    if (count % 4 === 0) questions.push({ text: error, gold, part: 'error → fix' });
    if (count % 4 === 1)
      questions.push({
        text: `why is ${file.split('/').at(-1)} in ${topic.part} as it is`,
        gold,
        part: 'file → decision',
      });
    if (count % 4 === 2)
      questions.push({
        text: `how did we run ${command.split(' ').slice(0, 3).join(' ')} for ${name}`,
        gold,
        part: 'command',
      });
    return undefined;
  };
  // Each of these topics is in one project only, so that its other words mean one session; then similar sessions of
  // some topics in all projects.
  const single = topics.slice(0, 10);
  for (const topic of single) {
    const project = pick(projects);
    add(project, topic);
    questions.push({ text: topic.otherWords, gold: new Set([written.at(-1)!.id]), part: 'paraphrase' });
  }
  for (const topic of topics.slice(10)) for (const project of projects) add(project, topic, project);
  // Unrelated sessions with symbols, errors and commands of their own.
  for (let index = 0; index < 120; index++)
    add(pick(projects), {
      part: pick(['core', 'api', 'ui', 'jobs']),
      work: `tidy ${pick(stems)}${pick(roles)} and its callers`,
      otherWords: '',
    });
  questions.push(
    ...[
      'terraform state lock on the staging bucket',
      'migrate the iOS target to Swift 6',
      'the ABAP transport was rejected',
      'calibrate the lidar on the rover',
      'why did the Kafka partitions rebalance',
    ].map((text): Question => ({ text, gold: new Set(), part: 'unanswerable' })),
  );
  const one: Case = {
    questions,
    write: (configDir) => {
      for (const { id, project, transcript } of written)
        writeTranscriptFile(configDir, `-work-${project}`, id, transcript);
    },
  };
  return { name: 'made', cases: [one] };
}
