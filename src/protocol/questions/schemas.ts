/** Fields of many requests, with their limits and meaning. */
import * as z from 'zod/mini';
import type { SessionId } from '../model';
import { parseRowKey } from '../row-key';

/** The same limits everywhere: a longer value is a mistake or an attack and is rejected before anything is done. */
const maxShort = 256;
export const maxQueryText = 4_096;
export const maxBody = 200_000;
/** Longest text that a person may paste or copy. */
export const maxPasted = 10_000_000;
const maxRows = 200;

export const short = z.string().check(z.maxLength(maxShort));
export const words = z.string().check(z.maxLength(maxQueryText));
export const path = z.string().check(
  z.minLength(1),
  z.maxLength(4_096),
  z.refine((value) => !value.includes('\0')),
);
export const id = z.string().check(z.maxLength(maxRows), z.regex(/^[\w.:@#-]+$/));
export const sessionId = id.check(z.describe('Id of a session, as Claude Code names it.')) as unknown as z.ZodMiniType<
  SessionId,
  string
>;
export const rowKey = z.string().check(
  z.maxLength(maxRows),
  z.refine((value) => parseRowKey(value) !== undefined),
  z.describe('Key of a row: `p…`, `o…`, `l…`, `s…` or `n…`, as answers have it.'),
);
export const cursor = z
  .string()
  .check(z.maxLength(4_096), z.describe('`next` of the page before; absent for the first page.'));
export const time = z.number().check(z.gte(0), z.lte(8.64e15), z.describe('Epoch milliseconds.'));
export const turn = z.int().check(z.gte(0), z.lte(10_000_000), z.describe('Number of a turn in its session, from 0.'));
export const limit = z.int().check(z.gte(1), z.lte(maxRows), z.describe('Rows of a page.'));
export const count = z.int().check(z.gte(0), z.lte(Number.MAX_SAFE_INTEGER));
export const share = z.number().check(z.gte(0), z.lte(1));
export const localDay = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/), z.describe('A local day, as 2026-11-22.'));
export const days = z.int().check(z.gte(1), z.lte(366));
export const requestId = z
  .string()
  .check(
    z.maxLength(maxRows),
    z.minLength(1),
    z.describe('Chosen by the caller (uuid), so that a call that is repeated does its work once.'),
  );
export const ownId = z
  .string()
  .check(
    z.regex(/^[\w-]{8,64}$/),
    z.describe('Chosen by the caller (uuid), so that a call that is repeated adds nothing.'),
  );
export const ids = z.array(id).check(z.minLength(1), z.maxLength(maxRows));

export const scope = z
  .object({
    roots: z.exactOptional(
      z
        .array(path)
        .check(z.maxLength(200), z.describe('Folders of open workspaces: their repositories with all worktrees.')),
    ),
    projectIds: z.exactOptional(z.array(z.int()).check(z.maxLength(1_000))),
  })
  .check(z.describe('Where to look; everywhere when absent or empty.'));

/** Where to search. `roots` are folders of open workspaces; the keeper maps them to projects. */
export type Scope = z.output<typeof scope>;
