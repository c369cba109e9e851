/**
 * What the sessions of the generated history are about. A subject is a thing of the program with an aspect of it; each has
 * several words, so that a question can be asked in the words of the decision or in others.
 */
export interface Thing {
  /** As sessions call it. */
  name: string;
  /** As somebody else may call it. */
  other: string;
  file: string;
}

export interface Aspect {
  name: string;
  other: string;
  /** Values that can be decided. */
  values: readonly string[];
  /** What goes wrong without a decision: `{thing}` is filled in. */
  symptom: string;
  /** The same in other words. */
  otherSymptom: string;
}

const thing = (name: string, other: string, file: string): Thing => ({ name, other, file });
const aspect = (name: string, other: string, symptom: string, otherSymptom: string, ...values: string[]): Aspect => ({
  name,
  other,
  symptom,
  otherSymptom,
  values,
});

export const things: readonly Thing[] = [
  thing('invoice', 'bill', 'src/billing/invoice.ts'),
  thing('shipment', 'parcel', 'src/logistics/shipment.ts'),
  thing('basket', 'cart', 'src/shop/basket.ts'),
  thing('voucher', 'coupon', 'src/shop/voucher.ts'),
  thing('ledger', 'account book', 'src/billing/ledger.ts'),
  thing('warehouse sync', 'stock import', 'src/logistics/warehouse-sync.ts'),
  thing('newsletter', 'mailing', 'src/mail/newsletter.ts'),
  thing('avatar', 'profile picture', 'src/users/avatar.ts'),
  thing('subscription', 'membership', 'src/billing/subscription.ts'),
  thing('search index', 'catalogue lookup', 'src/search/index-writer.ts'),
  thing('webhook', 'callback', 'src/api/webhook.ts'),
  thing('audit trail', 'event history', 'src/audit/trail.ts'),
  thing('pdf renderer', 'document printer', 'src/print/renderer.ts'),
  thing('currency table', 'exchange rates', 'src/billing/currency.ts'),
  thing('session cookie', 'login token', 'src/auth/cookie.ts'),
  thing('thumbnail worker', 'preview job', 'src/media/thumbnail.ts'),
];

export const aspects: readonly Aspect[] = [
  aspect(
    'retry budget',
    'number of attempts',
    'the {thing} keeps retrying until the gateway blocks us',
    'the {thing} is hammering the gateway and gets throttled',
    'three attempts',
    'seven attempts',
    'twelve attempts',
    'five attempts with jitter',
  ),
  aspect(
    'rounding',
    'cents handling',
    'totals of the {thing} are off by a cent after rounding',
    'sums of the {thing} differ by one cent from the bank',
    'half to even in each line',
    'half up on the total only',
    'truncation to four decimals',
    'banker rounding at export',
  ),
  aspect(
    'time zone',
    'clock offset',
    'dates of the {thing} shift by a day across the time zone',
    'the {thing} shows yesterday for users in Auckland',
    'UTC in storage and local time at the edge',
    'Europe/Berlin everywhere',
    'the zone of the tenant',
    'UTC only',
  ),
  aspect(
    'page size',
    'chunk length',
    'paging through the {thing} skips rows',
    'walking over the {thing} in chunks misses entries',
    'fifty rows with a cursor',
    'two hundred rows',
    'one thousand rows streamed',
    'twenty rows and keyset paging',
  ),
  aspect(
    'cache lifetime',
    'expiry of copies',
    'the {thing} serves stale data from the cache',
    'people see an outdated {thing} long after a change',
    'ninety seconds',
    'until the next deploy',
    'fifteen minutes with revalidation',
    'no caching at all',
  ),
  aspect(
    'deduplication key',
    'identity rule',
    'the same {thing} appears twice after an import',
    'we end up with doubled rows of the {thing}',
    'lowercased email plus calendar day',
    'the external id alone',
    'hash of the normalised payload',
    'tenant and number',
  ),
  aspect(
    'encoding',
    'character set',
    'umlauts in the {thing} come out as question marks',
    'special letters of the {thing} are garbled in the export',
    'UTF-8 with a byte order mark',
    'Windows-1252 for the old importer',
    'plain UTF-8',
    'UTF-16 little endian',
  ),
  aspect(
    'lock timeout',
    'waiting limit',
    'two jobs deadlock on the {thing}',
    'workers wait for ever on the {thing}',
    'four seconds then fail',
    'no waiting, skip locked rows',
    'thirty seconds',
    'advisory lock for one minute',
  ),
  aspect(
    'naming',
    'spelling of identifiers',
    'fields of the {thing} are named in three ways',
    'identifiers around the {thing} are spelled inconsistently',
    'snake case in the database and camel case in code',
    'kebab case in urls',
    'singular nouns',
    'prefix with the tenant',
  ),
  aspect(
    'deletion',
    'removal policy',
    'deleted rows of the {thing} come back',
    'what was removed from the {thing} reappears at night',
    'soft delete with a tombstone',
    'hard delete after thirty days',
    'archive to cold storage',
    'anonymise and keep',
  ),
  aspect(
    'sort order',
    'ranking of rows',
    'the {thing} list jumps around on reload',
    'entries of the {thing} are shown in a random sequence',
    'by creation then id',
    'by name without case',
    'newest first with pinned on top',
    'by due date',
  ),
  aspect(
    'upload limit',
    'largest file',
    'large files of the {thing} fail at the proxy',
    'sending a big attachment for the {thing} ends with 413',
    'eight megabytes',
    'forty megabytes in parts',
    'two megabytes after compression',
    'no limit on the intranet',
  ),
];

/** Prompts of every day, for which no memory is worth giving. */
export const everydayPrompts: readonly string[] = [
  'continue',
  'yes, do it',
  'thanks, that works now',
  'run the tests again please',
  'commit this and push',
  'go on with the next step',
  'fix the failing test',
  'what did you change?',
  'can you explain that once more?',
  'undo the last edit',
  'please format the file',
  'open a pull request',
  'looks good, merge it',
  'why did the build break?',
  'add a comment to that function',
  'show me the diff',
  'rename the variable to something shorter',
  'update the readme',
  'is everything committed?',
  'try again',
  'Add a dark mode toggle to the settings page of the phone app.',
  'Write a Dockerfile with a multi stage build for this service.',
  'Translate the landing page into Portuguese.',
  'Set up a GitHub workflow that runs the linter.',
  'What is the capital of France?',
  'Explain monads with an example in Haskell.',
  'Generate a favicon from this svg.',
  'Convert these class components to hooks.',
  'The kubernetes ingress answers 502 for websocket upgrades since nginx 1.25.',
  'Profile why the Android emulator starts so slowly.',
  'Draw a sequence diagram of the OAuth device flow.',
  'Bump eslint to version nine and fix what it reports.',
];
