// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeGiving } from '../../fake-giving';
import { createFakeHost } from '../../fake-host';
import type { FakeHost } from '../../fake-host';
import { openPage } from '../../test-page';
import type { TestPage } from '../../test-page';
import { Insights } from './insights';

let page: TestPage;
let host: FakeHost;
const now = new Date(2026, 10, 22, 12).getTime();
const called = (wanted: string) => host.calls.filter(([name]) => name === wanted);

async function open(section: 'helped' | 'given', isFilled = true, session?: string): Promise<void> {
  vi.useFakeTimers();
  host = createFakeHost({ now });
  if (isFilled) host.giving = makeGiving(now);
  page = await openPage(host, <Insights place={{ section, ...(session !== undefined && { session }) }} isShown />);
}
/** What changed is asked for again after a short while. */
const later = () => page.flush(() => vi.advanceTimersByTime(3000));

afterEach(async () => {
  await page.close();
  vi.useRealTimers();
});

describe('did it help', () => {
  it('says that there are not enough prompts yet, and what is still to be looked through', async () => {
    await open('helped', false);
    expect(page.text()).toContain('Not enough prompts yet');
    expect(page.text()).toContain('Sessions still to be looked through: 3');
  });

  it('tells what would have been given from what was given, with intervals', async () => {
    await open('helped');
    expect(page.text()).toContain('Would have been given (nothing of it reached Claude)');
    expect(page.text()).toContain('15 of 47: 32% (20%–46%)');
    expect(page.text()).toContain('Really given with a promptNone yet.');
  });

  it('leads from each figure to its prompts', async () => {
    await open('helped');
    await page.click('1');
    expect(called('shadowExamples').at(-1)?.[1]).toMatchObject({ verdict: 'missed', isGiven: false });
    await page.click('Show All');
    await page.click('Summaries');
    expect(called('shadowExamples').at(-1)?.[1]).toMatchObject({ source: 'summary', scope: { projectIds: [7] } });
    await page.click('How often are the sails folded?');
    expect(called('openSession')).toEqual([['openSession', 'session-2', { key: 'p9' }]]);
    await page.click('src/sails.ts');
    expect(called('openSession').at(-1)).toEqual(['openSession', 'session-2', { key: 'o12' }]);
    expect(page.text()).toContain('Summaries · then touched its file');
    expect(page.text()).toContain('No longer in memory, or worded anew');
  });

  it('says which source has muted itself, and keeps it when the person says so', async () => {
    await open('helped');
    expect(page.text()).toContain('Muted itself');
    await page.click('Keep Giving');
    expect(called('setSourceKept')).toEqual([['setSourceKept', 7, 'said', true]]);
    await later();
    expect(page.text()).not.toContain('Muted itself');
    await page.click('Let It Mute Itself');
    await later();
    expect(page.text()).toContain('Muted itself');
  });
});

describe('what was given', () => {
  it('is nothing at first', async () => {
    await open('given', false);
    expect(page.text()).toContain('Nothing was given yet');
  });

  it('is listed with the session that got it, and one that is not known', async () => {
    await open('given');
    expect(page.text()).toContain('With a prompt');
    expect(page.text()).toContain('To a session that is not known');
    await page.click('Fold the sails');
    expect(called('openSession')).toEqual([['openSession', 'session-1', { key: 'p40' }]]);
    await page.click('Only This Session');
    expect(called('listGiven').at(-1)?.[1]).toMatchObject({ sessionId: 'session-2' });
    expect(page.text()).not.toContain('Asked for by Claude');
    await page.click('Show All Sessions');
    expect(page.text()).toContain('Asked for by Claude');
  });

  it('says which sources muted themselves, and keeps one when the person says so', async () => {
    await open('given');
    expect(page.text()).toContain('Words of sessions in paper-boats');
    await page.click('Keep Giving');
    expect(called('setSourceKept')).toEqual([['setSourceKept', 7, 'said', true]]);
  });

  it('of one session, as the reader asks for it', async () => {
    await open('given', true, 'session-2');
    expect(called('listGiven').at(-1)?.[1]).toMatchObject({ sessionId: 'session-2' });
  });

  it('"never this" and "not this session" can be said and taken back', async () => {
    await open('given');
    await page.click('Never This');
    await later();
    expect(page.text()).toContain('Never given');
    await page.click('May Be Given Again');
    await later();
    expect(page.text()).not.toContain('Never given');
    await page.click('Not This Session');
    await later();
    expect(page.text()).toContain('Sessions that get nothing more');
    await page.click('Give to It Again');
    await later();
    expect(called('setSessionGiven')).toEqual([
      ['setSessionGiven', 'session-2', false],
      ['setSessionGiven', 'session-2', true],
    ]);
  });
});
