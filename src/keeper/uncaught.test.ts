import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { silentLog } from '../core/lib/log';
import type { MemoryStatus } from '../protocol/status';
import { containErrors } from './uncaught';

it('logs every error with its place and warns of them once, without ending the thread', () => {
  const thread = new EventEmitter();
  const warnings: MemoryStatus['warnings'] = [{ code: 'network_folder', message: 'x' }];
  const lines: string[] = [];
  containErrors(thread, { ...silentLog, error: (line) => void lines.push(line) }, warnings);
  thread.emit('uncaughtException', new TypeError('one'));
  thread.emit('unhandledRejection', new RangeError('two'));
  expect(lines.map((line) => line.replace(/ at .*: /, ' … '))).toEqual([
    'keeper: not caught: TypeError … one',
    'keeper: not caught: RangeError … two',
  ]);
  expect(warnings.map(({ code }) => code)).toEqual(['network_folder', 'step_failed']);
});
