/** Removes what may come from a person from a message: quoted text, paths, file names. */
const quoted = /(["'`“‘«]).*?(["'`”’»])/gs;
const pathLike = /(?:[A-Za-z]:)?[~.]?[\\/][^\s,;:)]*/g;
const fileLike = /\S+\.(?:jsonl?|db|md|txt|ts|js|py)\b/g;
/** Matches a session id in a file name; its first part stays. */
const sessionName = /\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\S*/gi;
const maxLetters = 200;
/** Of a longer message only the beginning is read: some of these patterns take quadratic time. */
const maxRead = 2000;

export function scrub(message: string): string {
  return message
    .slice(0, maxRead)
    .replaceAll(quoted, '…')
    .replaceAll(sessionName, '$1')
    .replaceAll(pathLike, '…')
    .replaceAll(fileLike, '…')
    .slice(0, maxLetters);
}
