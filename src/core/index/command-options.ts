/**
 * Tells `-x` in a command that is quoted (`git commit -m`, `-Wall`) from `-x` that excludes a word. Options are
 * recognised by their shape, by a word before or after them, and by the program that is named before.
 */

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Programs whose options of one dash are single letters, which may be written together. */
const programs = words(
  'git hg svn gh npm npx pnpm yarn bun deno node python python3 py pip pip3 pipx uv poetry conda ruby gem bundle rails php ' +
    'composer perl lua docker docker-compose podman kubectl k helm minikube aws gcloud az cargo rustup swift make cmake ' +
    'ninja meson bazel bash sh zsh fish sudo su ssh scp sftp rsync tar zip unzip gzip gunzip bzip2 xz ls cp mv rm mkdir ' +
    'rmdir ln touch cat less more head tail grep egrep fgrep rg ag ack sed awk gawk sort uniq cut tr wc tee xargs diff ' +
    'patch chmod chown chgrp du df ps top htop kill pkill killall free uname id who env export which watch time nohup ' +
    'curl wget nc netcat ping dig nslookup traceroute nmap tcpdump ss netstat lsof strace ltrace gdb lldb valgrind perf ' +
    'systemctl journalctl service crontab mount umount dd fdisk mkfs apt apt-get dpkg yum dnf rpm pacman apk brew port ' +
    'snap psql pg_dump pg_restore mysql mysqldump sqlite3 mongo mongosh redis-cli vim nvim emacs nano code tmux screen ' +
    'jq yq openssl gpg ssh-keygen base64 md5sum sha256sum tsc eslint prettier jest vitest mocha pytest tox mypy ruff ' +
    'black go gofmt find java javac gcc g++ cc clang clang++ ld ar nm objdump strip terraform tofu ffmpeg ffprobe ' +
    'ansible ansible-playbook vagrant mvn gradle adb dotnet pwsh powershell qemu convert magick pdflatex xelatex latexmk ' +
    'iptables ip',
);

/** Programs whose letters are often written together in longer runs, like `ps -aux` and `ss -tulpn`. */
const letterPrograms = words('ls tar ps ss netstat rsync lsof nmap rg chmod curl rm cp');

const compilerOptions =
  'pedantic static shared pthread ansi ggdb rdynamic nostdlib nostdinc include isystem march mtune std stdlib g3 save-temps';
const powershellOptions =
  'path literalpath recurse force filter include exclude name value erroraction executionpolicy noprofile noexit command ' +
  'file encodedcommand whatif confirm verbose property scope uri method body headers outfile infile computername ' +
  'credential scriptblock argumentlist passthru asjob wait depth raw encoding first last skip unique descending match';
const terraformOptions =
  'target var var-file auto-approve out destroy refresh-only replace json upgrade reconfigure migrate-state ' +
  'backend-config lock input chdir refresh parallelism';
const texOptions = 'interaction shell-escape output-directory halt-on-error synctex jobname xelatex lualatex pdf pvc';
const imageOptions = 'resize quality crop density colorspace format strip background flatten rotate';

/** Options of one dash that are whole words. */
const longOptions: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    find:
      'name iname path ipath wholename regex type exec execdir ok maxdepth mindepth mtime mmin atime ctime newer perm ' +
      'user group delete print print0 printf ls prune size empty not and or depth xdev mount links inum daystart follow',
    java: 'jar cp classpath version server client ea da verbose showversion agentlib javaagent',
    javac: 'cp classpath source target encoding proc parameters nowarn verbose sourcepath processor',
    go:
      'race run bench benchmem count cover coverprofile covermode timeout short tags ldflags gcflags mod trimpath json ' +
      'failfast parallel cpu cpuprofile memprofile fuzz fuzztime work msan asan modfile overlay',
    gcc: compilerOptions,
    'g++': compilerOptions,
    cc: compilerOptions,
    clang: compilerOptions,
    'clang++': compilerOptions,
    ld: 'rpath soname static shared dynamic-linker export-dynamic map',
    openssl:
      'in out inform outform noout text nodes new newkey x509 key keyout subj days connect servername showcerts pubkey ' +
      'pubin pubout passin passout cert cafile capath verify sha256 aes-256-cbc pbkdf2 salt base64 export nokeys dates ' +
      'issuer subject fingerprint enddate startdate modulus config extensions addext starttls alpn status',
    terraform: terraformOptions,
    tofu: terraformOptions,
    ffmpeg:
      'vf af vcodec acodec crf preset filter filter_complex map ss to vn an sn copyts loglevel hide_banner framerate ' +
      'pix_fmt codec shortest movflags threads hwaccel stats vframes loop metadata start_number safe',
    ffprobe: 'show_streams show_format show_entries print_format of select_streams loglevel hide_banner',
    pwsh: powershellOptions,
    powershell: powershellOptions,
    qemu: 'hda cdrom boot nographic enable-kvm smp cpu drive netdev device display kernel initrd append',
    convert: imageOptions,
    magick: imageOptions,
    pdflatex: texOptions,
    xelatex: texOptions,
    latexmk: texOptions,
    mvn: 'pl am amd rf ff fae fn dskiptests',
    adb: 'install reinstall',
    docker: 'rm',
    kubectl: 'it',
    gofmt: 'cpuprofile',
    ip: 'br brief stats json details',
  }).map(([program, options]) => [program, words(options)]),
);

