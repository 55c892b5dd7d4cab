import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { ConfigRefused, childEnvironment, listSettings, readConfig } from './config.ts'
import { settingsDocument } from './settings-document.ts'

type Environment = Record<string, string | undefined>

function problemsOf(environment: Environment): readonly string[] {
  try {
    readConfig(environment)
    return []
  } catch (error) {
    assert.ok(error instanceof ConfigRefused)
    assert.equal(error.message, error.problems.join('\n'))
    return error.problems
  }
}

/** What a server with its own database and mail needs; each case changes one thing. */
const outside: Environment = {
  HOLDFAST_ENVIRONMENT: 'production',
  HOLDFAST_URL: 'https://login.acme.example',
  HOLDFAST_SMTP_URLS: 'smtp://mail.acme.example:587',
}

test('with nothing set everything has its default, as the documentation says', () => {
  const { config, origins } = readConfig({})
  assert.deepEqual(config, {
    environment: 'development',
    data: resolve('.holdfast'),
    accessPort: 4000,
    accessProcesses: 1,
    watchPort: 4100,
    demoPort: 4200,
    mailPort: 4025,
    url: 'http://localhost:4000',
    relyingPartyId: 'localhost',
    databaseUrl: null,
    databaseOwnerUrl: null,
    valkeyUrl: null,
    smtpUrls: [],
    mailFrom: 'Holdfast <no-reply@localhost>',
    secretFile: resolve('.holdfast/secret.key'),
    bind: '127.0.0.1',
    trustedProxies: [],
    logLevel: 'info',
    signUp: 'open',
    mailRate: 20,
    sessionIdleMs: 14 * 24 * 60 * 60 * 1000,
    sessionLifeMs: 90 * 24 * 60 * 60 * 1000,
    sessionRetentionMs: 90 * 24 * 60 * 60 * 1000,
    impersonationMail: 'on',
    backup: {
      target: null,
      s3: { endpoint: null, region: 'us-east-1', keyId: null, secret: null },
      recipient: null,
      secret: 'include',
      everyMs: null,
      keep: 14,
    },
    providers: {
      controlUrls: ['https://www.gstatic.com/generate_204', 'https://one.one.one.one/cdn-cgi/trace'],
      onLoopback: null,
      nameServer: null,
    },
    deletionGraceMs: 30 * 24 * 60 * 60 * 1000,
    auditRetentionMs: 400 * 24 * 60 * 60 * 1000,
    auditAddressesKeptMs: 90 * 24 * 60 * 60 * 1000,
    signalRetentionMs: 90 * 24 * 60 * 60 * 1000,
  })
  assert.ok(origins.every(({ from }) => from === 'default'))
})

test('what depends on another setting follows it, and can be set on its own', () => {
  const { config } = readConfig({ ...outside, HOLDFAST_ACCESS_PORT: '5000', HOLDFAST_DATA: 'data/here' })
  assert.equal(config.relyingPartyId, 'login.acme.example')
  assert.equal(config.mailFrom, 'Holdfast <no-reply@login.acme.example>')
  assert.equal(config.signUp, 'closed')
  assert.equal(config.data, resolve('data/here'))
  assert.equal(config.secretFile, resolve('data/here/secret.key'))
  assert.equal(readConfig({ HOLDFAST_ACCESS_PORT: '5000' }).config.url, 'http://localhost:5000')
  assert.equal(readConfig({ ...outside, HOLDFAST_SIGN_UP: 'open' }).config.signUp, 'open')
})

