/** Each rule of the diagnosis with made-up facts, and a report that contains no personal data. */
import { describe, expect, it } from 'vitest';
import type { BackupInfo, FindingLevel, Remedy } from '../../protocol/care';
import { fillIn, remedies } from '../../protocol/care';
import { dayMs, hourMs } from '../lib/clock';
import { diagnose } from './diagnose';
import type { Facts } from './facts';
import { rules } from './rules';
import { whatIsDue } from './schedule';
import { scrub } from './scrub';

const now = Date.UTC(2026, 10, 22, 12);
const backup: BackupInfo = {
  name: 'b',
  kind: 'scheduled',
  at: now - 2 * hourMs,
  bytes: 5e6,
  plainBytes: 2e7,
  schemaVersion: 1,
  extensionVersion: '1.0.0',
  counts: { sessions: 3, prompts: 9, observations: 9, learnings: 1 },
};
const well: Facts = {
  now,
  extensionVersion: '1.0.0',
  schemaVersion: 1,
  protocolVersion: 2,
  driver: 'disk',
  keeperPid: 42,
  sessions: 3,
  learnings: 1,
  lastCaptureAt: now,
  restrictions: [],
  redactions: 0,
  archive: { isOn: true, isBroken: false, files: 4, sessions: 3, plainBytes: 9e6, bytes: 2e6, redactions: 0 },
  meaning: { phase: 'ready', model: { id: 'm@1', name: 'm', source: 'offer', dimension: 384 } },
  capture: { phase: 'idle', filesTotal: 3, filesDone: 3, bytesTotal: 1, bytesDone: 1, current: '' },
  warnings: [],
  health: {
    transcripts: 7412,
    transcriptsBalanced: 7412,
    onlyHere: 214,
    rows: 18,
    documents: 18,
    freeBytes: 0,
    future: 0,
    ancient: 0,
    unknownTypes: [],
  },
  links: { followed: 0, passedOver: 0 },
  folders: [{ dir: '/home/me/.claude' }],
  sizes: { database: 20e6, journal: 0, archive: 0, backups: 5e6, logs: 1000, models: 0, aside: 0 },
  diskFree: 80e9,
  isReadableByOthers: false,
  passedOver: [],
  redaction: { patterns: 0, words: 0, kinds: [], refused: [], isBehind: false, isScanning: false },
  hasUndo: false,
  idleExcludes: [],
  folderHash: 'abcdef01',
  machine: 'test',
  state: {
    lastFullAt: now - 2 * hourMs,
    lastWrittenAt: now,
    lastCheck: { at: now - 5 * hourMs, problems: [] },
    outcomes: [],
    requests: {},
    unforgotten: [],
  },
  backups: [backup],
};
const queue = { waiting: 0, done: 90, perSecond: 0, isPaused: false };
const trial = {
  model: 'm@1',
  at: now,
  rule: 2,
  pairs: 80,
  weight: 0.5,
  words: { mrr: 0.6, hit5: 0.7 },
  fused: { mrr: 0.7, hit5: 0.8 },
  documents: 90,
};
const findingOf = (rule: string, change: Partial<Facts>) => rules[rule]?.({ ...well, ...change });

