/**
 * Projects of folders, as they are stored. A project is looked for on the disk by the folder as the line names it; what
 * is kept of its root and its name has passed redaction. So a folder whose name holds a secret is known by its mark.
 */
import { fileName } from '../../protocol/paths';
import type { Redacted } from '../lib/redacted';
import { literal, sliceRedacted } from '../observe/redact';
import type { Redactor } from '../observe/redact';
import type { ProjectFinder, ProjectIdentity } from '../transcript/project';

export type SealedProject = ProjectIdentity<Redacted>;

export class SealedProjects {
  /** By the folder as it is stored. */
  readonly #known = new Map<string, SealedProject>();

  constructor(
    readonly finder: ProjectFinder,
    readonly redactor: Redactor,
  ) {}

  /** @param folders what is stored of each, with the folder as written */
  async learn(folders: ReadonlyMap<Redacted | '', string>): Promise<void> {
    const unknown = [...folders].filter(([stored]) => !this.#known.has(stored));
    if (unknown.length === 0) return;
    const found = await Promise.all(unknown.map(([, written]) => this.finder.find(written)));
    const { texts } = await this.redactor.redact(found.map(({ root }) => root));
    unknown.forEach(([stored], index) => {
      const [root, isBare] = [texts[index] as Redacted, found[index]?.isBare];
      this.#known.set(stored, { root, name: nameOf(root), ...(isBare && { isBare }) });
    });
  }

  /**
   * The project of a folder as it is stored. One that was not learnt since the start and has a mark in its name is not
   * on the disk: then it is a project of its own, or belongs to that of its session.
   */
  async find(cwd: Redacted | ''): Promise<SealedProject> {
    if (!this.#known.has(cwd)) await this.learn(new Map([[cwd, cwd]]));
    return this.#known.get(cwd) as SealedProject;
  }
}

function nameOf(root: Redacted): Redacted {
  const name = fileName(root);
  if (name === '') return literal('unknown');
  const at = root.lastIndexOf(name);
  return sliceRedacted(root, at, at + name.length);
}
