/**
 * Redacts the texts of records. The rules of today may be stricter than those of the memory they come from, and an export
 * may be anybody's. Ids and words of our own are no texts: their form was checked.
 */
import type { RecordKind } from '../../protocol/portable';
import type { Redactor } from '../observe/redact';
import type { SealedRecord } from '../store/portable/merge';
import type { RecordOf } from './schemas';

const everywhere = ['uid', 'session', 'sessionId', 'sessions'];

/** Fields, at any depth, that are no text. */
const plainFields: Readonly<Record<RecordKind, readonly string[]>> = {
  sessions: ['id', 'origin'],
  prompts: ['role'],
  observations: ['prompt', 'type', 'call', 'fingerprint'],
  copies: [],
  usage: ['message'],
  costs: [],
  summaries: ['source', 'request', 'outcome', 'check'],
  learnings: ['id', 'state', 'origin', 'category', 'memoryKind', 'factKey', 'supersededBy'],
  evidence: ['learning', 'kind', 'mergedFrom', 'key'],
  trail: ['learning', 'by', 'action', 'other'],
  merges: ['merged', 'into'],
  marks: [],
  names: [],
  classes: ['what', 'learning', 'class'],
  searches: ['id'],
  joins: ['why'],
  given: ['request', 'source', 'id'],
  choices: ['what', 'item'],
  refusals: ['error', 'fix'],
  uses: [],
  calls: ['id'],
};

const plainSets = new Map(
  Object.entries(plainFields).map(([kind, names]) => [kind as RecordKind, new Set([...everywhere, ...names])]),
);

export interface SealedBatch<Kind extends RecordKind> {
  records: SealedRecord<RecordOf<Kind>>[];
  redactions: number;
}

export async function sealRecords<Kind extends RecordKind>(
  kind: Kind,
  records: readonly RecordOf<Kind>[],
  redactor: Pick<Redactor, 'redact'>,
): Promise<SealedBatch<Kind>> {
  const plain = plainSets.get(kind) as ReadonlySet<string>;
  const texts: string[] = [];
  for (const record of records)
    mapTexts(record, plain, (text) => {
      texts.push(text);
      return text;
    });
  const report = await redactor.redact(texts);
  let next = 0;
  const sealed = records.map((record) => mapTexts(record, plain, () => report.texts[next++] as string));
  return {
    records: sealed as SealedRecord<RecordOf<Kind>>[],
    redactions: report.redactions.reduce((sum, count) => sum + count, 0),
  };
}

/** The same value with each text replaced, in a fixed order. */
function mapTexts(value: unknown, plain: ReadonlySet<string>, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, plain, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, plain.has(name) ? each : mapTexts(each, plain, change)]),
  );
}
