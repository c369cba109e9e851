/** Finds and runs Claude Code's own program. */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

export interface ProgramEnd {
  /** Undefined when it was ended for taking too long, or could not be started. */
  code?: number;
  /** All that it said. */
  text: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const longestRunMs = 60_000;
/** Where its installers put it, for editors whose PATH was made without a shell. */
const usualFolders = (): string[] => [path.join(homedir(), '.local', 'bin'), path.join(homedir(), '.claude', 'local')];

/** The whole path of a program; undefined when there is none of that name. */
export async function findProgram(
  name: string,
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  more: readonly string[] = usualFolders(),
): Promise<string | undefined> {
  // On Windows a name without an ending is no program.
  const endings = platform === 'win32' ? (env['PATHEXT'] ?? '.EXE;.CMD;.BAT').split(';') : [''];
  // Windows names the variable `Path`.
  const listed = Object.entries(env).find(([key]) => key.toUpperCase() === 'PATH')?.[1] ?? '';
  const folders = listed.split(platform === 'win32' ? ';' : ':').filter((folder) => path.isAbsolute(folder));
  for (const folder of [...folders, ...more]) {
    for (const ending of endings) {
      const file = path.join(folder, name + ending.toLowerCase());
      if (await isProgram(file)) return file;
    }
  }
  return undefined;
}

const isProgram = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );

/** Runs it in the home folder, where no project's settings are read. */
export function runProgram(program: string, args: readonly string[]): Promise<ProgramEnd> {
  // Scripts of Windows run in its shell only.
  const isScript = /\.(cmd|bat)$/i.test(program);
  const [file, given] = isScript ? [`"${program}"`, args.map((arg) => `"${arg}"`)] : [program, [...args]];
  return new Promise((resolve) => {
    execFile(
      file,
      given,
      { cwd: homedir(), timeout: longestRunMs, windowsHide: true, shell: isScript },
      (error, stdout, stderr) => {
        const text = `${stdout}\n${stderr}`.trim();
        if (!error) resolve({ code: 0, text });
        else resolve(typeof error.code === 'number' ? { code: error.code, text } : { text: text || error.message });
      },
    );
  });
}
