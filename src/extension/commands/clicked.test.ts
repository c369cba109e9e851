import { expect, it } from 'vitest';
import { clickedKey, clickedPlace } from './clicked';

it('reads the session and the place that was clicked', () => {
  expect(clickedPlace({ webviewSection: 'hit', sessionId: '8dab-26', key: 'p1', turn: 2 })).toEqual({
    sessionId: '8dab-26',
    key: 'p1',
    turn: 2,
  });
});

it('a hit for a whole session opens the session, and has a key like every hit', () => {
  const clicked = { webviewSection: 'hit', sessionId: '8dab-26', key: 's8dab-26', turn: 0 };
  expect(clickedPlace(clicked)).toEqual({ sessionId: '8dab-26', turn: 0 });
  expect(clickedKey(clicked)).toBe('s8dab-26');
});

it.each(['o7', 'p1', 'labc', 's8dab-26'])('reads the key %s', (key) => {
  expect(clickedKey({ webviewSection: 'row', key })).toBe(key);
});

it.each([undefined, {}, { sessionId: '../x' }, { sessionId: 3 }, { sessionId: 'a', key: 'zzz' }])(
  'refuses %j',
  (clicked) => {
    expect(() => clickedPlace(clicked)).toThrow('sessionId');
  },
);

it.each([undefined, { key: 'x1' }, { key: 'l' }, { learningId: 'abc' }])('refuses the key of %j', (clicked) => {
  expect(() => clickedKey(clicked)).toThrow('key');
});
