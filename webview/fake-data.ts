/** A made-up history, the same on every run, for tests and for the pages in a browser. */
import type { Finding, Remedy } from '../src/protocol/care';
import { remedies } from '../src/protocol/care';
import { MemoryError } from '../src/protocol/errors';
import type { FileDiff, Learning, ProjectRef, ReaderItem, SessionCard } from '../src/protocol/model';
import type { RowKey } from '../src/protocol/row-key';
import type { Examination } from '../src/protocol/webview';
import { makeLearning } from '../test/fixtures/make-learning';

const hour = 3_600_000;
const day = 24 * hour;

export const fakeProjects: readonly ProjectRef[] = [
  { id: 1, name: 'paper-boats', root: '/home/ada/code/paper-boats' },
  { id: 2, name: 'tide-tables', root: '/home/ada/code/tide-tables' },
  { id: 3, name: 'an-unusually-long-project-name-for-a-lighthouse', root: '/home/ada/work/lighthouse' },
];

const tasks = [
  'Fix the flaky upload test on slow networks',
  'Why does the worker keep the database locked after a crash?',
  'Add keyset paging to the harbour list',
  'Explain what the retry loop in sync.ts protects against, and whether we can drop it without losing ' +
    'the order of writes when two clients push at once',
  'Move the build to esbuild and keep source maps working',
  '重构搜索索引，让中文分词更准确',
  'Draw tide curves as SVG instead of canvas',
  'Write a migration that adds a tombstone column',
  'Make the CLI print one JSON document and nothing else',
  'Investigate memory growth in the watcher',
];
const files = [
  'src/sync.ts',
  'src/store/tide.ts',
  'src/store/migrations/0007.ts',
  'test/upload.test.ts',
  'README.md',
  'package.json',
  'src/ui/curve.tsx',
];
const branches = ['main', 'fix/upload-flake', 'feature/keyset-paging-for-the-harbour-list', ''];

/** A linear congruential generator with a fixed seed. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

function pick<T>(list: readonly T[], random: (below: number) => number): T {
  const found = list[random(list.length)];
  if (found === undefined) throw new Error('Nothing to pick from.');
  return found;
}

/** `count` sessions, newest first, the first one live. */
export function makeSessions(count: number, now: number): SessionCard[] {
  const random = createRandom(7);
  let at = now - 40_000;
  return Array.from({ length: count }, (_, index): SessionCard => {
    const updatedAt = at;
    at -= random(5) === 0 ? day + random(12) * hour : random(4 * hour) + 60_000;
    const prompts = 1 + random(14);
    const title = pick(tasks, random);
    return {
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      title,
      project: pick(fakeProjects, random),
      cwd: '/home/ada/code',
      gitBranch: pick(branches, random),
      status: 'active',
      startedAt: updatedAt - (30_000 + random(3 * hour)),
      updatedAt,
      turns: prompts,
      prompts,
      observations: random(220),
      errors: random(3) === 0 ? 1 + random(9) : 0,
      filesTouched: files.slice(random(3), 2 + random(6)),
      model: 'claude-opus-4-5',
      tokens: {
        input: 4_210 + random(20_000),
        output: 18_400 + random(9000),
        cacheRead: 1_204_000,
        cacheWrite: 88_000,
      },
      firstPrompt: title,
      isLive: index === 0,
    };
  });
}

const diff: FileDiff = {
  file: '/home/ada/code/paper-boats/src/sync.ts',
  before: `export async function push(batch: Row[]) {\n  for (const row of batch) {\n    await send(row);\n  }\n}\n`,
  after:
    `export async function push(batch: Row[], signal: AbortSignal) {\n  // Order matters: the server ` +
    `keeps the last write it saw.\n  for (const row of batch) {\n    signal.throwIfAborted();\n    ` +
    `await send(row, signal);\n  }\n}\n`,
};

const answer = `The lock is held because the **worker thread** is never told to stop:

1. \`close()\` waits for the queue to drain
2. the queue waits for the socket, which is gone

\`\`\`ts
const lock = await take(path);
try {
  await serve(lock);
} finally {
  await lock.release(); // never reached
}
\`\`\`

| state | before | after |
| --- | --- | --- |
| crash | locked | released by the kernel |

See [the manual](https://example.org/locks) for why \`flock\` behaves like that.`;

