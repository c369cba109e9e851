import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { modelTool } from './tool';
import type { ToolPorts } from './tool';

const echo = modelTool({
  name: 'echo',
  title: 'Echo',
  about: 'Answers what it was given.',
  takes: z.object({ text: z.string().check(z.maxLength(10), z.describe('Any text.')), more: z.exactOptional(z.int()) }),
  answer: async ({ text }) => `id ${text}`,
});
const call = (given: unknown) => echo.call(given, {} as ToolPorts);

it('has a schema that a model can read', () => {
  expect(echo.inputSchema).toEqual({
    type: 'object',
    properties: {
      text: { type: 'string', maxLength: 10, description: 'Any text.' },
      more: { type: 'integer', minimum: expect.any(Number), maximum: expect.any(Number) },
    },
    required: ['text'],
  });
  expect(echo.writes).toBe(false);
});

it('answers nothing that acts on a terminal or hides what it says', async () => {
  expect(await call({ text: 'a\u001B[2J\u202Eb\r' })).toBe('id a‹U+202E›b␍');
});

it.each([
  [undefined, 'echo: arguments.text must be string'],
  [{ text: 7 }, 'echo: arguments.text must be string'],
  [{ text: 'far too long' }, 'echo: arguments.text may have at most 10'],
  ['text', 'echo: arguments must be object'],
])('says of %j what is wrong with it', async (given, words) => {
  await expect(call(given)).rejects.toThrow(words);
});
