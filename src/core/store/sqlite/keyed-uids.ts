/** Uids inside of JSON and of keys of evidence, as they are since uids are keyed. What is keyed already stays. */
import type { KeyedName, NameKey } from '../../lib/keyed-name';

/** The JSON with the `uid` of each object keyed, however deep it is. */
export function withKeyedUids(json: string, names: NameKey): string {
  return JSON.stringify(JSON.parse(json), (name, value: unknown) =>
    name === 'uid' && typeof value === 'string' && value !== '' ? names.ofRow(value) : value,
  );
}

/** Kinds of evidence that name themselves by the row they are about. */
const ofOneRow = /^(reaction|told|why|check|edits|failing|red|revert):(.+)$/s;

const keyedModel = /^model:[\w-]{22}$/;

/** @param linesJson the lines of the evidence, of which a model's names itself by all */
export function keyedEvidence(
  key: string,
  linesJson: string,
  names: NameKey,
): { evidence_key: string; lines_json: string } {
  const lines_json = withKeyedUids(linesJson, names);
  const [, kind, uid] = ofOneRow.exec(key) ?? [];
  if (uid !== undefined) return { evidence_key: `${kind}:${names.ofRow(uid)}`, lines_json };
  if (!key.startsWith('model:') || keyedModel.test(key)) return { evidence_key: key, lines_json };
  const uids = [...new Set((JSON.parse(linesJson) as { uid: string }[]).map((line) => line.uid))];
  return {
    evidence_key:
      key === `model:${uids.join(':')}`
        ? `model:${uids.map((each): KeyedName => names.ofRow(each)).join(':')}`
        : `model:${names.of(key)}`,
    lines_json,
  };
}