const good: [variable: string, text: string, field: string, value: unknown, others?: Environment][] = [
  ['HOLDFAST_ENVIRONMENT', 'staging-2', 'environment', 'staging-2'],
  ['HOLDFAST_DATA', '/var/lib/holdfast', 'data', '/var/lib/holdfast'],
  ['HOLDFAST_DATA', '../elsewhere', 'data', resolve('../elsewhere')],
  ['HOLDFAST_ACCESS_PORT', '1', 'accessPort', 1],
  ['HOLDFAST_ACCESS_PROCESSES', '4', 'accessProcesses', 4],
  ['HOLDFAST_WATCH_PORT', '65535', 'watchPort', 65535],
  ['HOLDFAST_DEMO_PORT', '4201', 'demoPort', 4201],
  ['HOLDFAST_MAIL_PORT', '2525', 'mailPort', 2525],
  ['HOLDFAST_URL', 'https://login.acme.example/', 'url', 'https://login.acme.example', outside],
  ['HOLDFAST_URL', 'HTTPS://Login.Acme.Example:443', 'url', 'https://login.acme.example', outside],
  ['HOLDFAST_URL', 'http://127.0.0.1:4000', 'url', 'http://127.0.0.1:4000'],
  ['HOLDFAST_URL', 'http://[::1]:4000', 'url', 'http://[::1]:4000'],
  ['HOLDFAST_RP_ID', 'acme.example', 'relyingPartyId', 'acme.example', outside],
  [
    'HOLDFAST_DATABASE_URL',
    'postgres://app:a%40b@db:5432/holdfast',
    'databaseUrl',
    'postgres://app:a%40b@db:5432/holdfast',
  ],
  [
    'HOLDFAST_DATABASE_URL',
    'postgresql://app@[::1]/h?sslmode=verify-full',
    'databaseUrl',
    'postgresql://app@[::1]/h?sslmode=verify-full',
  ],
  ...[
    'postgresql://app:a%2Cb@one:5432,two:5433/h?target_session_attrs=read-write',
    'postgres://app@one,[::1]:5433,10.0.0.3/h',
  ].map((url): [string, string, string, string] => ['HOLDFAST_DATABASE_URL', url, 'databaseUrl', url]),
  [
    'HOLDFAST_DATABASE_OWNER_URL',
    'postgres://owner@pg/h',
    'databaseOwnerUrl',
    'postgres://owner@pg/h',
    { HOLDFAST_DATABASE_URL: 'postgres://app@pooler:6432/h' },
  ],
  ['HOLDFAST_VALKEY_URL', 'rediss+cluster://u:p@a,b:7000', 'valkeyUrl', 'rediss+cluster://u:p@a,b:7000'],
  ['HOLDFAST_SMTP_URLS', 'smtp://a:b@one, smtps://two:465', 'smtpUrls', ['smtp://a:b@one', 'smtps://two:465']],
  ['HOLDFAST_MAIL_FROM', 'door@acme.example', 'mailFrom', 'door@acme.example'],
  ['HOLDFAST_MAIL_FROM', 'Acme, the Door <door@acme.example>', 'mailFrom', 'Acme, the Door <door@acme.example>'],
  ['HOLDFAST_SECRET_FILE', 'secrets/key', 'secretFile', resolve('secrets/key')],
  ['HOLDFAST_BIND', '0.0.0.0', 'bind', '0.0.0.0'],
  ['HOLDFAST_BIND', '::', 'bind', '::'],
  [
    'HOLDFAST_TRUSTED_PROXIES',
    '10.0.0.0/8, 2001:db8::/32,192.0.2.1',
    'trustedProxies',
    ['10.0.0.0/8', '2001:db8::/32', '192.0.2.1'],
  ],
  ['HOLDFAST_LOG_LEVEL', 'debug', 'logLevel', 'debug'],
  ['HOLDFAST_SIGN_UP', 'closed', 'signUp', 'closed'],
  ['HOLDFAST_SESSION_IDLE', '30m', 'sessionIdleMs', 30 * 60_000],
  ['HOLDFAST_SESSION_LIFE', '400d', 'sessionLifeMs', 400 * 24 * 60 * 60_000],
]

for (const [variable, text, field, value, others] of good) {
  test(`${variable} may be ${text}`, () => {
    const { config, origins } = readConfig({ ...others, [variable]: text })
    assert.deepEqual(config[field as keyof typeof config], value)
    assert.equal(origins.find((origin) => origin.variable === variable)?.from, 'environment')
  })
}

