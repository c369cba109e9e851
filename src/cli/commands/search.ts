import { findDataDir } from '../../keeper/pointer';
import { MemoryError } from '../../protocol/errors';
import { isInSession } from '../../protocol/search-hit';
import { oneLine } from '../../protocol/text';
import { withMemory } from '../memory';
import { readOptionsAndWords } from '../options';
import { print, printJson, tell } from '../output';

/** One hit a session, best first. */
export async function searchCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptionsAndWords(args, {
    limit: { type: 'string', default: '20' },
    'min-score': { type: 'string' },
  });
  const text = positionals.join(' ').trim();
  if (text === '') throw new MemoryError('invalid_input', 'What should be searched? Give some words.');
  const limit = Number(values.limit);
  const minScore = values['min-score'];
  const result = await withMemory(await findDataDir(values['data-dir']), (memory) =>
    memory.search({ text, limit, ...(minScore !== undefined && { minScore: Number(minScore) }) }),
  );
  // Scripts read these documented fields; those about a turn are empty for a learning or a note, which have none.
  const hits = result.hits.map((hit) => ({
    sessionId: hit.sessionId ?? '',
    turnId: isInSession(hit) ? hit.turnId : '',
    score: hit.score,
    title: hit.title,
    snippet: hit.snippet,
    project: hit.project?.name ?? '',
    at: hit.at,
  }));
  if (values.json) {
    printJson({ hits, total: result.total, problems: result.problems });
    return;
  }
  // Written to stderr, so that stdout has only results.
  for (const { code, start, end, message, hint } of result.problems)
    tell(
      `${text}\n${' '.repeat(start)}${'^'.repeat(Math.max(1, end - start))} ` +
        `${message}${hint === undefined ? '' : code === 'excluded' ? ` As a word: ${hint}` : ` Did you mean ${hint}?`}\n`,
    );
  for (const { sessionId, title, snippet, project, at } of hits) {
    print(
      `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}  ${project}  ${title}
  ` +
        `${oneLine(snippet)}
  ${sessionId}

`,
    );
  }
  print(`${result.total} sessions\n`);
}
