import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { openApplicationDirectory } from '../../ground/applications/index.ts'
import * as applications from '../../ground/applications/index.ts'
import { openHttpServer } from '../../platform/http/index.ts'
import { silentLog } from '../../platform/log.ts'
import { sessionRoutes } from './index.ts'
import { moveSigningKey } from './signing-keys/queries.ts'
import { type Recognised, RecognisedJars } from './recognised-jars.ts'
import { callWith, type Jar, keep, openRig, otp, person, testSecret } from './testing.ts'

/** Half of a proof's life and a little. */
const MORE_THAN_HALF_MS = 160_000
const ANSWER_MS = 10_000

async function openServer() {
  const rig = await openRig({ extraMigrations: [applications.migrations] })
  await rig.sessions.catchUp()
  const directory = await openApplicationDirectory({
    db: rig.database.database('background'),
    clock: rig.clock,
    secret: testSecret,
    environment: 'development',
    folder: rig.folder,
  })
  await directory.register({ id: 'app_demo', name: 'Demo', origins: ['http://127.0.0.1:4200'] })
  /** Which of the questions were answered at once. */
  let atOnce = 0
  const counting = {
    ...rig.sessions,
    proveAtOnce(asked: Parameters<typeof rig.sessions.proveAtOnce>[0]) {
      const said = rig.sessions.proveAtOnce(asked)
      if (said) atOnce++
      return said
    },
  }
  const server = await openHttpServer({
    host: '127.0.0.1',
    port: 0,
    origin: 'http://localhost:4000',
    trustedProxies: [],
    routes: sessionRoutes({
      sessions: counting,
      applications: directory,
      environment: 'development',
      installationId: () => 'ins_test',
      now: () => rig.clock.now(),
    }),
    folders: [],
    readForwarded: directory.readForwarded,
    renderProblem: (said) => `<p>${said.code}</p>`,
    documentation: { title: 'test', version: '0', description: 'test' },
    clock: rig.clock,
    log: silentLog,
  })

  /** The whole answer as it came, without the time of day; and whether it was said at once. */
  async function ask(path: string, jar: Jar, ...more: string[]) {
    const before = atOnce
    const cookie = Object.entries(jar).map(([name, value]) => `${name}=${value}`)
    const head = [`GET ${path} HTTP/1.1`, 'host: a', 'connection: close', `cookie: ${cookie.join('; ')}`, ...more]
    const socket = connect({ host: '127.0.0.1', port: server.port, timeout: ANSWER_MS })
    socket.on('timeout', () => socket.destroy(new Error('no answer')))
    socket.write([...head, '', ''].join('\r\n'))
    const text = (await socket.setEncoding('utf8').toArray()).join('')
    return { text: text.replace(/^date: .*$/im, ''), wasAtOnce: atOnce > before }
  }
  /** A body that is none: nothing else about it differs, and it goes the ordinary way. */
  const askOrdinary = (path: string, jar: Jar, ...more: string[]) => ask(path, jar, ...more, 'content-length: 0')

  return {
    rig,
    ask,
    askOrdinary,
    async signIn(audience = 'account') {
      const user = { ...person('Zoë'), email: 'zoë@bücher.example' }
      const { session, cookies } = await rig.sessions.issue(callWith(), { user, ...otp, audience })
      const jar = keep({}, cookies)
      // The first sight of a handle is noted by the ordinary way.
      await rig.sessions.verify(callWith(jar))
      await rig.sessions.catchUp()
      return { session, jar, user }
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rig[Symbol.asyncDispose]()
    },
  }
}

test('what is said at once of a known session is, byte by byte, what the ordinary way says', async () => {
  await using server = await openServer()
  const { jar } = await server.signIn()
  const app = await server.signIn('app_demo')
  const check = async (path: string, cookies: Jar, ...more: string[]) => {
    const fast = await server.ask(path, cookies, ...more)
    assert.ok(fast.wasAtOnce, fast.text)
    const ordinary = await server.askOrdinary(path, cookies, ...more)
    assert.ok(!ordinary.wasAtOnce)
    assert.equal(fast.text, ordinary.text)
    assert.match(fast.text, /^HTTP\/1\.1 200 [\s\S]+"source":"cache","age_ms":\d+\}$/)
  }
  await check('/v1/session', jar)
  await check('/v1/session', { other: 'a=b', ...jar, another: '"c"' })
  await check('/v1/session', jar, 'origin: https://elsewhere.example', 'sec-fetch-site: cross-site')
  await check('/v1/forward-auth', jar)
  await check('/v1/forward-auth', app.jar)
  await check('/v1/forward-auth?audience=app_demo', app.jar)
  server.rig.clock.advance(1500)
  await check('/v1/forward-auth', jar)
})

