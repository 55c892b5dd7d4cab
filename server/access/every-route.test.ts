import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { until } from '../../sdk/testing/until.ts'
import { callerOf } from '../ground/documentation/callers.ts'
import { exampleOf } from '../ground/documentation/examples.ts'
import { type Located, type OpenApi, operationsOf } from '../ground/documentation/open-api.ts'
import { allScopes, type Scope, staffRoles } from '../ground/environment/index.ts'
import { heldToPolicy } from './identity/organizations/testing.ts'
import { type Jar, openStage, type Seen, type Stage, type Visitor, visitorOf } from './testing.ts'

/**
 * What holds for every address there is, taken from /openapi.json and /docs of a whole access process behind https, so
 * that a new one cannot be forgotten (ASVS 3.3, 3.5, 8.2).
 */
let stage: Stage
let visitor: Visitor
let cast: Record<string, Caller>
let operations: Located[]
let pages: { method: string; path: string }[]
/** Every Set-Cookie line that came with any answer. */
const cookieLines: string[] = []

interface Caller {
  jar: Jar
  headers: Record<string, string>
  /** What it can show: names of security schemes. */
  shows: ReadonlySet<string>
  scopes: ReadonlySet<Scope>
}

const asConsole = { 'holdfast-audience': 'console' }
const none: ReadonlySet<Scope> = new Set()
/** What a token may do in order to be one, and nothing else. */
const ONE_SCOPE: Scope = 'overview:read'

before(async () => {
  stage = await openStage({ scheme: 'https' })
  visitor = visitorOf(stage)
  const document = JSON.parse((await ask('/openapi.json')).text) as OpenApi
  operations = operationsOf(document)
  pages = pagesOf((await ask('/docs')).text)
  cast = await callersOf()
})
after(() => stage?.[Symbol.asyncDispose]())

/** As a browser that is on https: what terminates TLS is not there, and access cannot tell. */
async function ask(path: string, init: RequestInit = {}, jar?: Jar): Promise<Seen> {
  const seen = await visitor.ask(path, { ...init, headers: { origin: origin(), ...init.headers } }, jar)
  cookieLines.push(...seen.headers.getSetCookie())
  return seen
}
const origin = () => stage.url.replace('http:', 'https:')
const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const send = (method: string, path: string, body: unknown, { jar, headers }: Pick<Caller, 'jar' | 'headers'>) =>
  ask(path, { method, headers: { ...json, ...headers }, body: JSON.stringify(body) }, jar)
const submit = (path: string, fields: Record<string, string>, jar: Jar) =>
  ask(path, { method: 'POST', headers: form, body: new URLSearchParams(fields).toString() }, jar)

function pagesOf(text: string): { method: string; path: string }[] {
  const table = text.slice(text.indexOf('<h2 id="pages">'))
  const rows = [...table.matchAll(/<span class="method">(\w+)<\/span> <span class="path">(.*?)<\/span><\/span><\/th>/g)]
  return rows.map(([, method, path]) => ({ method: method!, path: path!.replaceAll('<wbr>', '') }))
}

async function signIn(email: string, fields: Record<string, string> = {}): Promise<Jar> {
  const jar: Jar = new Map()
  assert.equal((await submit('/sign-in', { email, ...fields }, jar)).status, 303)
  const { code } = await stage.mailTo(email)
  const done = await submit('/sign-in/code', { code }, jar)
  assert.equal(done.status, 303, done.text)
  return jar
}

