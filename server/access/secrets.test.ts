import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { until } from '../../sdk/testing/until.ts'
import { askOnce } from '../platform/postgres-server/index.ts'
import { allScopes } from '../ground/environment/index.ts'
import { enrol, type Jar, openStage, type Seen, type Stage, type Visitor, visitorOf } from './testing.ts'

/**
 * One secret of every kind is really made and used, and then looked for wherever something is written down or handed out:
 * the log at its most talkative, every table, every file beside the database, the audit and the export of a person
 * (ASVS 16.2.5, 13.3.1).
 */
let stage: Stage
let visitor: Visitor
let root: Jar
let signedOut: Jar
/** By what it is, so that a failure names the kind and not the secret. */
const secrets = new Map<string, string>()

const LOOK_MS = 20_000
const ANA = 'ana@acme.test'
const asConsole = { 'holdfast-audience': 'console' }

before(async () => {
  stage = await openStage()
  visitor = visitorOf(stage)
  root = await enrol(stage, visitor, 'root@acme.test')
  await makeOneOfEach()
})
after(() => stage?.[Symbol.asyncDispose]())

const ends = (url: string) => url.split('/').at(-1)!
const keep = (kind: string, secret: string): string => {
  assert.ok(secret.length >= 6, `no ${kind} was made`)
  secrets.set(kind, secret)
  return secret
}

/** Each write bears an Idempotency-Key: the first answer is kept to be given again, and some hold a secret. */
async function asRoot(line: string, body?: unknown): Promise<Seen & { body: Record<string, string> }> {
  const [method = '', path = ''] = line.split(' ')
  const headers = {
    'content-type': 'application/json',
    origin: stage.url,
    'idempotency-key': line.replaceAll(/\W/g, '-'),
    ...asConsole,
  }
  const seen = await visitor.ask(
    path,
    { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) },
    root,
  )
  assert.ok(seen.status < 300, `${line}: ${seen.text}`)
  return seen as Seen & { body: Record<string, string> }
}

async function mailWith(email: string, part: string): Promise<{ text: string; code?: string }> {
  return until(`a mail with ${part}`, async () => {
    const { data } = (await visitor.ask('/dev/mail.json')).body as {
      data: { to: string; text: string; code?: string }[]
    }
    return data.find((each) => each.to === email && each.text.includes(part))
  })
}
const linkIn = (text: string, part: string) => text.split(/\s+/).find((word) => word.includes(part)) ?? ''

async function makeOneOfEach(): Promise<void> {
  keep('first administrator’s link', ends(/first administrator: (\S+)/.exec(stage.said())![1]!))
  keep('console handle', root.get('hf_console')!)
  const ana: Jar = new Map()
  await visitor.submit('/sign-in', { email: ANA }, ana)
  const { code, link } = await stage.mailTo(ANA)
  keep('sign-in code', code)
  keep('sign-in link', ends(link))
  assert.equal((await visitor.submit('/sign-in/code', { code }, ana)).status, 303)
  for (const name of ['handle', 'browser', 'proof'])
    keep(name, ana.get(name === 'handle' ? 'hf_session' : `hf_${name}`)!)

  await visitor.submit('/account/email', { email: 'ana@new.test' }, ana)
  const change = await mailWith('ana@new.test', 'code')
  const changeCode = keep(
    'code of a change of address',
    change.code ?? /(\d{3}) ?(\d{3})/.exec(change.text)!.slice(1).join(''),
  )
  assert.equal((await visitor.submit('/account/email/code', { code: changeCode }, ana)).status, 303)
  keep(
    'link that takes a change back',
    ends(linkIn((await mailWith(ANA, '/email-change/undo/')).text, '/email-change/undo/')),
  )

  const recovery = (await visitor.post('/v1/account/recovery-codes', {}, ana)).body.codes as string[]
  for (const [index, each] of recovery.entries()) keep(`recovery code ${index}`, each)
  const rescued: Jar = new Map()
  const used = { email: 'ana@new.test', code: recovery[0]! }
  assert.equal((await visitor.post('/v1/sign-in/recovery-code', used, rescued)).status, 200)
  keep('handle by a recovery code', rescued.get('hf_session')!)
  const ceremony = (await visitor.post('/v1/sign-in/passkey', {}, new Map())).body.options as { challenge: string }
  keep('challenge of a passkey', ceremony.challenge)

  const { id } = (await asRoot('POST /v1/users', { email: 'bea@acme.test' })).body
  await asRoot(`POST /v1/users/${id}/email-changes`, { email: 'bea@new.test' })
  keep(
    'link that proves a change',
    ends(linkIn((await mailWith('bea@new.test', '/email-change/')).text, '/email-change/')),
  )
  const acting: Jar = new Map()
  const { url } = (await asRoot('POST /v1/impersonations', { user_id: id, reason: 'asked for in ticket 4711' })).body
  keep('impersonation link', ends(url!))
  assert.equal((await visitor.submit(new URL(url!).pathname, {}, acting)).status, 303)
  keep('handle of an impersonation', acting.get('hf_session')!)

  const organization = (await asRoot('POST /v1/organizations', { name: 'Acme Labs' })).body.id
  await asRoot('POST /v1/invitations', { organization_id: organization, email: 'cat@acme.test' })
  keep('invitation link', ends(linkIn((await mailWith('cat@acme.test', '/invitation/')).text, '/invitation/')))
  await visitor.ask(`/invitation/${secrets.get('invitation link')}`)

  const token = keep('token', (await asRoot('POST /v1/tokens', { name: 'All', scopes: allScopes })).body.secret!)
  assert.equal((await visitor.ask('/v1/token', { headers: { authorization: `Bearer ${token}` } })).status, 200)
  const made = (await asRoot('POST /v1/applications', { name: 'Secretive', origins: ['https://secretive.test'] })).body
  keep('application key', made.key!)
  const { id: application } = made.application as unknown as { id: string }
  keep('rotated application key', (await asRoot(`POST /v1/applications/${application}/key-rotations`, {})).body.key!)
  const clientSecret = keep('client secret of a provider', 'kD8planted9Qx2vLm')
  const issuer = 'https://id.acme.invalid'
  await asRoot('POST /v1/providers', {
    preset: 'oidc',
    name: 'SSO',
    issuer,
    client_id: 'us',
    client_secret: clientSecret,
  })
  const { codes } = (await asRoot('POST /v1/break-glass-codes')).body as unknown as { codes: string[] }
  for (const [index, each] of codes.entries()) keep(`printed code ${index}`, each)
  const paper: Jar = new Map()
  assert.equal(
    (await visitor.submit('/sign-in/break-glass', { email: 'root@acme.test', code: codes[0]! }, paper)).status,
    200,
  )
  keep('handle by a printed code', paper.get('hf_console')!)

  keep('secret file', readFileSync(join(stage.folder, 'secret.key'), 'utf8').trim())
  keep('password of the database', decodeURIComponent(new URL(stage.database.ownerUrl).password))
  signedOut = ana
}

