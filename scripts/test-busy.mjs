// `npm run test:busy [-- LOOPS LAYER…]`: runs `npm test` beside four busy loops (or another number). No test may depend
// on the speed of the machine.
import { spawn } from 'node:child_process';
import { endChildrenWithUs, root, run } from './run.mjs';

const args = process.argv.slice(2);
const loops = /^\d+$/.test(args[0] ?? '') ? Number(args.shift()) : 4;
// A loop looks for us now and then, and fails when we were killed without a word.
const loop = 'const { ppid } = process; for (let count = 0; ; count++) if (count % 1e7 === 0) process.kill(ppid, 0);';
const busy = Array.from({ length: loops }, () => spawn(process.execPath, ['-e', loop], { stdio: 'ignore', cwd: root }));
const stop = () => busy.forEach((each) => each.kill('SIGKILL'));
process.once('exit', stop);
endChildrenWithUs();
console.log(`${loops} busy loops beside the tests: ${busy.map(({ pid }) => pid).join(', ')}`);
process.exitCode = await run(process.execPath, ['scripts/test.mjs', ...args]);
stop();