/** Everybody who may ever ask. */
async function callersOf(): Promise<Record<string, Caller>> {
  // It is printed once the database is ours, which may be a moment after the pages open.
  const [, enrol] = await until('the first link', () => /first administrator: (\S+)/.exec(stage.said()))
  const { pathname } = new URL(enrol!)
  const root: Jar = new Map()
  assert.equal((await submit(pathname, { email: 'root@acme.test' }, root)).status, 303)
  const { code } = await stage.mailTo('root@acme.test')
  assert.equal((await submit(`${pathname}/code`, { code }, root)).status, 200)
  const administrator: Caller = {
    jar: root,
    headers: asConsole,
    shows: new Set(['console', 'console_header', 'browser']),
    scopes: staffRoles.administrator,
  }
  const made = async (line: string, body: unknown) => {
    const [method = '', path = ''] = line.split(' ')
    const seen = await send(method, path, body, administrator)
    assert.ok(seen.status < 300, `${line}: ${seen.text}`)
    return seen.body as { id: string; secret: string; url: string }
  }
  const person = await signIn('person@acme.test')
  const idOf = async (jar: Jar) =>
    ((await ask('/v1/session', {}, jar)).body.session as { user: { id: string } }).user.id
  const clerk = await made('POST /v1/users', { email: 'clerk@acme.test' })
  await made(`PUT /v1/staff/${clerk.id}`, { role: 'support' })
  const support = await signIn('clerk@acme.test', { application: 'console' })
  const order = { user_id: await idOf(person), reason: 'Asked for by the person, ticket 4711' }
  const { url } = await made('POST /v1/impersonations', order)
  const acting: Jar = new Map(root)
  assert.equal((await submit(new URL(url).pathname, {}, acting)).status, 303)
  const bearer = (secret: string) => ({ authorization: `Bearer ${visitor.plant(secret)}` })
  const token = async (name: string, scopes: readonly Scope[]) =>
    bearer((await made('POST /v1/tokens', { name, scopes })).secret)
  const key = readFileSync(join(stage.folder, 'demo', 'key'), 'utf8').trim()
  const inBrowser = new Set(['session', 'browser'])
  const stranger = { jar: new Map(), headers: {}, shows: new Set<string>(), scopes: none }
  const program = { jar: new Map(), scopes: none, shows: new Set<string>() }
  return {
    administrator,
    'nobody at all': stranger,
    'a person': { jar: person, headers: {}, shows: inBrowser, scopes: none },
    'support in the console': { ...administrator, jar: support, scopes: staffRoles.support },
    'support that acts as a person': {
      jar: new Map([...acting].filter(([name]) => !name.endsWith('hf_console'))),
      headers: {},
      shows: inBrowser,
      scopes: none,
    },
    'a person who says to be the console': {
      jar: person,
      headers: asConsole,
      shows: new Set(['browser', 'console_header']),
      scopes: none,
    },
    'a token for everything': {
      ...program,
      headers: await token('All', allScopes),
      shows: new Set(['token']),
      scopes: new Set(allScopes),
    },
    'a token for one thing': {
      ...program,
      headers: await token('One', [ONE_SCOPE]),
      shows: new Set(['token']),
      scopes: new Set([ONE_SCOPE]),
    },
    'a token of another environment': { ...program, headers: bearer(`hf_production_tok_${'A'.repeat(43)}`) },
    'a token that was made up': { ...program, headers: bearer(`hf_development_tok_${'A'.repeat(43)}`) },
    'an application': { ...program, headers: bearer(key), shows: new Set(['application']) },
  }
}

/** The addresses that ask nobody who they are. A new one has to be put here by somebody who means it. */
const PUBLIC = new Set([
  'GET /.well-known/jwks.json',
  'GET /healthz',
  'GET /metrics',
  'GET /readyz',
  'GET /v1/session',
  'POST /v1/session/refresh',
  'DELETE /v1/session',
  'GET /v1/forward-auth',
  'POST /v1/sign-in/email',
  'POST /v1/sign-in/email/verify',
  'POST /v1/sign-in/passkey',
  'POST /v1/sign-in/passkey/verify',
  'POST /v1/sign-in/passkey/for/{id}',
  'POST /v1/sign-in/recovery-code',
])
/** Only a person in front of a browser does these, whatever the scopes of a token. */
const NOT_BY_TOKEN = new Set([
  'POST /v1/impersonations',
  'POST /v1/break-glass-codes',
  'POST /v1/organizations/{id}/rescues',
])
/** A person asks for it and is told what to do instead; only staff may. */
const NOT_BY_PERSON = new Set(['POST /v1/memberships'])
/** Ends the session that asks: done last, or the others would be nobody. */
const ENDS_ITSELF = 'DELETE /v1/session'

const named = ({ method, path }: { method: string; path: string }) => `${method} ${path}`
const NOT_THERE = 'x_00000000000000000000000000'

/** A request that fits its shapes and is about nothing that is there. */
function requestOf(operation: Located): { path: string; body: unknown } {
  const { parameters = [], requestBody } = operation
  const schema = requestBody?.content?.['application/json']?.schema
  const query = parameters
    .filter((each) => each.in === 'query' && each.required)
    .map((each) => `${each.name}=${encodeURIComponent(String(exampleOf(each.schema!)))}`)
    .join('&')
  const path = operation.path.replace(/\{\w+\}/g, NOT_THERE)
  return { path: query ? `${path}?${query}` : path, body: schema && exampleOf(schema) }
}

async function askAs(caller: Caller, operation: Located): Promise<Seen> {
  const { path, body } = requestOf(operation)
  const cut = new AbortController()
  const { method } = operation
  const init: RequestInit = { method, headers: { ...(body !== undefined && json), ...caller.headers } }
  if (body !== undefined) init.body = JSON.stringify(body)
  if (operation.path !== '/v1/feed') return ask(path, init, new Map(caller.jar))
  // A stream has no end: its head says whether somebody was let in.
  const answer = await fetch(stage.url + path, { ...init, signal: cut.signal })
  const { status, headers } = answer
  const text = status === 200 ? '' : await answer.text()
  cut.abort()
  return { status, headers, text, body: text ? JSON.parse(text) : {} }
}

