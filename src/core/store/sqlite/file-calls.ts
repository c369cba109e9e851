import type nodeFs from 'node:fs';

/** The file calls the layer makes; tests inject failing ones. */
export type FileCalls = Pick<
  typeof nodeFs,
  | 'openSync'
  | 'closeSync'
  | 'readSync'
  | 'writeSync'
  | 'fsyncSync'
  | 'fdatasyncSync'
  | 'fstatSync'
  | 'statSync'
  | 'accessSync'
  | 'unlinkSync'
  | 'renameSync'
  | 'ftruncateSync'
>;
