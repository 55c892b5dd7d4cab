/** Real express-session over access and PostgreSQL as `npm start` runs them, and beside connect-redis on a real Redis. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { RedisStore } from 'connect-redis'
import express from 'express'
import session from 'express-session'
import { createClient } from 'redis'
import { HoldfastStore, type HoldfastStoreOptions, type OldStore } from './express-session.ts'
import { Holdfast } from './holdfast.ts'
import { openFolder } from './testing/open-folder.ts'
import { openRedis } from './testing/open-redis.ts'
import { openSite, type Site } from './testing/open-site.ts'
import { openStack, type TestStack } from './testing/open-stack.ts'
import { until } from './testing/until.ts'

let stack: TestStack
let key: string
before(async () => {
  stack = await openStack()
  key = (await readFile(join(stack.data, 'demo', 'key'), 'utf8')).trim()
})
after(async () => {
  await stack?.[Symbol.asyncDispose]()
})

interface Kept {
  user?: string
  items?: string[]
}
const keptOf = (request: express.Request) => request.session as unknown as Kept

interface Shop extends AsyncDisposable {
  store: session.Store
  /** A browser of its own. */
  browser(sid?: string): Browser
}

const SECRET = 'a secret of the test'
const NAME = 'sid'

/** An app as they are written: who is signed in, and a cart, both in `req.session`. */
async function openShop(store: session.Store, options: Partial<session.SessionOptions> = {}): Promise<Shop> {
  const app = express()
  const cookie = { maxAge: 3_600_000 }
  app.use(session({ store, secret: SECRET, name: NAME, resave: false, saveUninitialized: false, cookie, ...options }))
  app.post('/sign-in/:user', (request, response, next) => {
    request.session.regenerate((error) => {
      if (error) return next(error)
      keptOf(request).user = request.params.user
      response.json(keptOf(request))
    })
  })
  app.post('/items/:item', (request, response) => {
    const kept = keptOf(request)
    kept.items = [...(kept.items ?? []), request.params.item]
    response.json({ user: kept.user, items: kept.items })
  })
  app.post('/sign-out', (request, response, next) => {
    request.session.destroy((error) => (error ? next(error) : response.json({})))
  })
  app.get('/', (request, response) => {
    const { user = null, items = [] } = keptOf(request)
    const { originalMaxAge, expires } = request.session.cookie
    response.json({ user, items, originalMaxAge, isDate: expires instanceof Date })
  })
  app.use(((error, _request, response, _next) => {
    const { verdict, code, status = 500, headers = {} } = error as Record<string, never>
    response.status(status).set(headers).json({ verdict, code })
  }) satisfies express.ErrorRequestHandler)
  const site = await openSite(app)
  return {
    store,
    browser: (sid) => new Browser(site, sid),
    [Symbol.asyncDispose]: () => site[Symbol.asyncDispose](),
  }
}

class Browser {
  readonly #site: Site
  cookie: string | undefined

  constructor(site: Site, cookie?: string) {
    this.#site = site
    this.cookie = cookie
  }

  async ask(path: string, method = 'GET') {
    const headers: Record<string, string> = this.cookie ? { cookie: this.cookie } : {}
    const response = await this.#site.ask(path, { method, headers })
    const [set] = response.headers.getSetCookie()
    if (set) this.cookie = set.split(';', 1)[0]
    const body = (await response.json()) as Record<string, unknown>
    return { status: response.status, body, isCookieSet: set !== undefined, headers: response.headers }
  }

  /** The session id, as express-session signs it. */
  get sid(): string {
    return /s:([^.]+)\./.exec(decodeURIComponent(this.cookie!))![1]!
  }
}

interface Sdk extends AsyncDisposable {
  store: HoldfastStore
  /** `METHOD path` of every request for a locker. */
  asked: string[]
  /** The way to access is cut. */
  isCut: boolean
}

