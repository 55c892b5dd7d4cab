/** Made-up sources for `architecture.test.ts`: what each law must complain about once, and what it must let pass. */
export const cases: Record<string, { refused: Record<string, string>[]; allowed: Record<string, string> }> = {
  'everything leans only on what it stands on': {
    refused: [
      { 'server/platform/log.ts': "import { a } from '../ground/context.ts'" },
      { 'server/ground/health/a.ts': "import type { A } from '../../access/sessions/index.ts'" },
      { 'server/ground/health/a.ts': "import { readConfig } from '../../config.ts'" },
      { 'server/access/sessions/a.ts': "import { a } from '../identity/index.ts'" },
      { 'server/access/identity/a.ts': "import {\n  a,\n  type B,\n} from '../sessions/session.ts'" },
      { 'server/start-access.ts': "import * as a from './access/sessions/queries.ts'" },
      { 'server/access/identity/a.ts': "export { a } from '../sessions/session.ts'" },
      { 'server/access/identity/a.ts': "const a = await import('../sessions/session.ts')" },
      { 'server/access/identity/a.ts': "type A = import('../sessions/session.ts').A" },
      { 'server/access/sessions/a.ts': "import { a } from '../../../sdk/feed.ts'" },
      { 'server/access/sessions/a.ts': "import { a } from '@holdfast/sdk'" },
      { 'server/access/sessions/a.ts': "import { a } from './testing.ts'" },
      { 'server/start-access.ts': "import './platform/testing/index.ts'" },
      { 'server/supervisor/a.ts': "import { a } from '../main.ts'" },
      { 'server/ground/backups/a.ts': "import { a } from '../../backup/make-backup.ts'" },
      { 'server/backup/a.ts': "import { a } from '../access/sessions/queries.ts'" },
      { 'server/ground/statistics/a.ts': "import { a } from '../../scale/ask.ts'" },
      { 'server/scale/a.ts': "import { a } from '../access/sessions/queries.ts'" },
      { 'server/access/a.test.ts': "import { a } from '../../console/app/paths.ts'" },
      { 'sdk/a.ts': "import { a } from '../server/platform/clock.ts'" },
      { 'console/app/a.tsx': "import { a } from '../../server/config.ts'" },
      { 'console/app/a.tsx': "import { a } from '@holdfast/server/config.ts'" },
      { 'console/app/a.tsx': "import { a } from '../../sdk/feed.ts'" },
      { 'cli/a.ts': "import { a } from '../drills/catalogue.ts'" },
      { 'drills/a.ts': "import { a } from '@holdfast/doubles'" },
      { 'drills/provider-down/outside-process.ts': "import { a } from '../../doubles/mailbox.ts'" },
      { 'drills/a.ts': "import { a } from '../bench/report.ts'" },
      { 'bench/a.ts': "import { a } from '../drills/database-hang/door.ts'" },
      { 'bench/a.ts': "import { a } from '../server/access/sessions/index.ts'" },
      { 'examples/notes/a.ts': "import { a } from '../../sdk/testing/until.ts'" },
    ],
    allowed: {
      'server/start-access.ts': "import * as a from './access/sessions/index.ts'\nimport { b } from './config.ts'",
      'server/backup/a.ts': "import * as a from '../access/sessions/index.ts'\nimport { b } from '../start-access.ts'",
      'server/scale/a.ts': "import { a } from '../serve.ts'\nimport { b } from '../backup/scratch.ts'",
      'server/access/identity/a.ts':
        "import { a } from '../sessions/index.ts'\nimport { b } from '@holdfast/sdk/contract'",
      'server/access/identity/a.test.ts': "import { a } from '../sessions/testing.ts'\nimport b from 'fastify'",
      'server/ground/health/a.ts':
        "import { a } from '../signals/index.ts'\n// import { b } from '../../access/a/index.ts'",
      'server/access/sessions/a.ts':
        "export const text = 'see ../identity/index.ts'\nexport const more = `from '../identity/a.ts'`",
      'cli/bin/holdfast.js': "await import('../main.ts')",
      'examples/notes/a.test.ts':
        "import { a } from '../../sdk/testing/until.ts'\nimport { b } from '@holdfast/doubles'",
      'drills/a.ts': "import { a } from '../sdk/contract.ts'\nimport '@holdfast/sdk/express'",
      'drills/provider-down/outside-process.ts':
        "import { a } from '../../doubles/index.ts'\nimport { b } from '../../doubles/oidc/index.ts'",
      'bench/a.ts': "import { a } from '../sdk/contract.ts'\nimport { b } from '../drills/load/arrivals.ts'",
      'bench/b.ts': "import { a } from '../server/start-access.ts'",
    },
  },
  'no module needs itself, however far round': {
    refused: [
      {
        'sdk/a.ts': "import { b } from './b.ts'",
        'sdk/b.ts': "export { a } from './c.ts'",
        'sdk/c.ts': "import './a.ts'",
      },
      { 'sdk/a.ts': "import { b } from '@holdfast/sdk'", 'sdk/index.ts': "import { type A } from './a.ts'" },
    ],
    allowed: {
      'sdk/a.ts': "import { b } from './b.ts'\nimport type { C } from './c.ts'",
      'sdk/b.ts': "import type { A } from './a.ts'\nconst later = () => import('./a.ts')",
      'sdk/c.ts': "import { a } from './a.ts'",
    },
  },
  'each thing is said in its own place': {
    refused: [
      { 'server/access/sessions/a.ts': 'const { HOLDFAST_URL } = process.env' },
      { 'server/supervisor/a.ts': "import { env } from 'node:process'" },
      { 'server/access/sessions/a.ts': 'await db.one(sql`select 1`)' },
      { 'server/ground/health/a.ts': "client.query('select now()')" },
      { 'server/access/sessions/a.ts': 'const at = new Date()' },
      { 'server/start-access.ts': 'const at = Date.now()' },
      { 'server/access/sessions/routes.ts': "import { fastify } from 'fastify'" },
      { 'server/access/sessions/index.ts': "export * from './session.ts'" },
      { 'server/platform/log.ts': "const sentence = 'Sign in first.'" },
      { 'server/ground/health/a.ts': 'const from = performance.now()' },
      { 'server/platform/log.ts': 'const sessions = new Map()' },
    ],
    allowed: {
      'server/config.ts': 'const environment = process.env',
      'server/access/sessions/queries.ts': 'await db.one(sql`select 1`)',
      'server/access/sessions/a.ts':
        '// Not new Date(): tests own time.\n/** Nor `Date.now()`. */\nconst at = new Date(ms)',
      'server/access/sessions/a.test.ts': 'const at = new Date()',
      'server/platform/clock.ts': 'const now = () => new Date()',
      'server/platform/log.ts': '/* A session of its own. */\nconst at = 1 // for sessions',
      'sdk/index.ts': "export * from './contract.ts'",
      'sdk/holdfast.ts': 'const at = Date.now()',
    },
  },
  'a feature touches the tables of its own schema only': {
    refused: [
      'from sessions.session', 'left join sessions.session as s on true', 'insert into sessions.session (id)', 'update sessions.session',
      'delete from only sessions.session', 'references sessions.session (id)', 'alter table sessions.session add x int',
      'select sessions.age(now())', 'create index on sessions.session (id)', 'from accounts.account',
    ].map((statement) => ({
      'server/access/identity/migrations/0001_a.sql': `-- expand: new.\n${statement};`,
      'server/access/sessions/index.ts': '',
    })), // biome-ignore format: one list, read across
    allowed: {
      'server/access/sessions/queries.ts':
        "import { a } from '../../platform/database/index.ts'\nsql`select extract(epoch from session.at), session.id\n  from sessions.session where session.at is distinct from session.ended_at`",
      'server/access/identity/queries.ts': '// as in sessions.session\nsql`select u.id from identity.user as u`',
    },
  },
  'a migration says why it is safe beside the previous release, and none is missing between two': {
    refused: [
      { 'server/access/a/migrations/0001_a.sql': 'create table a.b ();' },
      { 'server/access/a/migrations/0001_a.sql': '-- expand:\ncreate table a.b ();' },
      { 'server/access/a/migrations/0002_a.sql': '-- expand: new.' },
      {
        'server/access/a/migrations/0001_a.sql': '-- expand: new.',
        'server/access/a/migrations/0001_b.sql': '-- expand: new.',
      },
    ],
    allowed: {
      'server/access/a/migrations/0001_a.sql': '-- expand: new.',
      'server/access/a/migrations/0002_b.sql': '-- contract: nobody reads it since 0.2.',
    },
  },
  'a feature tells its promise, and has a front': {
    refused: [{ 'server/access/a/index.ts': '' }, { 'server/ground/a/README.md': '', 'server/ground/a/b.ts': '' }],
    allowed: { 'server/ground/a/README.md': '', 'server/ground/a/index.ts': '', 'server/ground/context.ts': '' },
  },
  'names say what is inside': {
    refused: [
      'server/access/a/utils.ts',
      'sdk/lib/a.ts',
      'console/app/types.ts',
      'cli/readConfig.ts',
      'console/app/Page.tsx',
    ].map((path) => ({ [path]: '' })),
    allowed: {
      'console/app/css.d.ts': '',
      'server/access/a/sign-in.browser.test.ts': '',
      'server/access/README.md': '',
    },
  },
  'nothing is left for later': {
    refused: [{ 'sdk/a.ts': `// ${'TO'}${'DO'}: later` }, { 'docs/a.md': `${'FIX'}${'ME'}` }],
    allowed: { 'sdk/a.ts': '// todos are data of the demo' },
  },
}
