/** Takes out of a message what may come from a person: quoted text, paths, names of files. */
const quoted = /(["'`“‘«]).*?(["'`”’»])/gs;
const pathLike = /(?:[A-Za-z]:)?[~.]?[\\/][^\s,;:)]*/g;
const fileLike = /\S+\.(?:jsonl?|db|md|txt|ts|js|py)\b/g;
/** What is left of a name that says which session it is. */
const sessionName = /\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\S*/gi;
const maxLetters = 200;

export function scrub(message: string): string {
  return message
    .replaceAll(quoted, '…')
    .replaceAll(sessionName, '$1')
    .replaceAll(pathLike, '…')
    .replaceAll(fileLike, '…')
    .slice(0, maxLetters);
}
