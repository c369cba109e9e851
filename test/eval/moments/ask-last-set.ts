/** Talk that was written when the rules were finished, to be measured once. */
import type { AskSet } from './ask-set';

export const lastSet: AskSet = {
  name: 'written last',
  talks: [
    {
      turns: [
        [
          'Customers see the old price after we change it in the back office.',
          'The price list is cached for an hour on the edge. I purge the entry of a product when its price is saved.',
          '$ curl -X PURGE http://127.0.0.1:8080/prices/4711',
        ],
        [
          'Is that safe when many prices change at once?',
          'Above 100 products the purge would flood the edge, so I purge the whole list once then.',
        ],
        ['Good.', 'Saved prices purge their entry on the edge; above 100 products the whole list is purged once.'],
      ],
    },
    {
      turns: [
        [
          'We should delete old audit entries. Legal says seven years.',
          'I added a nightly job that deletes audit entries older than seven years.',
        ],
        [
          'Wait, they now say ten.',
          'Changed: audit entries are deleted after ten years, because the tax office may ask for them that long.',
          '$ npx tsx scripts/prune-audit.ts --years 10',
        ],
      ],
    },
    {
      turns: [
        [
          'The tests of the parser take four minutes. Any idea?',
          'Most of it is the fixture that is built anew for each test. I build it once for the file.',
        ],
        ['How long now?', 'The parser tests take 38 seconds now.'],
      ],
    },
    {
      turns: [
        [
          'Typescript complains about the vendored chart library.',
          'It has no types. I wrote a declaration with the three functions that we call, in types/chart.d.ts.',
        ],
      ],
    },
    {
      turns: [
        ['Should invitations expire?', 'Yes. An invitation that never expires is a key that nobody watches.'],
        [
          'Then 72 hours, and one reminder a day before.',
          'Invitations expire after 72 hours; one reminder is sent a day before.',
        ],
      ],
    },
    {
      turns: [
        [
          'Which branch do hotfixes start from?',
          'From the tag that is in production, not from main, because main has what is not released.',
        ],
        ['Write that into CONTRIBUTING.', 'CONTRIBUTING says now that hotfixes start from the tag in production.'],
      ],
    },
    {
      turns: [
        [
          'The phone app crashes on Android 9 when a photo is rotated.',
          'The rotation decodes the photo in full size. I decode it at half the size on devices with less than 3 GB of memory.',
        ],
      ],
    },
    {
      turns: [
        [
          'What do we do with failed imports of suppliers?',
          'They stay in the folder rejected with a text file that says which line was wrong.',
        ],
        ['And mail the supplier.', 'Rejected imports are mailed to the supplier with the number of the wrong line.'],
      ],
    },
  ],
  pairs: [
    { question: 'What is purged on the edge when a price is saved?', answer: 'purge' },
    { question: 'Above how many products is the whole price list purged?', answer: '100 products' },
    { question: 'After how many years are audit entries deleted?', answer: 'ten years' },
    { question: 'Why are audit entries deleted after ten years?', answer: 'tax office' },
    { question: 'Which command prunes audit entries?', answer: 'prune-audit' },
    { question: 'How long do the parser tests take?', answer: '38 seconds' },
    { question: 'Where are the types of the chart library?', answer: 'chart.d.ts' },
    { question: 'When do invitations expire?', answer: '72 hours' },
    { question: 'Where do hotfixes start from?', answer: 'tag' },
    { question: 'Why do hotfixes not start from main?', answer: 'not released' },
    { question: 'What happens to rejected imports of a supplier?', answer: 'mailed' },
    { question: 'How are photos decoded on devices with less memory?', answer: 'half the size' },
    { question: 'How many reminders does an unpaid invoice get?' },
    { question: 'Which browser caches the price list?' },
    { question: 'Why do the parser tests fail on Windows?' },
    { question: 'How long are rejected imports kept?' },
    { question: 'Which branch do releases of the phone app start from?' },
    { question: 'What is the size limit of a photo?' },
    { question: 'Who may delete audit entries?' },
    { question: 'When do access tokens expire?' },
    { question: 'Which library draws the price chart?' },
    { question: 'Did we move the parser to Rust?' },
    { question: 'How many suppliers are there?' },
    { question: 'Why was the edge replaced by another provider?' },
  ],
};

/** Written after what `lastSet` showed was mended. */
export const finalSet: AskSet = {
  name: 'written after that',
  talks: [
    {
      turns: [
        [
          'Reports of the weather stations come in twice after a reconnect.',
          'The station repeats its last report. I drop a report with the same station and minute.',
        ],
        [
          'Also when the values differ?',
          'Then the later report of that minute wins, because stations correct themselves.',
        ],
      ],
    },
    {
      turns: [
        [
          'Which port should the metrics use?',
          'Anything that is free on the gateways; 9464 is what the exporter takes by itself.',
        ],
        ['9100 is taken by the node exporter, so leave it at 9464.', 'Metrics stay on port 9464.'],
      ],
    },
    {
      turns: [
        [
          'Old firmware does not speak TLS 1.2.',
          'Two of 40 stations have it. I keep a listener without TLS for their subnet only.',
        ],
        ['When can it go?', 'When Miriam has replaced both stations, which she plans for March.'],
      ],
    },
    {
      turns: [
        [
          'Make the wind chart readable for colour-blind people.',
          'I use a palette of blue and orange, and dashes for gusts.',
          '$ npm run chart:palette -- --simulate deuteranopia',
        ],
      ],
    },
  ],
  pairs: [
    { question: 'What happens when two reports of the same minute differ?', answer: 'later report' },
    { question: 'Why does the later report of a minute win?', answer: 'correct themselves' },
    { question: 'Which port do metrics use?', answer: '9464' },
    { question: 'How many stations have old firmware?', answer: 'Two of 40' },
    { question: 'Who replaces the stations with old firmware?', answer: 'Miriam' },
    { question: 'Which colours does the palette of the wind chart have?', answer: 'orange' },
    { question: 'Which command simulates deuteranopia?', answer: 'chart:palette' },
    { question: 'Which port does the database use?' },
    { question: 'Why are metrics sent twice?' },
    { question: 'Who paints the wind chart?' },
    { question: 'How many reports does a station send in an hour?' },
    { question: 'Which colours does the rain chart have?' },
    { question: 'When was the exporter installed?' },
    { question: 'Do stations speak IPv6?' },
    { question: 'How old are the gateways?' },
  ],
};
