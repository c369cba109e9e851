/** Reads the entities of a session and their relations from its calls and texts. */
import type { EntityKind, RelationKind } from '../../../protocol/insights';
import { fileName } from '../../../protocol/paths';
import { fingerprintError } from '../../observe/fingerprint';
import type { NewRelation } from '../../store/tables/graph';
import type { CallLine, SessionHead, SessionLine } from '../../store/tables/session-lines';
import { sentenceOf } from '../reading/evidence';
import { isEdit, pairChecks, readRun } from '../reading/outcomes';
import { projectFile } from '../reading/project-file';
import { declaredIn, identifiersIn } from '../reading/symbols';

interface Entity {
  kind: EntityKind;
  projectId: number;
  name: string;
  label: string;
}

export interface SessionGraph {
  entities: Entity[];
  relations: NewRelation[];
}

/** Most relations stored per session; the heaviest are kept. */
const maxRelations = 600;
/** With more files edited in one turn it is a bulk change, which says nothing about single files. */
const maxTogether = 8;
const maxName = 400;

/**
 * `tags`: tags that a person put on rows of the session. They are the only concepts, because nothing else is certain
 * enough.
 */
export function readGraph(
  head: SessionHead,
  lines: readonly SessionLine[],
  tags: readonly string[] = [],
): SessionGraph {
  const graph = new GraphMaker(head);
  for (const turn of byTurn(lines)) graph.addTurn(turn);
  graph.addChecks(lines);
  for (const tag of tags) graph.addConcept(tag);
  return graph.finish();
}

class GraphMaker {
  readonly #entities: Entity[] = [];
  readonly #places = new Map<string, number>();
  readonly #relations = new Map<string, NewRelation>();
  readonly #project: number;
  readonly #head: SessionHead;
  /** Symbols declared so far, which texts of later turns may mention. */
  readonly #symbols = new Map<string, number>();
  readonly #edited = new Map<number, number>();

  constructor(head: SessionHead) {
    this.#head = head;
    this.#project = this.#entity('project', head.projectRoot, head.projectName);
  }

  addTurn(lines: readonly SessionLine[]): void {
    const files = new Map<number, number>();
    const runs = new Set<number>();
    for (const line of lines) {
      if (line.kind !== 'call') continue;
      const { at } = line;
      // Every session uses the same tools, so a tool is related to the project only.
      this.#relate(this.#project, this.#entity('tool', line.tool, line.tool, 0), 'uses', 0.1, at);
      const command = commandOf(line);
      if (command !== undefined) runs.add(this.#entity('command', command, command));
      const [read] = line.files;
      if (line.diffs.length > 0 && isEdit(line)) this.#addEdit(line, files);
      else if (line.tool === 'Read' && read !== undefined && line.type !== 'error') this.#addFile(read, 0.2, at);
    }
    const last = lines.at(-1)?.at ?? this.#head.updatedAt;
    for (const file of files.keys()) for (const run of runs) this.#relate(file, run, 'uses', 0.5, last);
    this.#joinFiles([...files], last);
    this.#addMentions(lines, [...files.keys()]);
  }

  #addEdit(call: CallLine, files: Map<number, number>): void {
    for (const { file, before, after } of call.diffs) {
      const place = this.#addFile(file, 1, call.at);
      if (place === undefined) continue;
      files.set(place, (files.get(place) ?? 0) + 1);
      if (!this.#edited.has(place)) this.#edited.set(place, call.at);
      for (const name of declaredIn(`${before}\n${after}`)) {
        const symbol = this.#entity('symbol', name, name);
        this.#symbols.set(name, symbol);
        this.#relate(symbol, place, 'part_of', 1, call.at);
      }
    }
  }

  #addFile(path: string, weight: number, at: number): number | undefined {
    const name = projectFile(path, this.#head);
    if (name === undefined) return undefined;
    const place = this.#entity('file', name, fileName(name));
    this.#relate(place, this.#project, 'part_of', weight, at);
    return place;
  }

  #joinFiles(files: readonly (readonly [place: number, edits: number])[], at: number): void {
    if (files.length > maxTogether) return;
    for (const [index, [one, edits]] of files.entries())
      for (const [other, others] of files.slice(index + 1))
        this.#relate(Math.min(one, other), Math.max(one, other), 'related_to', Math.min(edits, others, 3), at);
  }

  /** Identifiers in backticks that also occur in edited code are related to the files of the turn. */
  #addMentions(lines: readonly SessionLine[], files: readonly number[]): void {
    if (files.length === 0 || files.length > maxTogether) return;
    for (const line of lines) {
      if (line.kind !== 'said' || line.note !== '') continue;
      for (const name of identifiersIn(line.text)) {
        const symbol = this.#symbols.get(name);
        if (symbol !== undefined)
          for (const file of files)
            if (!this.#has(symbol, file, 'part_of')) this.#relate(file, symbol, 'uses', 0.5, line.at);
      }
    }
  }

