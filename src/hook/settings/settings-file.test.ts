/** The settings file: one step, links and modes kept, and nobody's write is lost. */
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { changeSettings, readSettings } from './settings-file';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-settings-'));
  file = path.join(folder, 'settings.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const addLetter = (text = '') => `${text}x`;

it.each([0o600, 0o644, 0o640])('keeps the mode %o and leaves no draft', async (mode) => {
  writeFileSync(file, '{}');
  chmodSync(file, mode);
  expect(await changeSettings(file, addLetter)).toBe('{}');
  expect(readFileSync(file, 'utf8')).toBe('{}x');
  expect(statSync(file).mode & 0o777).toBe(mode);
  expect(readdirSync(folder)).toEqual(['settings.json']);
});

it.each([true, false])('writes where a link leads to, and the link stays (there is a file: %s)', async (isThere) => {
  mkdirSync(path.join(folder, 'dotfiles'));
  const real = path.join(folder, 'dotfiles/claude.json');
  if (isThere) writeFileSync(real, '{}');
  symlinkSync('dotfiles/claude.json', file);
  await changeSettings(file, addLetter);
  expect(lstatSync(file).isSymbolicLink()).toBe(true);
  expect(readFileSync(real, 'utf8')).toBe(isThere ? '{}x' : 'x');
});

it('makes a file and its folder, for its person only, and takes the file away again', async () => {
  const inside = path.join(folder, 'new/settings.json');
  expect(await changeSettings(inside, addLetter)).toBeUndefined();
  expect(readFileSync(inside, 'utf8')).toBe('x');
  expect(statSync(inside).mode & 0o077).toBe(0);
  await changeSettings(inside, () => undefined);
  expect(existsSync(inside)).toBe(false);
});

it('what another program wrote in between stays, and is changed in its turn', async () => {
  writeFileSync(file, 'a');
  let asked = 0;
  await changeSettings(file, (text) => {
    asked += 1;
    if (asked === 1) writeFileSync(file, 'b');
    return addLetter(text);
  });
  expect(readFileSync(file, 'utf8')).toBe('bx');
  expect(asked).toBe(2);
});

it('a file that is written without end is given up and left alone', async () => {
  let count = 0;
  const change = changeSettings(file, (text) => {
    count += 1;
    writeFileSync(file, String(count));
    return addLetter(text);
  });
  await expect(change).rejects.toMatchObject({ data: { reason: 'unusable_settings' } });
  expect(readFileSync(file, 'utf8')).toBe(String(count));
  expect(readdirSync(folder)).toEqual(['settings.json']);
});

it('keeps every byte of a text with a byte order mark, and refuses bytes that are no text', async () => {
  writeFileSync(file, '\uFEFF{"ü": "日本"}\r\n');
  expect(await readSettings(file)).toBe('\uFEFF{"ü": "日本"}\r\n');
  writeFileSync(file, Buffer.from([0xff, 0xfe, 0x7b, 0x00]));
  await expect(changeSettings(file, addLetter)).rejects.toMatchObject({ code: 'invalid_input' });
  expect(readFileSync(file)).toEqual(Buffer.from([0xff, 0xfe, 0x7b, 0x00]));
});

it('a folder in the place of the file is an error, and stays', async () => {
  mkdirSync(file);
  await expect(changeSettings(file, addLetter)).rejects.toMatchObject({ data: { reason: 'unusable_settings' } });
  expect(lstatSync(file).isDirectory()).toBe(true);
});