test('nothing but the plain case is said at once, and all else is answered as ever', async () => {
  await using server = await openServer()
  const { jar, session } = await server.signIn()
  const [handle, proof] = [jar.hf_session!, jar.hf_proof!]
  const check = async (path: string, cookies: Jar, says: RegExp, ...more: string[]) => {
    const said = await server.ask(path, cookies, ...more)
    assert.ok(!said.wasAtOnce, said.text)
    assert.match(said.text, says)
  }
  await check('/v1/session', {}, /"reason":"no_session"/)
  await check('/v1/session', { hf_session: handle }, /^set-cookie: hf_proof=/im)
  await check('/v1/session', { hf_proof: proof }, /"source":"proof"/)
  await check('/v1/session', { hf_session: 'nonsense', hf_proof: proof }, /"reason":"malformed"/)
  await check('/v1/session', { ...jar, hf_proof: `${proof.slice(0, -4)}AAAA` }, /^set-cookie: hf_proof=/im)
  await check('/v1/session?a=b', jar, /"verdict":"valid"/)
  await check('/v1/session', jar, /"reason":"no_session"/, 'holdfast-audience: console')
  await check('/v1/session', jar, /applications\.half_signed/, 'holdfast-application: app_demo')
  await check('/v1/forward-auth?audience=app_demo', jar, /"reason":"wrong_audience"/)
  await check('/v1/forward-auth?audience=app_none', jar, /sessions\.bad_audience/)

  server.rig.clock.advance(MORE_THAN_HALF_MS)
  await server.rig.sessions.catchUp()
  await check('/v1/session', jar, /^set-cookie: hf_proof=/im)
  await server.rig.sessions.end({ sessionId: session.id, reason: 'revoked', by: 'usr_admin' })
  await check('/v1/session', jar, /"reason":"revoked"/)
})

test('a jar that was recognised before is believed only while everything about it still holds', async () => {
  await using server = await openServer()
  const { rig } = server
  const recognised = async (audience?: string) => {
    const signedIn = await server.signIn(audience)
    for (const _ of ['taken apart', 'recognised']) assert.ok((await server.ask('/v1/session', signedIn.jar)).wasAtOnce)
    return signedIn
  }
  const check = async (jar: Jar, says: RegExp, path = '/v1/session') => {
    const said = await server.ask(path, jar)
    assert.ok(!said.wasAtOnce, said.text)
    assert.match(said.text, says)
  }
  const changed = (text: string, at: number) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)

  const { jar, user } = await recognised()
  const [handle, proof] = [jar.hf_session!, jar.hf_proof!]
  for (const at of [0, 20, proof.indexOf('.') + 9, proof.length - 40]) {
    await check({ ...jar, hf_proof: changed(proof, at) }, /^set-cookie: hf_proof=/im)
  }
  await check({ ...jar, hf_session: changed(handle, 7) }, /"reason":"not_found"/)
  await check({ hf_session: handle }, /^set-cookie: hf_proof=/im)
  const other = await recognised()
  await check({ hf_session: handle, hf_proof: other.jar.hf_proof! }, /^set-cookie: hf_proof=/im)
  await check(jar, /"reason":"wrong_audience"/, '/v1/forward-auth?audience=app_demo')
  assert.ok((await server.ask('/v1/session', jar)).wasAtOnce)

  // Signed in again: the older copy is dead as soon as the newer one was seen.
  rig.clock.advance(1000)
  const newer = keep(jar, (await rig.sessions.issue(callWith(jar), { user, ...otp })).cookies)
  await rig.sessions.verify(callWith(newer))
  await check(jar, /"reason":"superseded"/)

  const ended = await recognised()
  await rig.sessions.end({ sessionId: ended.session.id, reason: 'revoked', by: 'usr_admin' })
  await check(ended.jar, /"reason":"revoked"/)
  const left = await recognised('app_demo')
  await rig.sessions.signOut(callWith(left.jar))
  await check(left.jar, /"reason":"signed_out"/)

  const renamed = await recognised()
  await rig.sessions.updatePerson({ ...renamed.session.user, name: 'Zoë Bücher' })
  await check(renamed.jar, /^set-cookie: hf_proof=[\s\S]+Zoë Bücher/im)
})

test('a jar that was recognised before is not believed past its time, nor under a key that was withdrawn', async () => {
  await using server = await openServer()
  const { rig } = server
  const atOnce = async (jar: Jar) => (await server.ask('/v1/session', jar)).wasAtOnce
  const { jar } = await server.signIn()
  assert.ok(await atOnce(jar))

  await rig.sessions.keys.rotate('usr_admin')
  assert.ok(await atOnce(jar), 'the key of before is still published')
  const [db, past] = [rig.database.database('background'), new Date(0)]
  for (const { kid } of rig.sessions.keys.list()) {
    await moveSigningKey(db, { kid, signFrom: past, signUntil: past, verifyUntil: past })
  }
  await rig.sessions.catchUp()
  assert.ok(!(await atOnce(jar)), 'its key is not among those published')

  const second = await server.signIn()
  assert.ok(await atOnce(second.jar))
  // The log of revocations was not confirmed for longer than an answer from memory may be old.
  rig.clock.advance(3001)
  assert.ok(!(await atOnce(second.jar)))
  await rig.sessions.catchUp()
  assert.ok(await atOnce(second.jar))
  rig.clock.advance(MORE_THAN_HALF_MS)
  await rig.sessions.catchUp()
  assert.ok(!(await atOnce(second.jar)), 'its proof is more than half spent')
  rig.clock.advance(-MORE_THAN_HALF_MS - 120_000)
  assert.ok(!(await atOnce(second.jar)), 'the clock was set back to before it was recognised')
})

test('no more jars are kept than there is room for, and none that is full of other cookies', () => {
  const jars = new RecognisedJars(2)
  const recognised = {} as Recognised
  for (const cookie of ['one', 'two', 'three', 'x'.repeat(2049)]) jars.keep(cookie, recognised)
  assert.deepEqual([jars.size, jars.get('one'), jars.get('three')], [2, undefined, recognised])
})
