import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { GRACE_MS, PROOF_LIFE_MS, type Verdict } from '../../sdk/contract.ts'
import { createFetchHandler, Holdfast } from '../../sdk/index.ts'
import { until } from '../../sdk/testing/until.ts'
import { makeTestFolder, removeTestFolder } from '../platform/testing/index.ts'
import { enrol, type Jar, openStage, type Stage, type Visitor, visitorOf } from './testing.ts'

/**
 * Every way in which a session is ended by somebody, and every verifier that has to hear of it (ASVS 7.4): access by its
 * database, access for a proxy, an app by the feed, and an app that is cut off from everything, until its proof ends.
 */
let stage: Stage
let visitor: Visitor
let root: Jar
let app: App
/** Knows the keys, has no feed and nobody to ask from the moment the test cuts it off. */
let island: App
const stack = new AsyncDisposableStack()
const asConsole = { 'holdfast-audience': 'console' }
/** Hours that the island's clock is ahead. */
let aheadMs = 0

before(async () => {
  stage = stack.use(await openStage())
  visitor = visitorOf(stage)
  root = await enrol(stage, visitor, 'root@acme.test')
  app = await openApp({ now: Date.now, fetch })
  const cutting = new AbortController()
  const cutOff: typeof fetch = (input, init) => {
    const signal = init?.signal ? AbortSignal.any([init.signal, cutting.signal]) : cutting.signal
    return fetch(input, { ...init, signal })
  }
  island = await openApp({ now: () => Date.now() + aheadMs, fetch: cutOff })
  await until(
    'both know the keys',
    () => app.holdfast.status().lagMs !== null && island.holdfast.status().lagMs !== null,
  )
  // What was open ends as well: the feed of the island tells nothing more.
  island.cut = () => cutting.abort()
})
after(() => stack.disposeAsync())

interface App {
  holdfast: Holdfast
  ask(path: string, init?: RequestInit, jar?: Jar): Promise<Response>
  verdict(jar: Jar): Promise<{ verdict: Verdict; source: string | null; reason?: string }>
  cut(): void
}

async function openApp(options: { now: () => number; fetch: typeof fetch }): Promise<App> {
  const dataDir = await makeTestFolder()
  stack.defer(() => removeTestFolder(dataDir))
  const origin = `http://127.0.0.1:${stage.appPort}`
  const key = readFileSync(join(stage.folder, 'demo', 'key'), 'utf8').trim()
  const holdfast = stack.use(new Holdfast({ url: stage.url, key, dataDir, origin, onProblem: () => {}, ...options }))
  const handler = createFetchHandler(holdfast)
  const requestOf = (path: string, init: RequestInit, jar: Jar) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    return new Request(origin + path, { ...init, headers: { origin, cookie, ...init.headers } })
  }
  return {
    holdfast,
    async ask(path, init = {}, jar = new Map()) {
      const answer = (await handler.handle(requestOf(path, init, jar)))!
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (value) jar.set(name, value)
      }
      return answer
    },
    verdict: async (jar) => (await holdfast.sessions.verify(requestOf('/', {}, jar))) as never,
    cut: () => {},
  }
}

interface SignedIn {
  email: string
  id: string
  userId: string
  jar: Jar
}

const json = { 'content-type': 'application/json' }

const read = new Set<string>()
/** The code of a mail that nobody has read yet. */
async function codeTo(email: string): Promise<string> {
  return until(`a mail to ${email}`, async () => {
    const { data } = (await visitor.ask('/dev/mail.json')).body as {
      data: { to: string; code?: string; text: string }[]
    }
    const mail = data.find((each) => each.to === email && !read.has(each.text) && /\d{3} ?\d{3}/.test(each.text))
    if (!mail) return undefined
    read.add(mail.text)
    return mail.code ?? /(\d{3}) ?(\d{3})/.exec(mail.text)!.slice(1).join('')
  })
}

async function signIn(email: string): Promise<SignedIn> {
  const jar: Jar = new Map()
  const post = (path: string, body: unknown) =>
    app.ask(path, { method: 'POST', headers: json, body: JSON.stringify(body) }, jar)
  const { challenge_id } = (await (await post('/auth/v1/sign-in/email', { email })).json()) as { challenge_id: string }
  const done = await post('/auth/v1/sign-in/email/verify', { challenge_id, code: await codeTo(email) })
  const said = (await done.json()) as { session: { id: string; user: { id: string } } }
  assert.equal(done.status, 200, JSON.stringify(said))
  return { email, id: said.session.id, userId: said.session.user.id, jar }
}

/** The same person at Holdfast’s own pages. */
async function signInHere(email: string): Promise<Jar> {
  const jar: Jar = new Map()
  await visitor.submit('/sign-in', { email }, jar)
  assert.equal((await visitor.submit('/sign-in/code', { code: await codeTo(email) }, jar)).status, 303)
  return jar
}