/** Short names of things that people leave out of a search although a program is named: `docker -aws`. */
const shortNames = words(
  'js ts jsx tsx mjs cjs css scss html xml yml yaml sql api sdk cli gui ui ux db aws gcp ios php go py rb rs vue lfs ssr ' +
    'csv pdf png svg jpg v8 s3 ec2 rds sns sqs h2 x64 x86 arm mac win dns tls ssl ssh vpn vpc jwt grpc mqtt ' +
    'http tcp udp mcp llm ai ml ide vim git npm',
);

/** The word before a dash that says an option follows: "compile with -Wall". */
const announcing = words(
  'with using use used via pass passing passed flag flags option options switch switches argument arguments arg args ' +
    'parameter parameters param the a an add adding set setting without mit ohne avec sans con sin option: flag: 选项 参数 ' +
    '标志 使用 用 加 オプション 옵션',
);
const naming = words('flag flags switch option 选项 参数 标志 オプション 옵션');

/** Options that are known by their shape alone. */
const shapes: readonly RegExp[] = [
  // -m, -9, -O2, -j4, -10
  /^[A-Za-z]$/,
  /^\d/,
  /^[A-Za-z]\d{1,2}$/,
  // -Dkey=value, -std=c++17
  /=/,
  // Compilers and linkers: -Wall, -Wno-unused, -Wl,-rpath, -Ofast, -fno-exceptions, -fPIC, -march, -I/usr/include, -lm
  /^W(?:all|extra|error|pedantic|conversion|shadow|format|everything|unused|no-[\w-]+|[a-z]+(?:-[a-z\d]+)+|[lpa],.*)$/,
  /^O(?:fast|s|z|g)$/,
  /^f(?:no-[\w-]+|sanitize\b.*|PI[CE]|pi[ce]|permissive|lto|strict-aliasing|exceptions|rtti|stack-protector\S*)$/,
  /^m(?:arch|tune|cpu|fpu|sse[\d.]*|avx\d*|32|64)$/,
  /^[IL][./~$\\]/,
  /^(?:pedantic|pthread|lpthread|lstdc\+\+|ggdb\d?|nostdlib)$/,
  // Java and preprocessor definitions: -Xmx2g, -XX:+UseG1GC, -DskipTests, -D_DEBUG
  /^X(?:m[sxn]\d\w*|ss\d\w*|X:.*|lint.*|debug|verify.*)$/,
  /^D(?:[a-z]+[A-Z]\w*|[A-Z\d]*_\w*|N?DEBUG|[a-z]+(?:\.\w+)+)$/,
  // Letters that everybody writes together
  /^(?:rf|fr|la|al|lah|xzf|xvf|xzvf|czf|czvf|zxvf)$/,
];

/** What stands around a dash. */
export interface DashedWord {
  /** Without the dash. */
  text: string;
  /** The words of the query before it, as typed. */
  before: readonly string[];
  /** The next word, if any. */
  next: string | undefined;
}

export function isCommandOption({ text, before, next }: DashedWord): boolean {
  // The shapes are those of ASCII text; a word of another script is no option.
  if (!/^[!-~]+$/.test(text)) return false;
  const lower = text.toLowerCase();
  // Capitals inside are letters of options: `curl -sSL` is not about SSL.
  const isName = shortNames.has(lower) && !/[a-z][A-Z]/.test(text);
  if (shapes.some((shape) => shape.test(text)) && !isName) return true;
  const previous = before.at(-1)?.toLowerCase();
  if (previous !== undefined && announcing.has(previous)) return true;
  if (next !== undefined && naming.has(next.toLowerCase())) return true;
  return !isName && !programs.has(lower) && isOptionOf(text, before);
}

function isOptionOf(text: string, before: readonly string[]): boolean {
  // Get-ChildItem, Remove-Item: a command of PowerShell, whose options are whole words.
  if (before.some((word) => /^[A-Z][a-z]+-[A-Z][A-Za-z]+$/.test(word))) return /^[A-Z]/.test(text);
  const option = text.toLowerCase().split(/[=:,]/, 1)[0] ?? '';
  return before.some((word) => {
    const program = word
      .toLowerCase()
      .replace(/^.*[/\\]/, '')
      .replace(/\.exe$/, '');
    if (!programs.has(program)) return false;
    if (longOptions.get(program)?.has(option)) return true;
    return text.length <= 3
      ? /^[a-zA-Z\d]+$/.test(text)
      : text.length <= 6 && isLetterRun(text, letterPrograms.has(program));
  });
}

/** Letters written together: `xzvf`, `fdxn`; of some programs also with few vowels: `tulpn`, `avzP`, but not `cache`. */
function isLetterRun(text: string, isUsual: boolean): boolean {
  if (!/^[a-zA-Z]+$/.test(text) || new Set(text).size < text.length) return false;
  const vowels = text.match(/[aeiouy]/gi)?.length ?? 0;
  return vowels === 0 || (isUsual && (/.[A-Z]/.test(text) || vowels * 4 <= text.length));
}