/** By itself, and not a part of something longer: six digits stand in a digest or a time by chance. */
function found(text: string): string[] {
  return [...secrets]
    .filter(([, secret]) => new RegExp(`(?<![\\w.:-])${secret}(?![\\w:-])`).test(text))
    .map(([kind]) => kind)
}

test('every kind of secret was made: nothing is looked for in vain', () => {
  assert.ok(secrets.size >= 26, [...secrets.keys()].join(', '))
  assert.deepEqual(found(`a ${[...secrets.values()].join(' ')} z`).length, secrets.size)
})

test('no table holds a secret, also not where the first answer to a write is kept', async () => {
  const { rows } = await askOnce(stage.database.ownerUrl, LOOK_MS, (client) =>
    client.query<{ table: string; content: string }>(`
      select schemaname || '.' || tablename as table,
             table_to_xml(format('%I.%I', schemaname, tablename)::regclass, true, false, '')::text as content
        from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema')`),
  )
  assert.ok(rows.length > 40, `only ${rows.length} tables`)
  assert.ok(
    rows.some(({ table, content }) => table.startsWith('platform.idempot') && content.includes('key')),
    'first answers were kept',
  )
  const wrong = rows.flatMap(({ table, content }) => found(content).map((kind) => `${table} holds: ${kind}`))
  assert.deepEqual(wrong, [])
})

test('no file beside the database holds a secret, but for the secret file, the demo’s key and the mails that were sent', () => {
  const files = readdirSync(stage.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\/(secret\.key|demo\/key)$|\/mail\//.test(path))
  assert.ok(files.length >= 3, files.join(', '))
  const wrong = files.flatMap((path) => found(readFileSync(path, 'utf8')).map((kind) => `${path} holds: ${kind}`))
  assert.deepEqual(wrong, [])
})

test('nothing that is handed out of the audit, of signals or of a person holds a secret', async () => {
  const { user } = (await visitor.ask('/v1/session', {}, signedOut)).body.session as { user: { id: string } }
  for (const path of [
    '/v1/audit?limit=200',
    '/v1/audit/export?format=ndjson',
    '/v1/settings',
    '/v1/staff',
    '/v1/tokens',
    '/v1/applications',
    `/v1/users/${user.id}/export`,
    '/v1/sessions?limit=200',
    '/v1/session-ends?window_min=60',
    '/v1/overview',
    '/metrics',
    '/v1/signing-keys',
  ]) {
    const seen = await visitor.ask(path, { headers: asConsole }, root)
    assert.ok(seen.status === 200 || path.startsWith('/v1/session-ends'), `${path}: ${seen.status} ${seen.text}`)
    assert.deepEqual(found(seen.text), [], path)
  }
})

test('who got in, who did not, and what was done to accounts is in the audit', async () => {
  const wrong: Jar = new Map()
  await visitor.submit('/sign-in', { email: 'dan@acme.test' }, wrong)
  await visitor.submit('/sign-in/code', { code: '000000' }, wrong)
  const { text } = await visitor.ask('/v1/audit/export?format=ndjson', { headers: asConsole }, root)
  const actions = new Set([...text.matchAll(/"action":"([\w.-]+)"/g)].map(([, action]) => action))
  for (const action of [
    'administrator.granted',
    'user.created',
    'sign-in.failed',
    'user.email-changed',
    'token.created',
    'application.created',
    'application.key_rotated',
    'impersonation.started',
    'invitation.created',
    'break_glass_codes.printed',
    'break_glass_codes.used',
  ]) {
    assert.ok(actions.has(action), `${action} is not among ${[...actions].join(', ')}`)
  }
})

test('the log at its most talkative holds no secret', async () => {
  assert.equal(await stage.stop(), 0)
  const log = stage
    .said()
    .split('\n')
    .filter((line) => !line.startsWith('first administrator: '))
  assert.ok(log.length > 100, 'the log was read')
  assert.deepEqual(found(log.join('\n')), [])
})
