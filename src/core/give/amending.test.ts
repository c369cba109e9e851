import { expect, it } from 'vitest';
import { amendingSentence } from './amending';

it.each([
  'Amendment to the naming rule: plural for tables.',
  'One change to the policy we agreed on: refunds need two approvals.',
  "Let's reverse the decision about UTC, local time is what support needs.",
  'We settled on four attempts last week, but the vendor blocks us at three.',
  'The old limit no longer holds, make it 30 MB.',
  'We changed our mind about feature flags.',
  'From now on use pnpm instead of npm.',
  'Die alte Regel gilt nicht mehr.',
  "Nous avons changé d'avis sur les migrations.",
  'La regla anterior ya no aplica.',
  '之前定的超时时间要改成三十秒。',
  '以前のルールを変更します。',
])('%s', (text) => {
  expect(amendingSentence(text, '')).toBe(text);
});

it.each([
  'Add a retry to the upload.',
  'No changes to the implementation itself, just tests.',
  'It reminded me of a bug we had a while back.',
  'Should we amend the rule?',
  'Update the readme, please.',
  'git commit --amend',
  'Wir ändern den Titel der Seite.',
])('%s amends nothing', (text) => {
  expect(amendingSentence(text, '')).toBeUndefined();
});

it('counts in an answer only when it says so plainly, because answers tell of code too', () => {
  expect(amendingSentence('ok', 'Replaced the default limit in config.ts.')).toBeUndefined();
  expect(amendingSentence('ok', 'Noted: this supersedes the sixty-second cap.')).toBe(
    'Noted: this supersedes the sixty-second cap.',
  );
});
