/** Names that say by themselves what they are. */

const set = (names: string): ReadonlySet<string> => new Set(names.split(/\s+/));

/** Of these a project uses one; the others are what it does not use. */
export const packageManagers = ['npm', 'pnpm', 'yarn', 'bun'] as const;

export const commandNames = set(
  'npm npx pnpm pnpx yarn bun bunx pip pip3 pipenv poetry conda uv make cmake bazel mvn mvnw gradle gradlew jest vitest mocha ' +
    'ava eslint prettier oxlint biome docker docker-compose podman kubectl helm terraform git svn python python2 python3 node deno ' +
    'cargo go rustup curl wget sudo rm tsc ts-node tsx webpack vite rollup parcel gulp grunt lerna nx turbo',
);

/** Libraries that need no other sign to be known as such. */
export const libraryNames = set(
  'moment dayjs date-fns luxon lodash underscore ramda axios request got superagent node-fetch jquery left-pad chalk express koa ' +
    'fastify react vue angular svelte rxjs redux mobx zustand mocha jest vitest chai sinon enzyme bluebird async uuid nanoid yup ' +
    'joi zod ajv winston bunyan pino sequelize typeorm prisma knex mongoose requests httpx urllib3 aiohttp flask django fastapi ' +
    'numpy pandas scipy pytest nose unittest mock sqlalchemy psycopg2 pymysql pytz arrow pendulum boto boto3 simplejson ' +
    'log4j commons-logging gson jackson guava joda-time lombok junit testng mockito hamcrest logrus zap gorilla rspec minitest ' +
    'rails sinatra sidekiq resque tokio async-std serde failure anyhow thiserror chrono',
);

/** Words of languages: no library, whatever stands around them. */
export const languageWords = set(
  'any var let const eval goto unwrap expect print println printf alert fetch null undefined nil none void object unknown static ' +
    'global async await sleep exec system malloc free gets strcpy sprintf float double string number boolean enum namespace ' +
    'switch for while class interface type with do if else try catch throw raise return this self super import export default ' +
    'from as is in of new delete typeof instanceof yield lambda def fn func function panic unsafe dynamic object_id',
);