/** A process of the app: its own Holdfast, its own memory. */
async function openSdk(more: Partial<HoldfastStoreOptions> = {}): Promise<Sdk> {
  const stackOf = new AsyncDisposableStack()
  const folder = stackOf.use(await openFolder())
  const asked: string[] = []
  const counting: typeof fetch = async (input, init) => {
    if (sdk.isCut) throw new TypeError('fetch failed')
    if (String(input).includes('/v1/lockers/')) asked.push(`${init?.method} ${String(input)} ${init?.body ?? ''}`)
    return fetch(input, init)
  }
  const options = { url: stack.accessUrl, key, dataDir: folder.path, fetch: counting, reports: false }
  const holdfast = stackOf.use(new Holdfast({ ...options, onProblem: () => {} }))
  const store = stackOf.use(new HoldfastStore({ holdfast, ...more }))
  const sdk: Sdk = { store, asked, isCut: false, [Symbol.asyncDispose]: () => stackOf.disposeAsync() }
  return sdk
}

const methods = ({ asked }: Sdk) => asked.map((line) => line.split(' ', 1)[0])
const deliver = (store: HoldfastStore) => until('nothing waits', () => store.waiting === 0)

test('an app keeps its sessions in Holdfast: one line is another one', async () => {
  await using sdk = await openSdk()
  await using shop = await openShop(sdk.store)
  const ana = shop.browser()
  assert.equal((await ana.ask('/')).isCookieSet, false)
  assert.deepEqual((await ana.ask('/items/apple', 'POST')).body, { items: ['apple'] })
  const before = ana.sid
  assert.deepEqual((await ana.ask('/sign-in/ana', 'POST')).body.user, 'ana')
  assert.notEqual(ana.sid, before)
  await ana.ask('/items/pear', 'POST')
  const seen = await ana.ask('/')
  assert.deepEqual(seen.body, { user: 'ana', items: ['pear'], originalMaxAge: 3_600_000, isDate: true })

  const loaded = await new Promise<session.SessionData | undefined>((resolve, reject) => {
    shop.store.load(ana.sid, (error, found) => (error ? reject(error) : resolve(found)))
  })
  assert.equal(keptIn(loaded).user, 'ana')
  for (const sid of [before, ana.sid]) assert.ok(!sdk.asked.join().includes(sid), 'access is never told a session id')

  const out = shop.browser(ana.cookie)
  await out.ask('/sign-out', 'POST')
  assert.equal((await ana.ask('/')).body.user, null)
})

test('a request that only reads writes nothing, with resave too', async () => {
  await using sdk = await openSdk()
  for (const options of [{}, { resave: true }, { rolling: true }]) {
    await using shop = await openShop(sdk.store, options)
    const ana = shop.browser()
    await ana.ask('/sign-in/ana', 'POST')
    sdk.asked.length = 0
    for (let time = 0; time < 5; time++) assert.equal((await ana.ask('/')).body.user, 'ana')
    const wanted = 'resave' in options ? ['GET', 'PUT'] : ['GET']
    assert.deepEqual([...new Set(methods(sdk))], wanted)
    // With resave express-session insists; what it sends is the same each time, and access writes nothing then.
    // But for a millisecond of `originalMaxAge`: express-session reads its clock twice to count it.
    const puts = sdk.asked
      .filter((line) => line.startsWith('PUT'))
      .map((line) => String(JSON.parse(line.split(' ')[2]!).content))
      .map((content) => content.replace(/("originalMaxAge":)(\d+)/, (_, name, ms) => name + Math.round(ms / 1000)))
    assert.deepEqual([...new Set(puts)].slice(1), [])
  }
})

test('a session without maxAge lives for a day here, and as long as its browser there', async () => {
  await using sdk = await openSdk()
  await using shop = await openShop(sdk.store, { cookie: {} })
  const ana = shop.browser()
  await ana.ask('/sign-in/ana', 'POST')
  assert.match(sdk.asked.findLast((line) => line.startsWith('PUT'))!, /"expires_in_s":86400/)
  assert.deepEqual((await ana.ask('/')).body, { user: 'ana', items: [], originalMaxAge: null, isDate: false })
})