describe('the rules', () => {
  it('find nothing wrong where all is well', () => {
    const { findings } = diagnose(well, well.state, well.backups, now);
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(new Set(findings.map(({ area }) => area))).toEqual(
      new Set(['store', 'lock', 'disk', 'transcripts', 'index', 'model', 'hooks']),
    );
    const ledger = findings.find(({ id }) => id === 'transcripts.ledger');
    expect(fillIn(ledger?.message ?? '', ledger?.args ?? [])).toBe(
      '7412 of 7412 sessions accounted for; 214 exist only here',
    );
  });

  it.each<[string, Partial<Facts>, FindingLevel, Remedy[]]>([
    [
      'integrity',
      { state: { ...well.state, lastCheck: { at: now, problems: ['row missing'] } } },
      'error',
      ['repair', 'restore_backup', 'show_log'],
    ],
    ['integrity', { state: { ...well.state, lastCheck: undefined } }, 'note', []],
    ['driver', { driver: 'image', warnings: [{ code: 'fallback_driver', message: 'x' }] }, 'warning', ['show_log']],
    ['driver', { driver: 'memory' }, 'error', ['show_log']],
    ['links', { links: { followed: 2, passedOver: 1 } }, 'note', []],
    ['links', { links: { followed: 2, passedOver: 0 } }, 'ok', []],
    ['folders', { folders: [{ dir: '/a', fault: 'missing' }] }, 'warning', ['choose_folder', 'import_now']],
    [
      'folders',
      { folders: [{ dir: '/a' }, { dir: '/b', fault: 'no_projects' }] },
      'warning',
      ['choose_folder', 'import_now'],
    ],
    ['folders', { folders: [{ dir: '/a', fault: 'missing' }], sessions: 0 }, 'note', ['choose_folder', 'import_now']],
    ['dates', { health: { ...well.health, future: 1 } }, 'note', []],
    ['dates', { health: { ...well.health, ancient: 1 } }, 'note', []],
    [
      'unknownTypes',
      { health: { ...well.health, unknownTypes: [{ type: 'new-thing', version: '2.2.0', lines: 4 }] } },
      'note',
      [],
    ],
    [
      'outcome',
      {
        state: {
          ...well.state,
          outcomes: [{ requestId: 'r', kind: 'restore', at: now, isDone: false, reason: 'no', learningsKept: 0 }],
        },
      },
      'warning',
      ['restore_backup', 'repair', 'show_log'],
    ],
    ['undo', { hasUndo: true }, 'note', ['undo_restore']],
    ['restricted', { restrictions: [{ id: 1, from: now, until: now + 86_400_000 }] }, 'note', ['restrict']],
    [
      'restricted',
      { restrictions: [{ id: 1, project: { id: 1, name: 'shop', root: '/w/shop' }, from: now, until: now + 1 }] },
      'note',
      ['restrict'],
    ],
    ['redaction', { redaction: { ...well.redaction, isScanning: true } }, 'note', []],
    ['redaction', { redaction: { ...well.redaction, isBehind: true } }, 'note', ['scan_again', 'open_settings']],
    [
      'redaction',
      { redaction: { ...well.redaction, lastScan: { startedAt: now, counts: {}, changed: 0 } } },
      'warning',
      ['scan_again'],
    ],
    [
      'redaction',
      {
        redaction: { ...well.redaction, lastScan: { startedAt: now, endedAt: now, counts: { email: 2 }, changed: 1 } },
      },
      'ok',
      ['scan_again', 'open_settings'],
    ],
    ...(['invalid', 'empty', 'costly', 'unproven', 'slow'] as const).map(
      (fault): [string, Partial<Facts>, FindingLevel, Remedy[]] => [
        'redactionRefused',
        { redaction: { ...well.redaction, refused: [{ name: 'mine', fault, detail: 'why' }] } },
        'warning',
        ['open_settings'],
      ],
    ),
    ['backup', { backups: [] }, 'warning', ['back_up']],
    ['backup', { backups: [{ ...backup, kind: 'written' }] }, 'warning', ['back_up']],
    [
      'backup',
      {
        backups: [{ ...backup, at: now - 4 * dayMs }],
        state: { ...well.state, lastFullAt: now - 4 * dayMs },
      },
      'warning',
      ['back_up', 'restore_backup'],
    ],
    // Nothing has changed since.
    ['backup', { backups: [{ ...backup, at: now - 4 * dayMs }] }, 'ok', ['back_up', 'restore_backup']],
    ['clock', { warnings: [{ code: 'clock_back', message: 'x' }] }, 'warning', []],
    ['tasks', { warnings: [{ code: 'tasks_died', message: 'x' }] }, 'warning', ['show_log']],
    ['silent', { warnings: [{ code: 'capture_silent', message: 'x' }] }, 'warning', ['import_now', 'show_log']],
    [
      'backupFailure',
      { state: { ...well.state, lastFailure: { at: now, reason: 'backup: ENOSPC' } } },
      'warning',
      ['back_up', 'show_log'],
    ],
    ['erasing', { state: { ...well.state, unforgotten: [{ kind: 'session', target: 's', at: now }] } }, 'note', []],
    ['room', { health: { ...well.health, freeBytes: 15e6 } }, 'note', ['compact']],
    ['keeper', { warnings: [{ code: 'network_folder', message: 'x' }] }, 'warning', ['open_folder']],
    ['steps', { warnings: [{ code: 'step_failed', message: 'x' }] }, 'warning', ['show_log']],
    ['privacy', { isReadableByOthers: true }, 'warning', ['open_folder']],
    ['disk', { diskFree: 10e6 }, 'error', ['compact', 'open_folder']],
    ['disk', { diskFree: 200e6 }, 'warning', ['compact', 'open_folder']],
    ['ledger', { health: { ...well.health, transcriptsBalanced: 7400 } }, 'warning', ['import_now', 'show_log']],
    ['passedOver', { passedOver: [{ file: 'a.jsonl', offset: 7 }] }, 'warning', []],
    ['archive', { archive: { ...well.archive, isBroken: true } }, 'error', ['repair', 'show_log']],
    ['archive', { archive: { ...well.archive, isOn: false } }, 'note', ['open_settings']],
    ['capture', { capture: { ...well.capture, phase: 'paused' } }, 'note', ['resume_capture']],
    ['capture', { capture: { ...well.capture, phase: 'cancelled' } }, 'note', ['import_now']],
    [
      'capture',
      { capture: { ...well.capture, phase: 'error', reason: '1 × EACCES' } },
      'warning',
      ['import_now', 'show_log'],
    ],
    [
      'vectors',
      {
        vectors: {
          model: 'm@1',
          weight: 0,
          queue: { waiting: 9, done: 1, perSecond: 0, isPaused: true, whyPaused: 'model' },
        },
      },
      'warning',
      ['show_log'],
    ],
    ['vectors', { vectors: { model: 'm@1', weight: 0, queue } }, 'note', []],
    [
      'vectors',
      {
        vectors: {
          model: 'm@1',
          weight: 0,
          queue,
          calibration: { ...trial, weight: 0, pairs: 3, reason: 'few_pairs' },
        },
      },
      'note',
      [],
    ],
    [
      'vectors',
      { vectors: { model: 'm@1', weight: 0, queue, calibration: { ...trial, weight: 0, reason: 'no_gain' } } },
      'ok',
      [],
    ],
    ['vectors', { vectors: { model: 'm@1', weight: 0.5, queue, calibration: trial } }, 'ok', []],
    [
      'queue',
      { vectors: { model: 'm@1', weight: 0, queue: { ...queue, isPaused: true, whyPaused: 'user' } } },
      'note',
      ['choose_model'],
    ],
    [
      'queue',
      { vectors: { model: 'm@1', weight: 0, queue: { ...queue, waiting: 9, isPaused: true, whyPaused: 'battery' } } },
      'ok',
      ['choose_model'],
    ],
    ['queue', { vectors: { model: 'm@1', weight: 0, queue: { ...queue, waiting: 9 } } }, 'ok', ['choose_model']],
    ['capture', { sessions: 0 }, 'note', ['open_settings', 'import_now']],
    ['meaning', { meaning: { phase: 'needs_consent', model: null } }, 'warning', ['choose_model']],
    [
      'meaning',
      { meaning: { phase: 'failed', model: null, reason: 'model_crashed' } },
      'warning',
      ['choose_model', 'show_log'],
    ],
    ['meaning', { meaning: { phase: 'off', model: null } }, 'ok', ['choose_model']],
    ['index', { health: { ...well.health, documents: 10 } }, 'warning', ['rebuild_index']],
    ['index', { capture: { ...well.capture, indexing: { done: 3, total: 18 } } }, 'note', []],
  ])('%s', (rule, change, level, offered) => {
    expect(findingOf(rule, change)).toMatchObject({ level, remedies: offered });
    expect(findingOf(rule, {})?.level ?? 'ok').toBe('ok');
    expect(offered.every((remedy) => remedies.includes(remedy))).toBe(true);
  });

  it('fill every placeholder', () => {
    for (const [name, rule] of Object.entries(rules)) {
      for (const change of [
        {},
        { sessions: 0, backups: [], hasUndo: true, isReadableByOthers: true, driver: 'image' as const, diskFree: 1 },
      ]) {
        const finding = rule({ ...well, ...change });
        if (finding)
          expect([name, fillIn(finding.message, finding.args)]).not.toEqual([name, expect.stringContaining('{')]);
      }
    }
  });
});