const bad: [variable: string, text: string, says: RegExp][] = [
  ['HOLDFAST_ENVIRONMENT', 'Production', /small letters, digits and dashes.*; it is "Production"\.$/],
  ['HOLDFAST_ENVIRONMENT', 'x'.repeat(32), /at most 31/],
  ['HOLDFAST_ACCESS_PORT', '0', /a port from 1 to 65535; it is "0"/],
  ['HOLDFAST_ACCESS_PROCESSES', '0', /a number from 1 to 64; it is "0"/],
  ['HOLDFAST_WATCH_PORT', '65536', /a port/],
  ['HOLDFAST_DEMO_PORT', '4200x', /a port/],
  ['HOLDFAST_MAIL_PORT', '1e3', /a port/],
  ['HOLDFAST_URL', 'login.acme.example', /an origin such as/],
  ['HOLDFAST_URL', 'https://acme.example/login', /without a path/],
  ['HOLDFAST_URL', 'https://acme.example?x', /without a path/],
  ['HOLDFAST_URL', 'ftp://acme.example', /an origin/],
  ['HOLDFAST_URL', 'http://acme.example', /https, unless its host is loopback/],
  ['HOLDFAST_URL', 'http://127.0.0.1.acme.example', /https, unless/],
  ['HOLDFAST_RP_ID', 'https://acme.example', /a host name/],
  ['HOLDFAST_RP_ID', 'Acme.example', /small letters/],
  ['HOLDFAST_DATABASE_URL', 'mysql://app@db/holdfast', /postgres:\/\/user:password@host:5432\/holdfast/],
  ['HOLDFAST_DATABASE_URL', 'postgres://app@db', /postgres:\/\/user/],
  ['HOLDFAST_DATABASE_URL', 'postgres://db/holdfast', /names no user/],
  ['HOLDFAST_DATABASE_URL', 'postgres://app:%zz@db/holdfast', /is written %25/],
  ['HOLDFAST_DATABASE_URL', 'postgres://app@db/holdfast?statement_timeout=0', /parameters are among sslmode/],
  ['HOLDFAST_DATABASE_URL', 'postgres://app@one,,two/holdfast', /postgres:\/\/user:password@host:5432\/holdfast/],
  ['HOLDFAST_DATABASE_URL', 'postgres://app@one:5432,two:99999/holdfast', /postgres:\/\/user:password@host/],
  ['HOLDFAST_DATABASE_URL', 'postgres://app@one:5432,two:5432', /postgres:\/\/user:password@host/],
  ['HOLDFAST_DATABASE_URL', 'postgres://app@a,b,c,d,e,f/holdfast', /at most 5 hosts/],
  ['HOLDFAST_DATABASE_URL', 'postgres://app@one:5432,one:5432/holdfast', /names each of its hosts once/],
  ['HOLDFAST_DATABASE_URL', 'postgres://app@a,b/holdfast?target_session_attrs=any', /is read-write or primary/],
  ['HOLDFAST_DATABASE_OWNER_URL', 'postgres://o@a,b/h?target_session_attrs=standby', /never asks a standby/],
  ['HOLDFAST_DATABASE_OWNER_URL', 'nonsense', /postgres:\/\/user/],
  ['HOLDFAST_VALKEY_URL', 'http://cache', /rediss:\/\/user/],
  ['HOLDFAST_VALKEY_URL', 'redis://a,b', /several hosts need \+sentinel or \+cluster/],
  ['HOLDFAST_VALKEY_URL', 'valkey+sentinel://a,b', /the name of the primary/],
  ['HOLDFAST_SMTP_URLS', 'mail.acme.example', /smtp:\/\/user:password@host:587/],
  ['HOLDFAST_SMTP_URLS', 'smtp://a,http://b', /smtp:\/\/user/],
  ['HOLDFAST_SMTP_URLS', 'smtp://a:%@b', /is written %25/],
  ['HOLDFAST_MAIL_FROM', 'nobody', /an address such as/],
  ['HOLDFAST_MAIL_FROM', 'Acme door@acme.example', /an address/],
  ['HOLDFAST_MAIL_FROM', 'A <a@b>\r\nBcc: all@acme.example', /an address/],
  ['HOLDFAST_BIND', 'localhost', /an IP address/],
  ['HOLDFAST_TRUSTED_PROXIES', '10.0.0.0/33', /addresses or networks/],
  ['HOLDFAST_TRUSTED_PROXIES', '10.0.0.0/8/8', /addresses or networks/],
  ['HOLDFAST_TRUSTED_PROXIES', 'proxy', /addresses or networks/],
  ['HOLDFAST_TRUSTED_PROXIES', '0.0.0.0/0', /with \/0 any client could choose its own address/],
  ['HOLDFAST_LOG_LEVEL', 'verbose', /debug, info, warn, error or silent/],
  ['HOLDFAST_SIGN_UP', 'yes', /open or closed/],
  ['HOLDFAST_SESSION_IDLE', '4m', /from 5m to 400d/],
  ['HOLDFAST_SESSION_IDLE', '14', /such as 30m, 12h or 14d/],
  ['HOLDFAST_SESSION_LIFE', '401d', /from 5m to 400d/],
]