/** A session of `turns` turns: prompt, thoughts, tools, answer. */
export function makeItems(turns: number, now: number): ReaderItem[] {
  const random = createRandom(11);
  const items: ReaderItem[] = [];
  const base = now - turns * 90_000;
  for (let turn = 0; turn < turns; turn += 1) {
    const at = base + turn * 90_000;
    const row = () => items.length + 1;
    items.push({
      kind: 'message',
      key: `p${row()}`,
      turn,
      at,
      role: 'user',
      text:
        turn === 2
          ? `${pick(tasks, random)}\n\n${'ERROR 1042 at line 17: connection reset by peer\n'.repeat(60)}`
          : pick(tasks, random),
      truncatedBytes: 0,
    });
    if (turn === 1)
      items.push({
        kind: 'message',
        key: `p${row()}`,
        turn,
        at,
        role: 'system',
        text: 'Conversation compacted: 182 messages summarised.',
        truncatedBytes: 0,
      });
    items.push(
      tool(`o${row()}`, turn, at + 4000, {
        tool: 'Read',
        headline: pick(files, random),
        output: 'import { take } from "./lock";\n'.repeat(8 + random(40)),
      }),
    );
    items.push(
      tool(`o${row()}`, turn, at + 9000, {
        tool: 'Bash',
        headline: 'npm test -- --run upload',
        input: 'npm test -- --run upload',
        output: `${'✓ upload > keeps the order (12 ms)\n'.repeat(random(50))}Tests 1 failed | 51 passed`,
        type: 'error',
        exitStatus: 1,
        truncatedBytes: 48_000,
      }),
    );
    if (turn % 3 === 1) {
      const agentId = `agent-${turn}`;
      items.push({
        kind: 'message',
        key: `p${row()}`,
        turn,
        at: at + 9500,
        role: 'user',
        text: 'Find every caller of push() and say which of them pass a signal.',
        truncatedBytes: 0,
        agentId,
      });
      items.push({
        ...tool(`o${row()}`, turn, at + 10_000, {
          tool: 'Grep',
          headline: 'push\\(',
          output: 'src/sync.ts:4\nsrc/ui/curve.tsx:90',
        }),
        agentId,
      });
      items.push({
        kind: 'message',
        key: `p${row()}`,
        turn,
        at: at + 11_000,
        role: 'assistant',
        text: 'Two callers, neither passes a signal.',
        truncatedBytes: 0,
        agentId,
      });
    }
    items.push(
      tool(`o${row()}`, turn, at + 12_000, {
        tool: 'Edit',
        headline: 'src/sync.ts',
        output: 'The file has been updated.',
        diffs: [diff],
      }),
    );
    items.push({
      kind: 'message',
      key: `p${row()}`,
      turn,
      at: at + 20_000,
      role: 'assistant',
      text: answer,
      truncatedBytes: 0,
      model: 'claude-opus-4-5',
      ...(turn === 0 && { copiedFrom: '00000000-0000-4000-8000-000000000004' }),
    });
  }
  items.push(
    tool(`o${items.length + 1}`, turns - 1, now, {
      tool: 'mcp__browser__open',
      headline: 'https://example.org',
      isAnswered: false,
    }),
  );
  return items;
}

function tool(
  key: RowKey,
  turn: number,
  at: number,
  part: Partial<Extract<ReaderItem, { kind: 'tool' }>>,
): Extract<ReaderItem, { kind: 'tool' }> {
  return {
    kind: 'tool',
    key,
    turn,
    at,
    type: 'tool_result',
    tool: 'Bash',
    headline: '',
    input: '',
    output: '',
    truncatedBytes: 0,
    files: [],
    diffs: [],
    importance: 0.5,
    isAnswered: true,
    ...part,
  };
}

export function makeLearnings(now: number): Learning[] {
  return [
    makeLearning({
      id: 'a1',
      category: 'solution',
      title: 'Release the file lock by letting the kernel do it',
      description:
        'Take the lock with `flock` on an open descriptor. **Never** write a pid file: it survives a ' +
        'crash.\n\n```ts\nconst lock = await take(path);\n```',
      tags: ['locks', 'crash'],
      isPinned: true,
      isVerified: true,
      verificationNotes: 'kill -9 in a loop',
      project: fakeProjects[0] ?? null,
      usageCount: 4,
      sourceSessions: ['00000000-0000-4000-8000-000000000003'],
      createdAt: now - day,
      updatedAt: now - 2 * hour,
    }),
    makeLearning({
      id: 'a2',
      category: 'error',
      title: 'ERR 1042 means the proxy closed an idle connection',
      description: 'Send a ping every 20 s, or set keepAliveTimeout above that of the proxy.',
      context: 'Uploads that take longer than a minute.',
      tags: ['network'],
      createdAt: now - 3 * day,
      updatedAt: now - 3 * day,
    }),
    makeLearning({
      id: 'a3',
      category: 'best_practice',
      title: 'Page by key, not by offset',
      description: 'Offsets skip and repeat rows while sessions are being written.',
      createdAt: now - 20 * day,
      updatedAt: now - 12 * day,
    }),
  ];
}

/** A healthy memory with the findings in `more`. */
export function makeExamination(now: number, more: readonly Finding[] = []): Examination {
  const well = (id: string, area: Finding['area'], message: string, ...args: number[]): Finding => ({
    id,
    area,
    level: 'ok',
    message,
    args,
    remedies: [],
  });
  const backup = {
    kind: 'scheduled',
    bytes: 5_200_000,
    plainBytes: 20_000_000,
    schemaVersion: 1,
    extensionVersion: '0.1.0',
  } as const;
  return {
    diagnosis: {
      at: now,
      findings: [
        well('store.integrity', 'store', 'The memory file was checked {0} hours ago and is whole.', 5),
        well('lock.keeper', 'lock', 'One process owns the memory: {0}. All windows ask it.', 41_712),
        well(
          'transcripts.ledger',
          'transcripts',
          '{0} of {1} sessions accounted for; {2} exist only here',
          7412,
          7412,
          214,
        ),
        well('index.documents', 'index', 'All {0} texts can be found by searching.', 61_204),
        ...more,
      ],
      report: '# Claude-Mem: diagnosis',
    },
    backups: [
      {
        ...backup,
        name: 'b2',
        at: now - 2 * hour,
        counts: { sessions: 7412, prompts: 40_000, observations: 90_000, learnings: 12 },
      },
      {
        ...backup,
        name: 'b1',
        kind: 'written',
        at: now - 8 * hour,
        bytes: 4100,
        counts: { sessions: 0, prompts: 0, observations: 0, learnings: 11 },
      },
    ],
    hasUndo: false,
    sizes: {
      database: 312_000_000,
      journal: 4_000_000,
      archive: 88_000_000,
      backups: 120_000_000,
      logs: 240_000,
      models: 23_700_000,
      aside: 0,
    },
    labels: Object.fromEntries(remedies.map((remedy) => [remedy, `<${remedy}>`])) as Record<Remedy, string>,
  };
}

export function failMissing(): never {
  throw new MemoryError('not_found', 'Not in this made-up memory.');
}
