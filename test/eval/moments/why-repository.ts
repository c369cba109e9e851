/**
 * A repository with known authors: sessions of Claude's and a person take turns in it, and of each line it is known who wrote
 * it. What a person or a program does leaves no trace but the files.
 */
import { Transcript, sessionId } from '../../fixtures/transcript-lines';
import { among, beginningOf, blockOf, chanceOf, changedLine, oneOf, stepOf } from './why-code';
import type { Chance, Language } from './why-code';

/** Session and turn, or undefined for a person. */
export type Author = string | undefined;
export interface AuthoredLine {
  text: string;
  by: Author;
  /** A person copied a line of Claude's: its words are of that turn. */
  copyOf?: string;
  /** The session that moved it, which has not written it. */
  movedBy?: string;
}

/** A file that Claude changed in a turn, as it stood when the turn was over. */
export interface TurnEnd {
  sessionId: string;
  turn: number;
  name: string;
  lines: AuthoredLine[];
}

interface PlantedRepository {
  files: Map<string, AuthoredLine[]>;
  transcripts: Transcript[];
  /** How often each thing was done. */
  done: Map<string, number>;
}

const languages: readonly Language[] = ['ts', 'py', 'go'];
const hour = 3_600_000;
const mark = (session: string, turn: number): Author => `${session} ${turn}`;

const copied = ({ text, by, copyOf }: AuthoredLine): AuthoredLine => {
  const from = by ?? copyOf;
  return { text, by: undefined, ...(from !== undefined && { copyOf: from }) };
};

export class Planting implements PlantedRepository {
  readonly files = new Map<string, AuthoredLine[]>();
  readonly transcripts: Transcript[] = [];
  readonly done = new Map<string, number>();
  readonly turnEnds: TurnEnd[] = [];
  readonly #touched = new Set<string>();
  readonly chance: Chance;
  #older = new Map<string, AuthoredLine[]>();
  #names = 0;
  #at: number;

  constructor(
    seed: number,
    readonly root: string,
    now: number,
  ) {
    this.chance = chanceOf(seed);
    this.#at = now - 4000 * hour;
  }

  /** Until there are so many lines. */
  grow(lines: number): this {
    while (this.size < lines * 0.3) this.#person('new file', () => this.#newFile(undefined));
    while (this.size < lines) {
      this.#session();
      for (let times = 1 + among(this.chance, 4); times > 0; times--) this.#personActs();
    }
    return this;
  }

  get size(): number {
    return [...this.files.values()].reduce((sum, { length }) => sum + length, 0);
  }

