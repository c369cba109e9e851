/**
 * Examines a folder with a model that a person chose: whether it is complete, and which model it is, by the hash of its
 * files.
 */
import { createHash } from 'node:crypto';
import nodeFs from 'node:fs';
import path from 'node:path';
import { MemoryError } from '../../protocol/errors';
import { readJson } from '../lib/durable';
import { sha256Of } from './download';
import { e5Prefixes, maxTokens, noPrefixes, versionedId } from './models';
import type { ModelSpec, Prefixes } from './models';

/** What the model's thread needs to know. */
export interface UsableModel {
  /** With the version. Vectors of different ids are never compared. */
  id: string;
  name: string;
  source: 'offer' | 'folder';
  folder: string;
  dtype: 'q8' | 'fp32';
  dimension: number;
  maxTokens: number;
  prefixes: Prefixes;
}

interface Configuration {
  _name_or_path?: unknown;
  hidden_size?: unknown;
}

const always = ['config.json', 'tokenizer.json', 'tokenizer_config.json'] as const;
const weights = [
  ['onnx/model_quantized.onnx', 'q8'],
  ['onnx/model.onnx', 'fp32'],
] as const;

const unusable = (reason: string, message: string) => new MemoryError('no_model', message, { reason });

export function describeOffer(spec: ModelSpec, folder: string): UsableModel {
  const { name, dimension, prefixes } = spec;
  return { id: versionedId(spec), name, source: 'offer', folder, dtype: 'q8', dimension, maxTokens, prefixes };
}

/**
 * Reads the whole folder once. A folder with the pinned files of a known model is that model, because the vectors are
 * the same.
 * @throws MemoryError `no_model` with reason `model_incomplete`, naming the first missing file
 */
export async function examineFolder(folder: string, specs: readonly ModelSpec[]): Promise<UsableModel> {
  const isThere = (file: string) =>
    nodeFs.statSync(path.join(folder, file), { throwIfNoEntry: false })?.isFile() === true;
  const missing = always.find((file) => !isThere(file));
  if (missing !== undefined) throw unusable('model_incomplete', `There is no ${missing} in the folder.`);
  const [model, dtype] = weights.find(([file]) => isThere(file)) ?? [];
  if (model === undefined || dtype === undefined)
    throw unusable('model_incomplete', `There is no ${weights[0][0]} in the folder.`);
  const { hidden_size: dimension, _name_or_path: origin } = readJson<Configuration>(path.join(folder, always[0])) ?? {};
  if (typeof dimension !== 'number' || !Number.isInteger(dimension) || dimension < 1)
    throw unusable('model_incomplete', 'config.json names no hidden_size.');
  const hashes = new Map<string, string>();
  for (const file of [...always, model]) {
    const hash = await sha256Of(path.join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      throw unusable('model_incomplete', `${file} cannot be read: ${error.code}`);
    });
    hashes.set(file, hash);
  }
  const known = specs.find(
    ({ files }) => files.length === hashes.size && files.every(({ path: file, sha256 }) => hashes.get(file) === sha256),
  );
  if (known) return { ...describeOffer(known, folder), source: 'folder' };
  const name = path.basename(folder);
  // E5 models were trained with a word before each text and find little without it.
  const prefixes = typeof origin === 'string' && /(^|[/_-])e5([/_-]|$)/i.test(origin) ? e5Prefixes : noPrefixes;
  return {
    id: `folder@${fingerprint(hashes, prefixes)}`,
    name,
    source: 'folder',
    folder,
    dtype,
    dimension,
    maxTokens,
    prefixes,
  };
}

function fingerprint(hashes: ReadonlyMap<string, string>, prefixes: Prefixes): string {
  const text = [...hashes].map(([file, hash]) => `${file} ${hash}`).join('\n');
  return createHash('sha256')
    .update(text + prefixes.query + prefixes.passage)
    .digest('hex')
    .slice(0, 16);
}