test('a session of more than 16 KiB is refused in one sentence, and the one before stays', async () => {
  await using sdk = await openSdk()
  await using shop = await openShop(sdk.store)
  const ana = shop.browser()
  await ana.ask('/items/apple', 'POST')
  const held = await read(sdk.store, ana.sid)
  const large = { ...held, items: ['x'.repeat(17_000)] } as unknown as session.SessionData
  const refused = await write(sdk.store, ana.sid, large).catch((error) => error)
  assert.deepEqual([refused.code, refused.verdict], ['lockers.too_large', undefined])
  assert.match(refused.message, /17\d\d\d bytes, and 16384 are kept/)
  assert.deepEqual((await ana.ask('/')).body.items, ['apple'])
})

const read = (store: HoldfastStore, sid: string) =>
  new Promise<session.SessionData | null | undefined>((resolve, reject) => {
    store.get(sid, (error, found) => (error ? reject(error) : resolve(found)))
  })
const write = (store: HoldfastStore, sid: string, data: session.SessionData) =>
  new Promise<void>((resolve, reject) => {
    store.set(sid, data, (error) => (error ? reject(error) : resolve()))
  })
const destroy = (store: HoldfastStore, sid: string) =>
  new Promise<void>((resolve, reject) => {
    store.destroy(sid, (error) => (error ? reject(error) : resolve()))
  })
const keptIn = (data: session.SessionData | null | undefined) => data as unknown as Kept
const made = (user: string) => ({ cookie: { originalMaxAge: 60_000 }, user }) as unknown as session.SessionData

test('of two requests at once the last to write wins, and one that ends after the sign-out brings nothing back', async () => {
  await using one = await openSdk()
  await using two = await openSdk()
  const sid = randomBytes(24).toString('base64url')
  const users = Array.from({ length: 20 }, (_, each) => `user ${each}`)
  await Promise.all(users.map((user) => write(one.store, sid, made(user))))
  assert.equal(keptIn(await read(two.store, sid)).user, 'user 19')

  // The other process began its request before, and ends it afterwards.
  const begun = (await read(two.store, sid))!
  await destroy(one.store, sid)
  await write(two.store, sid, begun)
  await write(one.store, sid, begun)
  for (const { store } of [one, two]) assert.equal(await read(store, sid), null)
})

test('PostgreSQL frozen: what was known is read, what is not known is 503, and what is written is kept', async () => {
  await using sdk = await openSdk()
  await using other = await openSdk()
  await using shop = await openShop(sdk.store)
  const [ana, ben] = [shop.browser(), shop.browser()]
  for (const [browser, name] of [
    [ana, 'ana'],
    [ben, 'ben'],
  ] as const)
    await browser.ask(`/sign-in/${name}`, 'POST')
  const stranger = shop.browser(ana.cookie)
  // Signed by the app, and never seen by this process.
  const elsewhere = randomBytes(24).toString('base64url')
  await write(other.store, elsewhere, made('eve'))

  stack.freeze('database')
  try {
    assert.equal((await ana.ask('/')).body.user, 'ana')
    assert.deepEqual((await ana.ask('/items/apple', 'POST')).body, { user: 'ana', items: ['apple'] })
    assert.deepEqual((await stranger.ask('/')).body.items, ['apple'])
    assert.equal((await ben.ask('/sign-out', 'POST')).status, 200)
    assert.equal((await ben.ask('/')).body.user, null)
    assert.equal(sdk.store.waiting, 2)
    const unknown = await read(sdk.store, elsewhere).catch((error) => error)
    assert.deepEqual([unknown.verdict, unknown.status], ['unknown', 503])
    assert.match(unknown.code, /^(database_unavailable|access_unreachable)$/)
    // Of another process nothing is known here: it does not begin an empty session.
    const fresh = await openShop(other.store)
    const asked = await fresh.browser(ana.cookie).ask('/')
    await fresh[Symbol.asyncDispose]()
    assert.deepEqual([asked.status, asked.body.verdict, asked.isCookieSet], [503, 'unknown', false])
    assert.equal(asked.headers.get('retry-after'), '2')
  } finally {
    stack.thaw('database')
  }
  await deliver(sdk.store)
  const seen = await until('the other process can read', () => read(other.store, ana.sid).catch(() => undefined))
  assert.deepEqual(keptIn(seen).items, ['apple'])
  assert.equal(keptIn(await read(other.store, elsewhere)).user, 'eve')
  assert.equal(await read(other.store, ben.sid), null)
})