/** What the declared security says of a caller: let in, or not known (401), or known and not allowed (403). */
function expectedOf(caller: Caller, who: string, operation: Located): 'in' | 401 | 403 {
  const name = named(operation)
  const security = operation.security!
  if (PUBLIC.has(name)) return 'in'
  const shown = security.filter((all) => Object.keys(all).every((scheme) => caller.shows.has(scheme)))
  const allowed = shown.some((all) =>
    Object.values(all).every((scopes) => scopes.every((scope) => caller.scopes.has(scope as Scope))),
  )
  if (!allowed) return shown.length > 0 ? 403 : 401
  const isActing = who === 'support that acts as a person'
  if (isActing && operation.method !== 'GET') return 403
  if (caller.shows.has('token') && NOT_BY_TOKEN.has(name)) return 403
  if (caller.shows.has('session') && NOT_BY_PERSON.has(name)) return 403
  return 'in'
}

test('every address lets in whom it declares, and nobody else, whoever asks', async () => {
  assert.ok(operations.length > 70, `only ${operations.length} operations`)
  const wrong: string[] = []
  for (const operation of operations.toSorted((one) => (named(one) === ENDS_ITSELF ? 1 : -1))) {
    const name = named(operation)
    const isOpen = operation.security!.length === 0 || operation.security!.some((all) => Object.keys(all).length === 0)
    if (isOpen && !PUBLIC.has(name))
      wrong.push(`${name} asks nobody who they are, and is not in the list of public ones`)
    if (callerOf(operation.security).who.startsWith('Whoever'))
      wrong.push(`${name} declares a caller that callers.ts does not know`)
    for (const [who, caller] of Object.entries(cast)) {
      if (name === ENDS_ITSELF && caller.jar.size > 0) continue
      const seen = await askAs(caller, operation)
      const expected = expectedOf(caller, who, operation)
      const isIn = seen.status !== 401 && seen.status !== 403
      const fits = expected === 'in' ? isIn || PUBLIC.has(name) : seen.status === expected
      if (!fits || seen.status >= 500)
        wrong.push(`${name}, ${who}: ${seen.status} ${seen.body.code ?? ''}, not ${expected}`)
      for (const secret of visitor.secrets) {
        if (seen.status >= 400 && seen.text.includes(secret)) wrong.push(`${name}, ${who}: the answer repeats a secret`)
      }
    }
  }
  assert.deepEqual(wrong, [])
})

const ABOUT_ORGANIZATIONS = /organization|membership|invitation|member/
/** Not by what somebody is there: by the address that was invited; and a person's own sessions, whatever they act for. */
const NOT_BY_MEMBERSHIP = new Set(['GET /invitation/{token}', 'POST /invitation/{token}', 'GET /v1/sessions'])

test('every address of an organisation that a person may call is held to how that organisation signs in', () => {
  const isFound = ({ path, parameters = [], requestBody }: Located) => {
    const { properties = {} } = requestBody?.content?.['application/json']?.schema ?? {}
    return ABOUT_ORGANIZATIONS.test([path, ...parameters.map(({ name }) => name), ...Object.keys(properties)].join())
  }
  const byPeople = operations.filter(({ security }) => security!.some((all) => 'session' in all)).filter(isFound)
  const ofPages = pages.filter(({ path }) => ABOUT_ORGANIZATIONS.test(path))
  const found = [...byPeople, ...ofPages].map(named).filter((name) => !NOT_BY_MEMBERSHIP.has(name))
  // A new one is put into that list, and asked in `held-back.test.ts`.
  assert.deepEqual([...new Set(found)].sort(), [...heldToPolicy].sort())
})

test('every address that changes something refuses a request from another site, whoever’s cookies come with it', async () => {
  const changing = [...operations, ...pages].filter(({ method }) => method !== 'GET')
  assert.ok(changing.length > 60, `only ${changing.length} addresses change something`)
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.test' },
    { origin: 'null' },
    { origin: stage.url },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]
  const wrong: string[] = []
  for (const each of changing) {
    if (BY_TOKEN_ALONE.has(named(each))) continue
    for (const headers of foreign) {
      const { jar, headers: own } = cast.administrator!
      const path = each.path.replace(/\{\w+\}/g, NOT_THERE)
      const seen = await ask(
        path,
        { method: each.method, headers: { ...json, accept: 'application/json', ...own, ...headers }, body: '{}' },
        new Map(jar),
      )
      const said = seen.text.includes('request.cross_site')
      if (seen.status !== 403 || !said) wrong.push(`${named(each)} with ${JSON.stringify(headers)}: ${seen.status}`)
      if (seen.headers.getSetCookie().length > 0) wrong.push(`${named(each)} sets a cookie`)
    }
  }
  assert.deepEqual(wrong, [])
})