for (const [variable, text, says] of bad) {
  test(`${variable} may not be ${JSON.stringify(text)}, and one line says what would work`, () => {
    const problems = problemsOf({ [variable]: text })
    assert.equal(problems.length, 1, problems.join('\n'))
    assert.match(problems[0]!, new RegExp(`^${variable} must be `))
    assert.match(problems[0]!, says)
  })
}

test('all problems are told at once, and none that only follows from another', () => {
  const problems = problemsOf({
    HOLDFAST_ACCESS_PORT: 'abc',
    HOLDFAST_URL: 'http://acme.example',
    HOLDFAST_SMTP_URLS: 'x',
    HOLDFAST_SESSION_IDLE: '1y',
    HOLDFAST_SESION_LIFE: '1d',
  })
  assert.deepEqual(
    problems.map((problem) => problem.split(' ')[0]),
    ['HOLDFAST_SESION_LIFE', 'HOLDFAST_ACCESS_PORT', 'HOLDFAST_URL', 'HOLDFAST_SMTP_URLS', 'HOLDFAST_SESSION_IDLE'],
  )
})

const contradictory: [name: string, environment: Environment, says: RegExp][] = [
  ['a public origin without mail', { HOLDFAST_URL: 'https://acme.example' }, /^HOLDFAST_SMTP_URLS must be set/],
  ['a passkey id of another domain', { ...outside, HOLDFAST_RP_ID: 'acme.test' }, /^HOLDFAST_RP_ID must be the host/],
  ['a passkey id that only ends alike', { ...outside, HOLDFAST_RP_ID: 'cme.example' }, /^HOLDFAST_RP_ID must be/],
  [
    'an owner without the app’s role',
    { HOLDFAST_DATABASE_OWNER_URL: 'postgres://o@db/h' },
    /^HOLDFAST_DATABASE_URL must be set/,
  ],
  [
    'two databases for one store',
    { HOLDFAST_DATABASE_URL: 'postgres://a@db/one', HOLDFAST_DATABASE_OWNER_URL: 'postgres://o@db/two' },
    /must name the same database/,
  ],
  ['an idle limit beyond the longest life', { HOLDFAST_SESSION_IDLE: '91d' }, /must not be longer/],
]

for (const [name, environment, says] of contradictory) {
  test(`${name} is refused`, () => {
    const problems = problemsOf(environment)
    assert.equal(problems.length, 1)
    assert.match(problems[0]!, says)
  })
}

test('an unknown variable is refused, with what was probably meant and otherwise without a guess', () => {
  const meant = (name: string) => problemsOf({ [name]: '1' })[0]!.match(/did you mean (\w+)\?/)?.[1]
  assert.equal(meant('HOLDFAST_ACESS_PORT'), 'HOLDFAST_ACCESS_PORT')
  assert.equal(meant('HOLDFAST_DATABSE_URL'), 'HOLDFAST_DATABASE_URL')
  assert.equal(meant('HOLDFAST_SMTP_URL'), 'HOLDFAST_SMTP_URLS')
  assert.equal(meant('HOLDFAST_URLS'), 'HOLDFAST_URL')
  for (const strange of ['HOLDFAST_FOO', 'HOLDFAST_', 'HOLDFAST_VALKEY_URL', 'HOLDFAST_COLOUR']) {
    assert.equal(meant(strange), undefined, strange)
  }
  assert.deepEqual(problemsOf({ OTHER_VARIABLE: '1', holdfast_url: '1' }), [])
})

test('what is set to nothing is not set', () => {
  const { config, origins } = readConfig({ HOLDFAST_URL: '', HOLDFAST_DATABASE_URL: '' })
  assert.equal(config.url, 'http://localhost:4000')
  assert.equal(config.databaseUrl, null)
  assert.ok(origins.every(({ from }) => from === 'default'))
})

test('a password is in no problem and in no print-out, whatever its characters', () => {
  const password = fc.string({ minLength: 6, maxLength: 20, unit: fc.constantFrom(...'aB9@:/?#%,. "\'é') })
  fc.assert(
    fc.property(password, fc.boolean(), (raw, isEncoded) => {
      const secret = `s3cret${raw}s3cret`
      const text = isEncoded ? encodeURIComponent(secret) : secret
      const environment = {
        HOLDFAST_DATABASE_URL: `postgres://app:${text}@db:5432/holdfast`,
        HOLDFAST_DATABASE_OWNER_URL: `postgres://owner:${text}@db:5432/holdfast`,
        HOLDFAST_VALKEY_URL: `valkey+sentinel://user:${text}@a:26379,b:26379/name`,
        HOLDFAST_SMTP_URLS: `smtp://user:${text}@mail:587,smtp://user:${text}@other:587`,
      }
      let said: string
      try {
        said = JSON.stringify(readConfig(environment).origins)
      } catch (error) {
        said = (error as Error).message
      }
      assert.ok(!said.includes('s3cret'), said)
    }),
  )
})

