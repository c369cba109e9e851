/**
 * Talk of our own making as it is in sessions, with questions about it. What is asked is answered by one sentence or by none:
 * the questions without an answer are about the same things, and ask what was never said of them.
 */
interface Talk {
  /** Prompts, answers and commands (`$ …`), in turns: a prompt, then what followed. */
  turns: readonly (readonly [prompt: string, ...replies: string[]])[];
}

interface AskPair {
  question: string;
  /** A piece of the right sentence; none when memory has no answer. */
  answer?: string;
}

export interface AskSet {
  name: string;
  talks: readonly Talk[];
  pairs: readonly AskPair[];
}

export const tuningSet: AskSet = {
  name: 'to tune on',
  talks: [
    {
      turns: [
        [
          'The nightly export to the warehouse times out. Can you look into it?',
          'The export reads all rows into memory before it writes the first one. I will stream them in chunks of 500 rows instead.',
          '$ npm run export -- --dry-run',
        ],
        [
          'Good. Keep the chunk at 500, the warehouse refuses more.',
          'Understood: the export streams chunks of 500 rows, because the warehouse refuses larger ones.',
        ],
      ],
    },
    {
      turns: [
        [
          'Which queue should the thumbnail jobs go to?',
          'Either the default queue or one of their own. A queue of their own keeps slow images from delaying mails.',
        ],
        ['A queue of their own, call it media-low.', 'Done. Thumbnail jobs now go to the queue media-low.'],
      ],
    },
    {
      turns: [
        [
          'Login sessions should end after a while. What do other products do?',
          'Most end a session after 30 days without a visit.',
        ],
        [
          'Make it 14 days, our auditors asked for that.',
          'Login sessions now end after 14 days without a visit.',
          '$ npx vitest run src/auth/session.test.ts',
        ],
      ],
    },
    {
      turns: [
        [
          'The build of the docs fails on CI but not here.',
          'CI has Node 18 and the docs need Node 20. I set the version in .nvmrc and the workflow reads it.',
          '$ gh workflow run docs.yml --ref fix/docs-node',
        ],
        ['Great, it is green.', 'The docs build on Node 20 everywhere now.'],
      ],
    },
    {
      turns: [
        [
          'We need feature flags. Unleash or a table of our own?',
          'A table of our own is enough: there are nine flags, and none depends on a person.',
        ],
        [
          'Then a table, no new service.',
          'Agreed: feature flags live in the table feature_flags, without a new service.',
        ],
      ],
    },
    {
      turns: [
        [
          'Prices are wrong by a cent in the Swiss shop.',
          'Swiss prices are rounded to five rappen, ours to one. I added the rounding of the currency to formatPrice.',
        ],
        ['Only for CHF please.', 'Right: formatPrice rounds to five rappen for CHF only.'],
      ],
    },
    {
      turns: [
        [
          'How do I restore yesterday’s dump locally?',
          'This restores it into the local database:',
          '$ pg_restore --clean --jobs 4 --dbname shop_dev backup.dump',
        ],
      ],
    },
    {
      turns: [
        [
          'The websocket drops after a minute behind the proxy.',
          'The proxy closes idle connections after 60 seconds. I send a ping every 25 seconds so that it stays open.',
        ],
        ['Works.', 'The ping interval of the websocket is 25 seconds.'],
      ],
    },
  ],
  pairs: [
    { question: 'How large are the chunks of the warehouse export?', answer: '500 rows' },
    { question: 'Why does the export stream chunks of 500 rows?', answer: 'warehouse refuses larger' },
    { question: 'Which queue do thumbnail jobs go to?', answer: 'media-low' },
    { question: 'After how many days do login sessions end?', answer: '14 days' },
    { question: 'Which Node version do the docs need?', answer: 'Node 20' },
    { question: 'Where do feature flags live?', answer: 'feature_flags' },
    { question: 'What did we decide about feature flags?', answer: 'feature_flags' },
    { question: 'How are prices in CHF rounded?', answer: 'five rappen' },
    { question: 'Which command restores the dump into the local database?', answer: 'pg_restore' },
    { question: 'What is the ping interval of the websocket?', answer: '25 seconds' },
    { question: 'Why does the websocket send a ping?', answer: 'stays open' },
    { question: 'How do thumbnail jobs retry after an error?' },
    { question: 'Which queue do mails go to?' },
    { question: 'How many days are login sessions of administrators kept in the log?' },
    { question: 'How large are the chunks of the invoice import?' },
    { question: 'What did we decide about feature flags in the mobile app?' },
    { question: 'Which Node version does the mailer need?' },
    { question: 'How are prices in JPY rounded?' },
    { question: 'Why are login sessions encrypted?' },
    { question: 'Which command dumps the production database?' },
    { question: 'What is the ping interval of the database pool?' },
    { question: 'Who reviewed the websocket change?' },
    { question: 'Did we choose Kafka or RabbitMQ for events?' },
    { question: 'Why did the thumbnail queue get blue buttons?' },
  ],
};