test('access killed: sessions go on, and what was written meanwhile does not replace what was written since', async () => {
  await using sdk = await openSdk()
  await using other = await openSdk()
  await using shop = await openShop(sdk.store)
  const [ana, ben] = [shop.browser(), shop.browser()]
  for (const browser of [ana, ben]) await browser.ask('/items/apple', 'POST')
  stack.freeze('access')
  try {
    for (const browser of [ana, ben]) await browser.ask('/items/pear', 'POST')
    assert.deepEqual((await ana.ask('/')).body.items, ['apple', 'pear'])
    assert.equal(sdk.store.waiting, 2)
    sdk.isCut = true
  } finally {
    stack.kill('access')
  }
  // Another process, which reaches access before this one does, changes one of the two.
  const since = await until('access is back', () => read(other.store, ben.sid).catch(() => undefined))
  assert.deepEqual(keptIn(since).items, ['apple'])
  await write(other.store, ben.sid, { ...since, items: ['plum'] } as unknown as session.SessionData)
  sdk.isCut = false
  await deliver(sdk.store)
  assert.deepEqual(keptIn(await read(other.store, ana.sid)).items, ['apple', 'pear'])
  assert.deepEqual(keptIn(await read(other.store, ben.sid)).items, ['plum'])
})

test('a session that is used in an outage does not run out in it', async () => {
  let laterMs = 0
  await using sdk = await openSdk({ ttlMs: 60_000, now: () => Date.now() + laterMs })
  await using shop = await openShop(sdk.store, { cookie: {} })
  const [ana, ben] = [shop.browser(), shop.browser()]
  for (const browser of [ana, ben]) await browser.ask('/sign-in/ana', 'POST')
  sdk.isCut = true
  for (let time = 0; time < 3; time++) {
    laterMs += 50_000
    assert.equal((await ana.ask('/')).body.user, 'ana')
  }
  // Nobody used this one, and what access says of it is not known: that is no empty session.
  assert.equal((await ben.ask('/')).status, 503)
  assert.equal(sdk.store.waiting, 1)
  laterMs = 0
  sdk.isCut = false
  await deliver(sdk.store)
  assert.equal((await ana.ask('/')).body.user, 'ana')
})

test('what still waits when a process ends is written first, as far as access takes it', async () => {
  await using other = await openSdk()
  const sid = randomBytes(24).toString('base64url')
  {
    await using sdk = await openSdk()
    sdk.isCut = true
    await write(sdk.store, sid, made('ana'))
    assert.equal(sdk.store.waiting, 1)
    sdk.isCut = false
  }
  assert.equal(keptIn(await read(other.store, sid)).user, 'ana')
})

