/** Answers of a search, and what is marked and saved with it, from the made-up history. */
import { turnIdOf } from '../src/protocol/model';
import type { SearchQuery } from '../src/protocol/questions/search';
import type { SearchHit, SearchResult, Suggestion } from '../src/protocol/search-hit';
import type { WebviewApi } from '../src/protocol/webview-api';
import { fakeProjects } from './fake-data';
import type { FakeHost } from './fake-host';
import { textOf } from './fake-sessions';

export function answerSearch(host: FakeHost): Partial<WebviewApi> {
  const done = () => Promise.resolve();
  return {
    search: (query) => Promise.resolve(search(host, query)),
    setSearchOrder: async (searchOrder) => {
      host.context = { ...host.context, searchOrder };
    },
    setFlagged: done,
    setTags: async (_key, tags) => tags.map((tag) => tag.trim()).filter((tag) => tag !== ''),
    listTags: async () => [{ tag: 'later', count: 2 }],
    listSearches: async () => host.searches,
    saveSearch: async ({ id, name, text, uses = 0 }) => {
      const saved = { id, name, text, uses, usedAt: 0 };
      host.searches = [...host.searches.filter((each) => each.id !== id), saved];
      return saved;
    },
    deleteSearch: async (id) => {
      host.searches = host.searches.filter((each) => each.id !== id);
    },
    noteSearchUse: done,
    recentSearches: async () => host.recents,
    noteSearch: async (text) => {
      host.recents = [text, ...host.recents.filter((other) => other !== text)];
    },
    dropRecentSearch: async (text) => {
      host.recents = host.recents.filter((other) => other !== text);
    },
    ask: async ({ text }) => host.answer(text),
    askByModel: async () => host.modelAnswer,
    moreInSession: async (query, id) => search(host, query, true).hits.filter((hit) => hit.sessionId === id),
    suggest: async (prefix) => suggest(host, prefix),
  };
}

function suggest(host: FakeHost, prefix: string): Suggestion[] {
  if (prefix.endsWith('project:'))
    return fakeProjects.map(({ name, root }) => ({
      kind: 'value',
      text: `${prefix}${name}`,
      label: `project:${name}`,
      detail: root,
      count: 3,
    }));
  const [first] = host.sessions;
  return [
    ...(prefix === 'pro' ? [{ kind: 'filter' as const, text: 'project:', label: 'project:' }] : []),
    { text: `${prefix}ed`, kind: 'term' },
    { text: first?.title ?? '', kind: 'title', sessionId: first?.id ?? '' },
  ];
}

function search(host: FakeHost, query: SearchQuery, isWhole = false): SearchResult {
  const needle = query.text.trim().toLowerCase();
  const hits = host.items.flatMap((item, index): SearchHit[] => {
    const text = textOf(item);
    const at = text.toLowerCase().indexOf(needle);
    const session = host.sessions[index % host.sessions.length];
    if (at < 0 || !session || (query.types && !query.types.includes(item.kind === 'tool' ? item.type : 'user')))
      return [];
    if (query.scope?.roots && !query.scope.roots.includes(session.project.root)) return [];
    if (query.scope?.projectIds && !query.scope.projectIds.includes(session.project.id)) return [];
    const start = Math.max(0, at - 60);
    return [
      {
        ...(item.kind === 'tool'
          ? { kind: item.kind, tool: item.tool, type: item.type, files: [] }
          : { kind: item.kind, role: item.role }),
        key: item.key,
        sessionId: session.id,
        turnId: turnIdOf(session.id, item.turn),
        turn: item.turn,
        title: session.title,
        snippet: text.slice(start, at + 160),
        highlights: [[at - start, at - start + needle.length]],
        project: session.project,
        at: session.updatedAt,
        score: 1 - index / 1000,
        moreInSession: index % 4,
        why: {
          words: [
            { term: needle, score: 3 },
            { term: 'other', score: 1 },
          ],
          roads: { words: index + 1 },
          signals: [
            { name: 'length', value: 0.5, factor: 1.1 },
            { name: 'coverage', value: 0.75, factor: 1.16 },
            { name: 'together', value: 0, factor: 1 },
          ],
          parts: [
            { name: 'relevance', value: 0.8, weight: 0.4 },
            { name: 'recency', value: 0.5, weight: 0.2 },
          ],
        },
      },
    ];
  });
  const count = (value: string, label: string, test: (hit: SearchHit) => boolean) => ({
    value,
    label,
    count: hits.filter(test).length,
  });
  return {
    hits: (query.roads === 'words' ? hits : (host.refined?.(hits) ?? hits)).slice(
      0,
      isWhole ? hits.length : (query.limit ?? 20),
    ),
    total: hits.length,
    facets: {
      project: fakeProjects.map((project) =>
        count(String(project.id), project.name, (hit) => hit.project?.id === project.id),
      ),
      type: [
        count('user', 'user', (hit) => hit.kind === 'message'),
        count('error', 'error', (hit) => hit.kind === 'tool' && hit.type === 'error'),
        count('tool_result', 'result', (hit) => hit.kind === 'tool' && hit.type === 'tool_result'),
      ],
      tool: ['Bash', 'Read', 'Edit', 'Grep']
        .map((tool) => count(tool, tool, (hit) => hit.kind === 'tool' && hit.tool === tool))
        .filter((facet) => facet.count > 0),
      branch: [...new Set(host.sessions.map(({ gitBranch }) => gitBranch))]
        .filter((name) => name !== '')
        .map((name) => ({ value: name, label: name, count: 3 })),
      file: [
        { value: '/home/ada/code/paper-boats/src/sync.ts', label: 'sync.ts', count: 4 },
        { value: '/home/ada/code/paper-boats/README.md', label: 'README.md', count: 1 },
      ],
      day: [
        { value: '2026-11-22', label: '2026-11-22', count: 4 },
        { value: '2026-11-20', label: '2026-11-20', count: 1 },
      ],
    },
    problems: query.text.endsWith(' -mast')
      ? [
          {
            code: 'excluded',
            start: query.text.length - 5,
            end: query.text.length,
            value: 'mast',
            count: 1200,
            of: 1300,
            message: 'Left out.',
            hint: 'mast',
          },
        ]
      : query.text.includes('proect:')
        ? [
            {
              code: 'unknown_filter',
              start: 0,
              end: 6,
              value: 'proect',
              message: 'There is no filter.',
              hint: 'project',
            },
          ]
        : [],
    relaxed: needle.includes('xyz') ? [{ kind: 'some', sessions: 0 }] : [],
    canRefine: query.roads === 'words' && host.refined !== undefined,
    tookMs: 2,
  };
}