export const laterSet: AskSet = {
  name: 'written later',
  talks: [
    {
      turns: [
        [
          'Uploads of big videos fail on slow lines.',
          'A single request is cut after two minutes by the load balancer. Uploads should go in parts that can be resumed.',
        ],
        [
          'OK, parts of 8 MB, and resume for a day.',
          'Uploads are sent in parts of 8 MB and can be resumed for 24 hours.',
          '$ cargo test upload::resume -- --nocapture',
        ],
      ],
    },
    {
      turns: [
        [
          'Should the search box wait before it asks the server?',
          'Yes, otherwise every key is a request. 150 ms is what people do not notice.',
        ],
        ['Use 200, the server is slow.', 'The search box waits 200 ms after the last key before it asks the server.'],
      ],
    },
    {
      turns: [
        [
          'Error reports contain customer names. Legal is not amused.',
          'I replaced names and addresses by a hash before the report leaves the browser.',
        ],
        [
          'Keep the order number, support needs it.',
          'Error reports keep the order number and hash names and addresses, because support needs the order number.',
        ],
      ],
    },
    {
      turns: [
        [
          'Cron or a scheduler library for the reminder mails?',
          'The library survives restarts and needs Redis. Cron needs nothing but forgets what it missed.',
        ],
        [
          'Cron. A missed reminder is fine.',
          'Reminder mails are sent by cron at 07:30, missed ones are not sent again.',
        ],
      ],
    },
    {
      turns: [
        [
          'The map is slow with many pins.',
          'Above 2,000 pins the browser spends most of the time in layout. I cluster them below zoom level 9.',
        ],
        ['Zoom 9 is too coarse, take 11.', 'Pins of the map are clustered below zoom level 11.'],
      ],
    },
    {
      turns: [
        [
          'Run the linter only on changed files in the hook.',
          'The pre-commit hook runs the linter on staged files only:',
          '$ git diff --cached --name-only | xargs npx oxlint',
        ],
      ],
    },
    {
      turns: [
        [
          'Translations: do we keep them in the repository?',
          'Yes. A service would be one more account, and there are two languages.',
        ],
        ['Fine, in the repository.', 'Decided: translations stay in the repository under l10n, one file a language.'],
      ],
    },
    {
      turns: [
        [
          'Payment webhooks arrive twice and we book twice.',
          'The provider repeats a webhook until it gets a 200. Booking is now keyed by the event id.',
        ],
        ['Merged.', 'Payment webhooks are booked once, by the event id of the provider.'],
      ],
    },
  ],
  pairs: [
    { question: 'How big are the parts of an upload?', answer: '8 MB' },
    { question: 'How long can uploads be resumed?', answer: '24 hours' },
    { question: 'How long does the search box wait before it asks the server?', answer: '200 ms' },
    { question: 'Why do error reports keep the order number?', answer: 'support needs' },
    { question: 'What happens to names in error reports?', answer: 'hash' },
    { question: 'Do we use cron or a scheduler library for reminder mails?', answer: 'cron' },
    { question: 'When are reminder mails sent?', answer: '07:30' },
    { question: 'Below which zoom level are pins of the map clustered?', answer: 'level 11' },
    { question: 'How does the pre-commit hook run the linter?', answer: 'staged' },
    { question: 'Where do translations stay?', answer: 'l10n' },
    { question: 'By what are payment webhooks booked?', answer: 'event id' },
    { question: 'How many uploads may run in parallel?' },
    { question: 'How long are reminder mails kept?' },
    { question: 'Why do payment webhooks fail at night?' },
    { question: 'Which colour do pins of the map have?' },
    { question: 'Where do translations of the mobile app stay?' },
    { question: 'How long does the address field wait before it asks the server?' },
    { question: 'What happens to phone numbers in error reports?' },
    { question: 'Which command deploys the linter to production?' },
    { question: 'Did we choose Redis or Memcached for the cart?' },
    { question: 'Below which zoom level are labels of the map hidden?' },
    { question: 'What is the size limit of an avatar?' },
    { question: 'Why was the scheduler library removed?' },
  ],
};