test('moving from connect-redis: nobody is signed out, and Redis may be wiped afterwards', async () => {
  await using redis = await openRedis()
  const client = await createClient({ url: redis.url })
    .on('error', () => {})
    .connect()
  try {
    const old = new RedisStore({ client })
    await using before = await openShop(old)
    const people = ['ana', 'ben', 'eve', 'dan'].map((name) => ({ name, browser: before.browser() }))
    for (const { name, browser } of people) await browser.ask(`/sign-in/${name}`, 'POST')
    const [ana, ben, eve, dan] = people.map(({ browser }) => browser.cookie!)

    await using sdk = await openSdk({ from: old })
    await using two = await openSdk({ from: old })
    await using shop = await openShop(sdk.store)
    await using second = await openShop(two.store)
    // Two requests at once, in two processes, and one of them changes it.
    const both = [shop.browser(ana).ask('/items/apple', 'POST'), second.browser(ana).ask('/')]
    for (const { status, body } of await Promise.all(both)) assert.deepEqual([status, body.user], [200, 'ana'])
    assert.deepEqual((await second.browser(ana).ask('/')).body.items, ['apple'])
    assert.equal((await second.browser(eve).ask('/')).body.user, 'eve')
    assert.equal((await shop.browser(ben).ask('/sign-out', 'POST')).status, 200)
    assert.equal((await before.browser(ben).ask('/')).body.user, null)

    // Redis hangs or is gone: who has moved does not notice, who has not is not signed out.
    await redis.kill()
    assert.deepEqual((await shop.browser(ana).ask('/')).body.items, ['apple'])
    const waiting = await shop.browser(dan).ask('/')
    assert.deepEqual([waiting.status, waiting.body.code, waiting.isCookieSet], [503, 'old_store_unavailable', false])
    assert.equal((await shop.browser(ben).ask('/')).body.user, null)
    await redis.start()
    await until('Redis is back, empty', () => client.ping().catch(() => undefined))
    for (const [cookie, user] of [
      [ana, 'ana'],
      [eve, 'eve'],
      [ben, null],
      [dan, null],
    ] as const) {
      assert.equal((await second.browser(cookie).ask('/')).body.user, user)
    }
  } finally {
    client.destroy()
  }
})

test('an old store may fail as it likes: it is unknown, and never an empty session', async () => {
  const failing: Record<string, OldStore['get']> = {
    'calls back with an error': (_sid, callback) => callback(new Error('away')),
    throws() {
      throw new Error('away')
    },
    rejects: () => Promise.reject(new Error('away')),
    'never answers': () => {},
  }
  for (const [how, get] of Object.entries(failing)) {
    await using sdk = await openSdk({ from: { get, destroy: get as OldStore['destroy'] } })
    const sid = randomBytes(24).toString('base64url')
    const unknown = await read(sdk.store, sid).catch((error) => error)
    assert.deepEqual([unknown.verdict, unknown.code], ['unknown', 'old_store_unavailable'], how)
    await destroy(sdk.store, sid)
    assert.equal(await read(sdk.store, sid), null, how)
  }
})

test('beside connect-redis: its store dies and comes back, and somebody is signed out without a word; here nobody is', async () => {
  await using redis = await openRedis()
  const client = await createClient({ url: redis.url })
    .on('error', () => {})
    .connect()
  try {
    await using theirs = await openShop(new RedisStore({ client }))
    await using sdk = await openSdk()
    await using ours = await openShop(sdk.store)
    const [there, here] = [theirs.browser(), ours.browser()]
    for (const browser of [there, here]) await browser.ask('/sign-in/ana', 'POST')

    await redis.kill()
    stack.freeze('database')
    // Not answered while Redis is away, in words that end when it is back: node-redis keeps the question.
    let isAnswered = false
    const asked = there.ask('/').finally(() => {
      isAnswered = true
    })
    const known = await here.ask('/')
    assert.deepEqual([known.status, known.body.user], [200, 'ana'])
    assert.equal(isAnswered, false)

    await redis.start()
    stack.thaw('database')
    const lost = await asked
    assert.deepEqual([lost.status, lost.body.user, lost.body.verdict], [200, null, undefined])
    const after = await until('PostgreSQL is back', async () => {
      const seen = await here.ask('/')
      assert.deepEqual([seen.status, seen.body.user], [200, 'ana'])
      return seen
    })
    assert.equal(after.body.user, 'ana')
  } finally {
    client.destroy()
  }
})