describe('the report', () => {
  it('has no path, no name and no quoted text, whatever errors say', () => {
    const canary = 'wombatquux';
    const state = {
      ...well.state,
      lastFailure: { at: now, reason: `backup: ENOSPC: no space left, write '/home/${canary}/x'` },
      lastCheck: { at: now, problems: [`row 3 missing from index "${canary}"`] },
      unforgotten: [{ kind: 'project' as const, target: `/work/${canary}`, at: now }],
      outcomes: [
        {
          requestId: canary,
          kind: 'restore' as const,
          at: now,
          isDone: false,
          reason: `cannot read C:\\Users\\${canary}\\memory.db`,
          learningsKept: 0,
        },
      ],
    };
    const facts: Facts = {
      ...well,
      state,
      driver: 'image',
      meaning: {
        phase: 'ready',
        model: { id: 'folder@1', name: canary, source: 'folder', dimension: 1 },
        reason: `cannot read /x/${canary}`,
      },
      capture: {
        ...well.capture,
        phase: 'error',
        current: `${canary}.jsonl`,
        reason: `2 × EACCES: permission denied, open '~/${canary}/a.jsonl'`,
      },
      warnings: [{ code: 'fallback_driver', message: `failed at /mnt/${canary}/memory.db` }],
      idleExcludes: [{ pattern: canary, readAs: `**/${canary}` }],
    };
    const { report, findings } = diagnose(facts, state, well.backups, now);
    expect(report).toContain('store.integrity');
    expect(report).not.toContain(canary);
    // What the person wrote is shown in the Doctor, not in the report.
    expect(JSON.stringify(findings.filter(({ id }) => id !== 'transcripts.excludes'))).not.toContain(canary);
  });

  it.each([
    ["ENOENT: no such file, open '/home/anna/secret plans/x.jsonl'", 'ENOENT: no such file, open …'],
    ['capture: EACCES at 0f0f0f0f-1111-4222-8333-444444444444.jsonl', 'capture: EACCES at 0f0f0f0f'],
    ['Unexpected token p in "my password is" at 3', 'Unexpected token p in … at 3'],
    ['at C:\\Users\\anna\\x', 'at …'],
    ['12 of 13 files read', '12 of 13 files read'],
  ])('scrubs %j', (message, clean) => {
    expect(scrub(message)).toBe(clean);
  });
});

describe('what is due', () => {
  const state = { lastFullAt: now, lastWrittenAt: now, lastBoundsAt: now, lastCheck: { at: now, problems: [] } };
  it.each([
    ['nothing yet', state, 30 * 60_000, {}],
    ['what was written after an hour', state, hourMs, { written: true }],
    ['a whole backup after six', state, 6 * hourMs, { written: true, whole: true }],
    ['all after a day', state, dayMs, { written: true, whole: true, check: true, bounds: true }],
    ['all after a clock was set back', state, -dayMs, { written: true, whole: true, check: true, bounds: true }],
    [
      'no backup soon after one that failed',
      { ...state, lastFailure: { at: now + 6 * hourMs, reason: '' } },
      6.5 * hourMs,
      {},
    ],
    [
      'but later',
      { ...state, lastFailure: { at: now + 6 * hourMs, reason: '' } },
      7 * hourMs,
      { written: true, whole: true },
    ],
  ])('is %s', (_, from, later, due) => {
    expect(whatIsDue(from, now + later)).toEqual({ whole: false, written: false, check: false, bounds: false, ...due });
  });
});