  #count(what: string): void {
    this.done.set(what, (this.done.get(what) ?? 0) + 1);
  }

  #person(what: string, act: () => void): void {
    this.#count(`person: ${what}`);
    act();
  }

  #newFile(by: Author): string {
    const language = oneOf(this.chance, languages);
    const name = `src/part${among(this.chance, 6)}/file${++this.#names}.${language}`;
    const texts = [
      ...beginningOf(this.chance, language),
      ...Array.from({ length: 3 + among(this.chance, 8) }, () => blockOf(this.chance, language)).flat(),
    ];
    this.files.set(
      name,
      texts.map((text) => ({ text, by })),
    );
    return name;
  }

  #anyFile(): string {
    return oneOf(
      this.chance,
      [...this.files].filter(([, { length }]) => length > 0).map(([name]) => name),
    );
  }

  #languageOf(name: string): Language {
    return name.slice(name.lastIndexOf('.') + 1) as Language;
  }

  /** A function of the file, as a half-open range. */
  #blockIn(lines: readonly AuthoredLine[]): [number, number] {
    const starts = lines.flatMap(({ text }, at) => (/^(?:export function|def|func) /.test(text) ? [at] : []));
    if (starts.length === 0) return [0, Math.min(3, lines.length)];
    const which = among(this.chance, starts.length);
    return [starts[which]!, starts[which + 1] ?? lines.length];
  }

  #personActs(): void {
    const name = this.#anyFile();
    const lines = this.files.get(name)!;
    const [from, to] = this.#blockIn(lines);
    const language = this.#languageOf(name);
    const roll = this.chance();
    const isLeft = lines.length > 12;
    if (roll < 0.2)
      this.#person('change lines', () => {
        for (let times = 1 + among(this.chance, 4); times > 0; times--) {
          const at = among(this.chance, lines.length);
          if (lines[at]!.text.trim() !== '')
            lines[at] = { text: changedLine(this.chance, lines[at]!.text), by: undefined };
        }
      });
    else if (roll < 0.34)
      this.#person('type a function', () =>
        lines.splice(to, 0, ...blockOf(this.chance, language).map((text) => ({ text, by: undefined }))),
      );
    else if (roll < 0.44)
      this.#person('type lines', () =>
        lines.splice(
          Math.min(from + 2, lines.length),
          0,
          ...stepOf(this.chance, language, 'cart', 'order').map((text) => ({ text, by: undefined })),
        ),
      );
    else if (roll < 0.5 && isLeft)
      this.#person('delete lines', () => lines.splice(from + 1, Math.max(1, among(this.chance, to - from))));
    else if (roll < 0.57 && isLeft)
      this.#person('rewrite a function', () =>
        lines.splice(from, to - from, ...blockOf(this.chance, language).map((text) => ({ text, by: undefined }))),
      );
    else if (roll < 0.65)
      this.#person('copy a function', () => {
        const copy = lines.slice(from, to).map(copied);
        if (copy[0]) copy[0] = { text: changedLine(this.chance, copy[0].text), by: undefined };
        lines.splice(to, 0, ...copy);
      });
    else if (roll < 0.72 && isLeft)
      this.#person('move in the file', () => {
        const block = lines.splice(from, to - from);
        lines.splice(among(this.chance, 2) === 0 ? lines.length : Math.min(7, lines.length), 0, ...block);
      });
    else if (roll < 0.79 && isLeft)
      this.#person('move to another file', () => {
        const others = [...this.files.keys()].filter((other) => other !== name && this.#languageOf(other) === language);
        if (others.length === 0) return;
        const block = lines.splice(from, to - from);
        this.files.get(oneOf(this.chance, others))!.push(...block);
      });
    else if (roll < 0.85)
      this.#person('rename a file', () => {
        this.files.delete(name);
        this.files.set(`src/part${among(this.chance, 6)}/renamed${++this.#names}.${language}`, lines);
      });
    else if (roll < 0.93) this.#person('reformat', () => this.files.set(name, this.#reformatted(lines, language)));
    else if (roll < 0.96)
      this.#person('take a file back', () => {
        const old = this.#older.get(name);
        if (old) this.files.set(name, [...old]);
      });
    else this.#person('merge', () => this.#merge());
  }

  /** A colleague's branch: lines and functions in several files, and a file. */
  #merge(): void {
    this.#newFile(undefined);
    for (let times = 3; times > 0; times--) {
      const name = this.#anyFile();
      const lines = this.files.get(name)!;
      const [, to] = this.#blockIn(lines);
      const texts =
        this.chance() < 0.5
          ? blockOf(this.chance, this.#languageOf(name))
          : [`// ${changedLine(this.chance, 'see the cart zone')}`];
      lines.splice(to, 0, ...texts.map((text) => ({ text, by: undefined })));
    }
  }

  #reformatted(lines: readonly AuthoredLine[], language: Language): AuthoredLine[] {
    const isWide = this.chance() < 0.5;
    return lines.flatMap((line): AuthoredLine[] => {
      const { text } = line;
      const indent = /^[ \t]*/.exec(text)![0];
      const wider = language === 'go' ? indent : indent.replaceAll('  ', isWide ? '    ' : '  ');
      let now = wider + text.slice(indent.length);
      if (language === 'ts') now = isWide ? now.replaceAll("'", '"') : now.replace(/;$/, '');
      const call = /^(\s*)(.*?[\w)]\()([^()]+)(\).*)$/.exec(now);
      if (!call || now.length < 58 || language === 'go') return [{ ...line, text: now }];
      const [, space = '', head = '', args = '', tail = ''] = call;
      return [
        { ...line, text: space + head },
        ...args.split(', ').map((arg) => ({ ...line, text: `${space}    ${arg},` })),
        { ...line, text: space + tail },
      ];
    });
  }

  #session(): void {
    const number = this.transcripts.length + 1;
    this.#at += (2 + among(this.chance, 40)) * hour;
    const session = sessionId(number);
    const transcript = new Transcript(session, { cwd: this.root, startedAt: this.#at });
    this.transcripts.push(transcript);
    const turns = 1 + among(this.chance, 4);
    for (let turn = 1; turn <= turns; turn++) {
      transcript.prompt(
        `Task ${number}.${turn}: please ${changedLine(this.chance, 'change the cart zone')} in the shop.`,
      );
      for (let times = 1 + among(this.chance, 4); times > 0; times--) this.#claudeActs(transcript, mark(session, turn));
      transcript.answer('Done.');
      for (const name of this.#touched) this.#noteEnd(session, turn, name);
      this.#touched.clear();
      if (this.chance() < 0.3) this.#personActs();
    }
  }

  #noteEnd(session: string, turn: number, name: string): void {
    const lines = this.files.get(name);
    if (lines) this.turnEnds.push({ sessionId: session, turn, name, lines: [...lines] });
  }

  #claudeActs(transcript: Transcript, by: Author): void {
    const roll = this.chance();
    const name = this.#anyFile();
    this.#older.set(name, [...this.files.get(name)!]);
    if (roll < 0.12) this.#claude('new file', () => this.#writeNew(transcript, by));
    else if (roll < 0.5) this.#claude('edit', () => this.#editLines(transcript, by, name));
    else if (roll < 0.72) this.#claude('add a function', () => this.#addBlock(transcript, by, name));
    else if (roll < 0.78) this.#claude('write over', () => this.#writeOver(transcript, by, name));
    else if (roll < 0.84) this.#claude('delete lines', () => this.#deleteLines(transcript, name));
    else if (roll < 0.9) this.#claude('move in the file', () => this.#move(transcript, name));
    else if (roll < 0.95) this.#claude('extract to a file', () => this.#extract(transcript, name));
    else this.#claude('fail', () => this.#fail(transcript, name));
  }

  #claude(what: string, act: () => void): void {
    this.#count(`Claude: ${what}`);
    act();
  }

  #textOf(name: string): string {
    return this.files
      .get(name)!
      .map(({ text }) => text)
      .join('\n');
  }

  #read(transcript: Transcript, name: string): void {
    const output = this.files
      .get(name)!
      .map(({ text }, at) => `${String(at + 1).padStart(6)}→${text}`)
      .join('\n');
    transcript.tool('Read', { file_path: `${this.root}/${name}` }, output);
  }

  #writeNew(transcript: Transcript, by: Author): void {
    const name = this.#newFile(by);
    this.#write(transcript, name, null);
  }

  #write(transcript: Transcript, name: string, originalFile: string | null): void {
    const filePath = `${this.root}/${name}`;
    this.#touched.add(name);
    const content = this.#textOf(name);
    transcript.tool(
      'Write',
      { file_path: filePath, content },
      originalFile === null
        ? `File created successfully at: ${filePath}`
        : `The file ${filePath} has been updated. Here's the result of running \`cat -n\` on a snippet of the edited file:`,
      { toolUseResult: { type: originalFile === null ? 'create' : 'update', filePath, content, originalFile } },
    );
  }

  #writeOver(transcript: Transcript, by: Author, name: string): void {
    this.#read(transcript, name);
    const original = this.#textOf(name);
    const lines = this.files.get(name)!;
    for (let times = 2; times > 0; times--) {
      const [from, to] = this.#blockIn(lines);
      lines.splice(from, to - from, ...blockOf(this.chance, this.#languageOf(name)).map((text) => ({ text, by })));
    }
    this.#write(transcript, name, original);
  }

  /** Replaces a range of lines; the edit has as many lines around it as make its place clear. */
  #replace(transcript: Transcript, name: string, from: number, to: number, now: readonly AuthoredLine[]): void {
    const lines = this.files.get(name)!;
    const whole = this.#textOf(name);
    const textOf = (some: readonly AuthoredLine[]) => some.map(({ text }) => text).join('\n');
    let [first, last] = [Math.max(0, from - 1), Math.min(lines.length, to + 1)];
    const isUnique = () => {
      const part = textOf(lines.slice(first, last));
      return whole.indexOf(part) === whole.lastIndexOf(part);
    };
    while (!isUnique() && (first > 0 || last < lines.length)) {
      first = Math.max(0, first - 1);
      last = Math.min(lines.length, last + 1);
    }
    const [head, tail] = [lines.slice(first, from), lines.slice(to, last)];
    const [before, after] = [textOf(lines.slice(first, last)), textOf([...head, ...now, ...tail])];
    lines.splice(from, to - from, ...now);
    this.#touched.add(name);
    const filePath = `${this.root}/${name}`;
    transcript.tool(
      'Edit',
      { file_path: filePath, old_string: before, new_string: after },
      `The file ${filePath} has been updated successfully.`,
      { toolUseResult: { filePath, oldString: before, newString: after } },
    );
  }

  #editLines(transcript: Transcript, by: Author, name: string): void {
    if (this.chance() < 0.7) this.#read(transcript, name);
    const lines = this.files.get(name)!;
    const [from, to] = this.#blockIn(lines);
    const at = Math.min(from + among(this.chance, Math.max(1, to - from)), lines.length - 1);
    const length = Math.min(1 + among(this.chance, 3), lines.length - at);
    const old = lines.slice(at, at + length);
    const now =
      this.chance() < 0.5
        ? old.map((line) => (line.text.trim() === '' ? line : { text: changedLine(this.chance, line.text), by }))
        : stepOf(this.chance, this.#languageOf(name), 'client', 'budget').map((text) => ({ text, by }));
    this.#replace(transcript, name, at, at + length, now);
  }

  #addBlock(transcript: Transcript, by: Author, name: string): void {
    const lines = this.files.get(name)!;
    const [, to] = this.#blockIn(lines);
    const block = blockOf(this.chance, this.#languageOf(name)).map((text) => ({ text, by }));
    this.#replace(transcript, name, to, to, block);
  }

  #deleteLines(transcript: Transcript, name: string): void {
    const lines = this.files.get(name)!;
    const [from, to] = this.#blockIn(lines);
    if (lines.length > 12) this.#replace(transcript, name, from, to, []);
  }

  #move(transcript: Transcript, name: string): void {
    const lines = this.files.get(name)!;
    const [from, to] = this.#blockIn(lines);
    if (lines.length <= 12) return;
    const block = lines.slice(from, to).map((line) => ({ ...line, movedBy: transcript.sessionId }));
    this.#replace(transcript, name, from, to, []);
    const place = this.chance() < 0.5 ? lines.length : Math.min(7, lines.length);
    this.#replace(transcript, name, place, place, block);
  }

  #extract(transcript: Transcript, name: string): void {
    const lines = this.files.get(name)!;
    const [from, to] = this.#blockIn(lines);
    if (lines.length <= 12) return;
    this.#read(transcript, name);
    const block = lines.slice(from, to).map((line) => ({ ...line, movedBy: transcript.sessionId }));
    const other = `src/part${among(this.chance, 6)}/extracted${++this.#names}.${this.#languageOf(name)}`;
    this.files.set(other, [...block]);
    this.#write(transcript, other, null);
    this.#replace(transcript, name, from, to, []);
  }

  /** An edit that was refused; a person then types the same. */
  #fail(transcript: Transcript, name: string): void {
    const lines = this.files.get(name)!;
    const block = blockOf(this.chance, this.#languageOf(name));
    const anchor = lines[lines.length - 1]!.text;
    transcript.tool(
      'Edit',
      { file_path: `${this.root}/${name}`, old_string: anchor, new_string: `${anchor}\n${block.join('\n')}` },
      "The user doesn't want to proceed with this tool use.",
      { is_error: true },
    );
    if (this.chance() < 0.5) lines.push(...block.map((text) => ({ text, by: undefined })));
  }
}