async function asRoot(line: string, body?: unknown) {
  const [method = '', path = ''] = line.split(' ')
  const headers = { ...json, origin: stage.url, ...asConsole }
  const seen = await visitor.ask(
    path,
    { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) },
    root,
  )
  assert.ok(seen.status < 300, `${line}: ${seen.text}`)
  return seen
}

const ends: Record<string, { reason: string; end(who: SignedIn): Promise<unknown> }> = {
  'signing out': {
    reason: 'signed_out',
    end: ({ jar }) => app.ask('/auth/v1/session', { method: 'DELETE' }, new Map(jar)),
  },
  'the person, from another browser': {
    reason: 'signed_out_elsewhere',
    async end({ email, id }) {
      const other = await signIn(email)
      return app.ask(`/auth/v1/sessions/${id}`, { method: 'DELETE' }, other.jar)
    },
  },
  'the person, everywhere': {
    reason: 'signed_out_everywhere',
    async end({ email }) {
      const jar = await signInHere(email)
      return visitor.submit('/account/sessions/end-all', {}, jar)
    },
  },
  'an administrator, one session': { reason: 'revoked', end: ({ id }) => asRoot(`DELETE /v1/sessions/${id}`) },
  'an administrator, all of a person': {
    reason: 'revoked',
    end: ({ userId }) => asRoot(`DELETE /v1/users/${userId}/sessions`),
  },
  'a block': { reason: 'blocked', end: ({ userId }) => asRoot(`PUT /v1/users/${userId}/block`, { reason: 'test' }) },
  'a deletion': { reason: 'account_deleted', end: ({ userId }) => asRoot(`DELETE /v1/users/${userId}`) },
  'a change of the address, which is the only factor': {
    reason: 'email_changed',
    async end({ email }) {
      const jar = await signInHere(email)
      await visitor.submit('/account/email', { email: `new-${email}` }, jar)
      const code = await codeTo(`new-${email}`)
      const done = await visitor.submit('/account/email/code', { code }, jar)
      assert.equal(done.status, 303, done.text)
    },
  },
}

const ofAccess = (path: string, jar: Jar) => visitor.ask(path, {}, new Map(jar))

let count = 0
for (const [how, { reason, end }] of Object.entries(ends)) {
  test(`a session that was ended by ${how} is refused by every verifier that can hear of it`, async () => {
    const who = await signIn(`ends${++count}@acme.test`)
    assert.equal((await app.verdict(who.jar)).verdict, 'valid')
    await end(who)

    // Access knows at once: nothing in between has to be waited for.
    const answer = await app.ask('/auth/v1/session', {}, new Map(who.jar))
    assert.deepEqual([answer.status, ((await answer.json()) as { reason: string }).reason], [401, reason])
    assert.equal((await ofAccess('/v1/forward-auth?audience=app_demo', who.jar)).status, 401, 'for a proxy')
    const proofAlone = new Map([['hf_proof', who.jar.get('hf_proof')!]])
    assert.equal((await ofAccess('/v1/forward-auth?audience=app_demo', proofAlone)).status, 401, 'by the proof alone')

    // The app, by the feed: as soon as what the feed says is newer than the end.
    await until('the feed has told', async () => (await app.verdict(proofAlone)).verdict === 'invalid')
    assert.equal((await app.verdict(proofAlone)).reason, reason)
  })
}

test('an app that is cut off goes by the proof until its end and its grace, then says unknown, and never that it is valid', async () => {
  const who = await signIn('island@acme.test')
  assert.equal((await island.verdict(who.jar)).verdict, 'valid')
  island.cut()
  await asRoot(`DELETE /v1/sessions/${who.id}`)
  await until('the app on the feed refuses', async () => (await app.verdict(who.jar)).verdict === 'invalid')
  const { exp } = JSON.parse(Buffer.from(who.jar.get('hf_proof')!.split('.')[1]!, 'base64url').toString()) as {
    exp: number
  }
  const at = async (ms: number) => {
    aheadMs = exp * 1000 + ms - Date.now()
    const { verdict, source } = await island.verdict(who.jar)
    return [verdict, source]
  }
  assert.ok(exp * 1000 - Date.now() <= PROOF_LIFE_MS)
  assert.deepEqual(await at(-60_000), ['valid', 'proof'])
  await until('it sees that access is away', async () => (await at(60_000))[0] === 'valid')
  assert.deepEqual(await at(60_000), ['valid', 'grace'])
  assert.equal((await at(GRACE_MS + 1000))[0], 'unknown')
  assert.equal((await at(24 * GRACE_MS))[0], 'unknown')
})