test('a password in a setting that should have none is not repeated either', () => {
  const [problem] = problemsOf({ HOLDFAST_URL: 'https://user:s3cret@acme.example' })
  assert.ok(!problem?.includes('s3cret'))
})

test('what is printed is what is in force: user and host are shown, passwords are not', () => {
  const { origins } = readConfig({
    HOLDFAST_DATABASE_URL: 'postgres://app:s3cret@db:5432/holdfast?sslmode=require',
    HOLDFAST_DATABASE_OWNER_URL: 'postgres://own:s3cret@db:5432,other:5433/holdfast',
    HOLDFAST_SMTP_URLS: 'smtp://u:p4ss@one:587,smtp://two',
    HOLDFAST_DATA: 'here',
  })
  const value = (variable: string) => origins.find((origin) => origin.variable === variable)?.value
  assert.equal(value('HOLDFAST_DATABASE_URL'), 'postgres://app:•••@db:5432/holdfast?sslmode=require')
  assert.equal(value('HOLDFAST_DATABASE_OWNER_URL'), 'postgres://own:•••@db:5432,other:5433/holdfast')
  assert.equal(value('HOLDFAST_SMTP_URLS'), 'smtp://u:•••@one:587,smtp://two')
  assert.equal(value('HOLDFAST_DATA'), resolve('here'))
  assert.equal(value('HOLDFAST_ACCESS_PORT'), '4000')
})

test('identity providers on this machine are for tests alone: refused where Holdfast is reached from outside', () => {
  const onLoopback = { HOLDFAST_PROVIDERS_ON_LOOPBACK: 'authorities.pem' }
  assert.deepEqual(problemsOf(onLoopback), [])
  assert.match(problemsOf({ ...outside, ...onLoopback }).join(), /HOLDFAST_PROVIDERS_ON_LOOPBACK must not be set/)
  const alone = problemsOf({ HOLDFAST_PROVIDERS_NAME_SERVER: '127.0.0.1:5353' })
  assert.match(alone.join(), /HOLDFAST_PROVIDERS_ON_LOOPBACK must be set/)
  for (const bad of ['http://a.example', 'https://user:pw@a.example', 'a', 'https://a.example,,']) {
    assert.match(problemsOf({ HOLDFAST_CONTROL_URLS: bad }).join(), /HOLDFAST_CONTROL_URLS must be at most 5 https/)
  }
})

test('a child process gets this environment, and what was settled on top', () => {
  const environment = childEnvironment({ HOLDFAST_DATA: '/x' })
  assert.equal(environment.HOLDFAST_DATA, '/x')
  assert.equal(environment.PATH, childEnvironment({}).PATH)
})

test('every setting is listed with its meaning and its default', () => {
  const listed = listSettings()
  assert.equal(listed.length, 40)
  for (const { variable, means } of listed) assert.ok(means.length > 5, variable)
  assert.equal(listed.find(({ variable }) => variable === 'HOLDFAST_URL')?.default, '`http://localhost:4000`')
  assert.equal(listed.find(({ variable }) => variable === 'HOLDFAST_DATABASE_URL')?.default, null)
})

test('docs/settings.md says what the settings are: node server/settings-document.ts > docs/settings.md', () => {
  const written = readFileSync(resolve(import.meta.dirname, '../docs/settings.md'), 'utf8')
  assert.equal(written, settingsDocument())
})

test('a start that is refused ends with exit code 2 and a line for each problem', () => {
  const { status, stderr } = spawnSync(process.execPath, ['server/main.ts', 'config'], {
    cwd: resolve(import.meta.dirname, '..'),
    env: { PATH: childEnvironment({}).PATH, HOLDFAST_ACCESS_PORT: 'x', HOLDFAST_SMPT_URLS: 'x' },
    encoding: 'utf8',
  })
  assert.equal(status, 2)
  assert.deepEqual(stderr.trim().split('\n').length, 2)
})
