/**
 * The envelope of a line → texts without secrets. A branch, a folder, a version or the id of a session is text like any
 * other: a person, a program or another client's line may have put a token into it.
 */
import { wholeLetter } from '../../protocol/text';
import type { Entry, Envelope } from '../transcript/schema';
import { sliceRedacted } from './redact';
import type { Redacted, Redactor } from './redact';

/** Longest id, name and path, cut after redaction: the beginning of a key is known to no rule. */
const maxLength = {
  sessionId: 200,
  originSessionId: 200,
  agentId: 200,
  gitBranch: 400,
  version: 400,
  entrypoint: 400,
  cwd: 4096,
} as const;
type TextField = keyof typeof maxLength;
const textFields = Object.keys(maxLength) as TextField[];

export interface Numbered<Text extends string = string> {
  entry: Entry<Text>;
  /** Index of its line in the batch. */
  line: number;
}

export interface SealedEntries {
  entries: Numbered<Redacted>[];
  /** What is stored of the folders that the lines name, with each as written. */
  folders: Map<Redacted, string>;
}

/** Each text is redacted once, because the lines of a batch repeat a few of them. */
export async function sealEntries(entries: readonly Numbered[], redactor: Redactor): Promise<SealedEntries> {
  const texts = new Set<string>();
  for (const { entry } of entries) {
    for (const field of textFields) {
      const text = entry.envelope[field];
      if (text !== undefined) texts.add(text);
    }
    if (entry.unknownType !== undefined) texts.add(entry.unknownType);
  }
  const report = await redactor.redact([...texts]);
  const safe = new Map([...texts].map((text, index) => [text, report.texts[index] as Redacted]));
  const folders = new Map<Redacted, string>();
  const sealed = entries.map(({ entry: { unknownType, envelope: read, ...entry }, line }): Numbered<Redacted> => {
    const envelope: Envelope<Redacted> = {
      isSidechain: read.isSidechain,
      ...(read.uuid !== undefined && { uuid: read.uuid }),
      ...(read.at !== undefined && { at: read.at }),
    };
    for (const field of textFields) {
      const [text, known] = [read[field], safe.get(read[field] ?? '')];
      if (text === undefined || known === undefined) continue;
      envelope[field] = sliceRedacted(known, 0, wholeLetter(known, maxLength[field]));
      if (field === 'cwd') folders.set(envelope[field], text);
    }
    const type = unknownType === undefined ? undefined : safe.get(unknownType);
    return { entry: { ...entry, envelope, ...(type !== undefined && { unknownType: type }) }, line };
  });
  return { entries: sealed, folders };
}