/** Pages of other sites may ask these: they look at no cookie, and a token has to be sent on purpose. */
const BY_TOKEN_ALONE = new Set(['POST /ofrep/v1/evaluate/flags/{key}', 'POST /ofrep/v1/evaluate/flags'])

test('an address that other sites may ask looks at nobody’s cookies, and sets none', async () => {
  const { jar, headers } = cast.administrator!
  for (const line of BY_TOKEN_ALONE) {
    const [method = '', path = ''] = line.replace(/\{\w+\}/, NOT_THERE).split(' ')
    const init = { method, headers: { ...json, ...headers, origin: 'https://evil.test' }, body: '{}' }
    const seen = await ask(path, init, new Map(jar))
    assert.equal(seen.status, 401, line)
    assert.equal(seen.headers.get('access-control-allow-origin'), null)
    assert.deepEqual(seen.headers.getSetCookie(), [])
  }
})

/** Pages that tell a stranger who they are for; of a link that was made up, that it is none. A new page has to fit one. */
const kindsOfPage: readonly { of: RegExp; statuses: readonly number[] }[] = [
  // Nobody came back from a provider.
  { of: /^\/sign-in\/(callback|arrival)$/, statuses: [410] },
  // Nor from an app for their passkey, or with it to an app.
  { of: /^\/sign-in\/passkey\/(for|arrived)$/, statuses: [410] },
  { of: /^\/account\/passkeys\/(for-app|vouch|vouched)$/, statuses: [410] },
  { of: /^\/account/, statuses: [303] },
  { of: /^\/sign-in\/code$/, statuses: [303] },
  { of: /\{\w+\}/, statuses: [400, 404, 410] },
  {
    of: /^\/(sign-in(\/break-glass|\/rescue|\/recovery-code)?|sign-out|docs(\/problems)?|dev\/mail(\.json)?)$/,
    statuses: [200],
  },
]

test('every page shows a stranger the way to sign in, or what is meant for everybody', async () => {
  assert.ok(pages.length > 40, `only ${pages.length} pages`)
  const wrong: string[] = []
  for (const { path } of pages.filter(({ method }) => method === 'GET')) {
    const seen = await ask(path.replace(/\{\w+\}/g, NOT_THERE))
    const { statuses = [] } = kindsOfPage.find(({ of }) => of.test(path)) ?? {}
    const leads = seen.headers.get('location') ?? '/sign-in'
    if (!statuses.includes(seen.status) || !/^(https:\/\/localhost:\d+)?\/sign-in/.test(leads)) {
      wrong.push(`GET ${path}: ${seen.status} ${leads}, not ${statuses}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('every answer of a page with a link in its address keeps that address from everybody else', async () => {
  const linked = pages.filter(({ path }) => path.includes('{token}') || path.includes('{ticket}'))
  assert.ok(linked.length >= 8, `only ${linked.length} pages have a link in their address`)
  for (const { method, path } of linked) {
    const init = method === 'GET' ? {} : { method, headers: form, body: '' }
    const { headers } = await ask(path.replace(/\{\w+\}/g, NOT_THERE), init)
    assert.match(headers.get('referrer-policy') ?? '', /^(no-referrer|same-origin)$/, `${method} ${path}`)
    assert.match(headers.get('cache-control') ?? '', /no-store/, `${method} ${path}`)
  }
})

test('every cookie that was set on https has the host prefix, is Secure, SameSite and kept from script', async () => {
  const jar = await signIn('leaving@acme.test')
  await ask('/v1/session/refresh', { method: 'POST' }, jar)
  await ask('/sign-in?lang=de', {}, jar)
  await submit('/sign-out', {}, jar)
  await ask('/v1/session', {}, new Map([['__Host-hf_session', 'A'.repeat(43)]]))
  const names = new Set(cookieLines.map((line) => line.slice(0, line.indexOf('='))))
  const known = ['browser', 'console', 'language', 'proof', 'session'].map((name) => `__Host-hf_${name}`)
  assert.deepEqual([...names].toSorted(), known)
  for (const line of new Set(cookieLines.map((each) => each.replace(/=[^;]*/, '=…')))) {
    for (const wanted of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/'])
      assert.ok(line.split('; ').includes(wanted), line)
    assert.doesNotMatch(line, /Domain/i)
  }
})
