/** A path in one line that is cut in its folders: what tells one file from another is its name, which is cut last. */
import { fileName } from '../../src/protocol/paths';

export function PathText({ path, className = '' }: { path: string; className?: string }) {
  const name = fileName(path);
  const folders = path.slice(0, path.length - name.length);
  return (
    <span className={`${className} path-text`} title={path}>
      {folders !== '' && <bdi className="path-folders">{folders}</bdi>}
      <bdi className="path-name">{name}</bdi>
    </span>
  );
}