  /** Adds errors, the earlier edits of the file they name, and the edits that solved them. */
  addChecks(lines: readonly SessionLine[]): void {
    const pairs = new Map(pairChecks(lines).flatMap((pair) => (pair.isFlaky ? [] : [[pair.red.key, pair] as const])));
    for (const line of lines) {
      if (line.kind !== 'call') continue;
      const run = readRun(line);
      if (run?.outcome !== 'failed' || run.firstBad === undefined || run.check === undefined) continue;
      const error = this.#entity(
        'error',
        fingerprintError(run.firstBad) ?? run.firstBad,
        sentenceOf(run.firstBad, 160),
      );
      this.#relate(error, this.#entity('command', run.command, run.command), 'related_to', 1, line.at);
      for (const [file, at] of this.#edited)
        if (at < line.at && names(run.firstBad, this.#entities[file]?.name ?? ''))
          this.#relate(file, error, 'causes', 1, line.at);
      const pair = pairs.get(line.key);
      const fixed =
        pair?.edits
          .flatMap(({ diffs }) => diffs.map(({ file }) => projectFile(file, this.#head)))
          .filter((file) => file !== undefined) ?? [];
      if (!pair || fixed.length === 0) continue;
      const files = [...new Set(fixed)].slice(0, maxTogether);
      const label = sentenceOf(`${files.map(fileName).join(', ')}: ${pair.command} passed`, 160);
      const solution = this.#entity('solution', `${this.#entities[error]?.name ?? ''} ${files.join(' ')}`, label);
      this.#relate(solution, error, 'solves', 2, pair.green.at);
      for (const file of files)
        this.#relate(solution, this.#entity('file', file, fileName(file)), 'uses', 1, pair.green.at);
    }
  }

  addConcept(name: string): void {
    const at = this.#head.updatedAt;
    const concept = this.#entity('concept', name, name);
    const worked = [...this.#edited.keys()].slice(0, maxTogether);
    for (const file of worked) this.#relate(concept, file, 'related_to', 0.5, at);
    this.#relate(concept, this.#project, 'part_of', 0.5, at);
  }

  finish(): SessionGraph {
    const relations = [...this.#relations.values()]
      .sort((a, b) => b.weight - a.weight || a.from - b.from || a.to - b.to)
      .slice(0, maxRelations);
    const used = new Set(relations.flatMap(({ from, to }) => [from, to]));
    const places = new Map([...used].sort((a, b) => a - b).map((place, index) => [place, index]));
    return {
      entities: this.#entities.filter((_, place) => used.has(place)),
      relations: relations.map((each) => ({ ...each, from: places.get(each.from) ?? 0, to: places.get(each.to) ?? 0 })),
    };
  }

  #entity(kind: EntityKind, name: string, label: string, projectId = this.#head.projectId): number {
    const short = name.slice(0, maxName);
    const key = `${kind}\n${projectId}\n${short}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.#entities.length);
    return this.#entities.push({ kind, projectId, name: short, label }) - 1;
  }

  #has(from: number, to: number, kind: RelationKind): boolean {
    return this.#relations.has(`${from} ${to} ${kind}`);
  }

  #relate(from: number, to: number, kind: RelationKind, weight: number, at: number): void {
    if (from === to) return;
    const key = `${from} ${to} ${kind}`;
    const known = this.#relations.get(key);
    if (known) Object.assign(known, { weight: known.weight + weight, lastAt: Math.max(known.lastAt, at) });
    else this.#relations.set(key, { from, to, kind, weight, firstAt: at, lastAt: at });
  }
}

function* byTurn(lines: readonly SessionLine[]): Generator<SessionLine[]> {
  let turn: SessionLine[] = [];
  for (const line of lines) {
    if (turn[0] && turn[0].turn !== line.turn) {
      yield turn;
      turn = [];
    }
    turn.push(line);
  }
  if (turn.length > 0) yield turn;
}

/** The normalised text of a check; of other commands the program and its first argument. */
function commandOf(line: CallLine): string | undefined {
  const run = readRun(line);
  if (!run) return undefined;
  if (run.check) return run.command;
  const [program = '', first = ''] = run.command.split(' ');
  return /^(?:git|gh|npm|pnpm|yarn|docker|kubectl|cargo|go|mise|make|terraform|aws|gcloud|uv|pip)$/.test(program) &&
    /^[a-z][\w:-]*$/.test(first)
    ? `${program} ${first}`
    : undefined;
}

/** True when the error's line names this file. */
const names = (error: string, file: string): boolean =>
  file !== '' &&
  (error.includes(file) ||
    error.startsWith(`${fileName(file)}:`) ||
    error.includes(`/${fileName(file)}:`) ||
    error.includes(`/${fileName(file)}(`));
