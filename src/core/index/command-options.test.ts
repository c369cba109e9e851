/** In which queries a dash excludes, and in which it belongs to a command. */
import { describe, expect, it } from 'vitest';
import { parseQuery } from './query';

const excludedIn = (text: string) => parseQuery(text, { now: 0 }).exclusions.map((each) => each.text);

describe('a dash of a command excludes nothing', () => {
  it.each([
    'hg commit -m "first draft"',
    'git rebase -i main',
    'git clean -fdx',
    'git log --oneline -5',
    'git commit --amend --no-edit',
    'yarn add -D typescript',
    'npm install --save-dev vitest',
    'pip install -U pip',
    'rm -rf dist',
    'rm -r -f dist',
    'chmod -R 755 public',
    'grep -rn timeout src',
    'grep -v debug',
    'rsync -avzP folder server',
    'tar -xzvf backup.tgz',
    'tar -czf backup',
    'ss -tulpn',
    'ps -aux',
    'ls -lahtr',
    'sudo docker run -it alpine',
    '/usr/bin/docker exec -ti web',
    'kubectl get pods -n shop',
    'find . -name cart -type f',
    'find . -mtime +3 -delete',
    'java -jar app.jar',
    'java -Xmx2g -XX:+UseG1GC',
    'mvn package -DskipTests',
    'go test -race -run TestCart',
    'openssl req -x509 -nodes -newkey rsa',
    'ffmpeg input -vcodec copy',
    'terraform plan -target module',
    'gcc -O2 -pedantic',
    'build it with -Wextra and -Wno-unused',
    'linker error -lpthread',
    'g++ -std=c++20 -fPIC -I/usr/include',
    'the -strict flag',
    'what does -whatever flag do',
    'Get-ChildItem -Recurse -Force',
    'powershell -ExecutionPolicy Bypass',
    'seq 1 -3',
    'python -m venv',
    'xargs -0 -P4',
    'curl -sSL install',
    'psql -U admin',
    'git --version',
    'arrow -> function',
    'a - b',
    'kompiliere mit -Wshadow',
    '用 -strict 编译',
    '-v',
    '-help',
  ])('%s', (text) => {
    expect(excludedIn(text)).toEqual([]);
  });
});

describe('a dash after what was asked for excludes', () => {
  it.each([
    ['login -oauth', ['oauth']],
    ['cart -discount -coupon', ['discount', 'coupon']],
    ['docker -podman', ['podman']],
    ['docker -aws', ['aws']],
    ['npm install -yarn', ['yarn']],
    ['git -svn', ['svn']],
    ['python -django', ['django']],
    ['parser -Python', ['Python']],
    ['service -UserService', ['UserService']],
    ['websocket -timeout', ['timeout']],
    ['compile error -webpack', ['webpack']],
    ['front -front-end', ['front-end']],
    ['database -Windows', ['Windows']],
    ['component -ts', ['ts']],
    ['editor -C#', ['C#']],
    ['config -.env', ['.env']],
    ['bug -"not a bug"', ['not a bug']],
    ['错误 -超时', ['超时']],
    ['cache -src/cache.ts', ['src/cache.ts']],
  ])('%s', (text, words) => {
    expect(excludedIn(text)).toEqual(words);
  });
});
