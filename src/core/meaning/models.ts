/**
 * The models on offer. Every file is pinned by its SHA-256 at one revision of its repository: a file with another hash
 * is deleted, whatever server sent it. The pins were compared with independent lists of the same revisions
 * (docs/decisions/0011-local-embeddings.md). A model without pins can only be used from a folder.
 */

export interface ModelFile {
  /** Path in the repository and on disk, with forward slashes. */
  path: string;
  bytes: number;
  sha256: string;
}

export interface ModelSpec {
  id: string;
  /** First letters of the revision; part of the model's folder and of the id of its vectors. */
  version: string;
  name: string;
  languages: 'en' | 'many';
  licence: string;
  repository: string;
  /** Commit of the repository. */
  revision: string;
  files: readonly ModelFile[];
  dimension: number;
  /** Put before texts of each kind, when the model was trained with them. */
  prefixes: Prefixes;
}

export interface Prefixes {
  query: string;
  passage: string;
}

export const noPrefixes: Prefixes = { query: '', passage: '' };
export const e5Prefixes: Prefixes = { query: 'query: ', passage: 'passage: ' };

/**
 * Highest number of tokens read of a text. Both models were trained on texts of about this length, and time grows with
 * it.
 */
export const maxTokens = 256;

export const hubAddress = 'https://huggingface.co';

export const modelSpecs: readonly ModelSpec[] = [
  {
    id: 'all-MiniLM-L6-v2',
    version: '751bff37',
    name: 'all-MiniLM-L6-v2',
    languages: 'en',
    licence: 'Apache-2.0',
    repository: 'Xenova/all-MiniLM-L6-v2',
    revision: '751bff37182d3f1213fa05d7196b954e230abad9',
    dimension: 384,
    prefixes: noPrefixes,
    files: [
      { path: 'config.json', bytes: 650, sha256: '7135149f7cffa1a573466c6e4d8423ed73b62fd2332c575bf738a0d033f70df7' },
      {
        path: 'tokenizer_config.json',
        bytes: 366,
        sha256: '9261e7d79b44c8195c1cada2b453e55b00aeb81e907a6664974b4d7776172ab3',
      },
      {
        path: 'tokenizer.json',
        bytes: 711_661,
        sha256: 'da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0',
      },
      {
        path: 'onnx/model_quantized.onnx',
        bytes: 22_972_370,
        sha256: 'afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1',
      },
    ],
  },
  {
    id: 'multilingual-e5-small',
    version: '761b726d',
    name: 'multilingual-e5-small',
    languages: 'many',
    licence: 'MIT',
    repository: 'Xenova/multilingual-e5-small',
    revision: '761b726dd34fb83930e26aab4e9ac3899aa1fa78',
    dimension: 384,
    prefixes: e5Prefixes,
    files: [
      { path: 'config.json', bytes: 658, sha256: 'cb99455288675345e1a4f411438d5d0adbba5fbd3a67ea4fb03c015433b996c1' },
      {
        path: 'tokenizer_config.json',
        bytes: 443,
        sha256: 'a1d6bc8734a6f635dc158508bef000f8e2e5a759c7d92f984b2c86e5ff53425b',
      },
      {
        path: 'tokenizer.json',
        bytes: 17_082_730,
        sha256: '0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39',
      },
      {
        path: 'onnx/model_quantized.onnx',
        bytes: 118_308_185,
        sha256: 'f80102d3f2a1229f387d3c81909990d8945513e347b0eab049f7de3c6f98c193',
      },
    ],
  },
];

export const sizeOfModel = ({ files }: Pick<ModelSpec, 'files'>): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);
/** Id of its vectors and name of its folder below `models/`. */
export const versionedId = ({ id, version }: Pick<ModelSpec, 'id' | 'version'>): string => `${id}@${version}`;
