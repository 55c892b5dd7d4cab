import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { GRACE_MS, PROOF_LIFE_MS, type SessionAnswer } from './contract.ts'
import { Holdfast, type HoldfastOptions } from './holdfast.ts'
import { APPLICATION_KEY, claimsAt, makeKey, signJws } from './testing/access-double.ts'
import { browserWith, openApp } from './testing/open-app.ts'
import { openFolder } from './testing/open-folder.ts'
import { readFileIfThere } from './replace-file.ts'
import { until } from './testing/until.ts'

const MINUTE_MS = 60_000

/** The verdict in three words, for tables. */
function said(answer: SessionAnswer): string {
  if (answer.verdict === 'valid') return `valid ${answer.source}`
  return `${answer.verdict} ${answer.reason}`
}
const dueOf = (answer: SessionAnswer) => (answer.verdict === 'valid' ? answer.session.due_at : undefined)

test('a proof is verified without asking anybody, and says how old it is', async () => {
  await using app = await openApp()
  const session = app.access.signIn()
  const browser = browserWith({ handle: session.handle, proof: app.access.proofOf(session) })
  app.clock.nowMs += 90_000
  for (let count = 0; count < 20; count++) {
    const answer = await app.holdfast.sessions.verify(browser)
    assert.ok(answer.verdict === 'valid')
    assert.equal(answer.source, 'proof')
    assert.ok(answer.age_ms >= 90_000 && answer.age_ms < 91_000)
    assert.equal(answer.session.user.name, 'Ana')
    assert.deepEqual(answer.setCookies, [])
  }
  assert.equal(app.access.lookUps().length, 0)
})

test('nobody without a cookie is a knowledge that costs nothing', async () => {
  await using app = await openApp()
  assert.equal(said(await app.holdfast.sessions.verify(browserWith({}))), 'invalid no_session')
  assert.equal(app.access.lookUps().length, 0)
})

test('after a proof has expired access is asked, and its newer proof is handed on', async () => {
  await using app = await openApp()
  const session = app.access.signIn()
  const proof = app.access.proofOf(session)
  app.clock.nowMs += PROOF_LIFE_MS
  const answer = await app.holdfast.sessions.verify(browserWith({ handle: session.handle, proof }))
  assert.equal(said(answer), 'valid database')
  assert.match(answer.setCookies[0]!, /^hf_proof=/)
  const [lookUp] = app.access.lookUps()
  assert.equal(lookUp?.headers.cookie, `hf_session=${session.handle}; hf_proof=${proof}`)
  assert.match(
    String(lookUp?.headers['holdfast-forwarded']),
    /^for=unknown;origin=http:\/\/app\.acme\.test;prefix=\/auth$/,
  )
})

test('what access says is over is over, with its reason and its cookies', async () => {
  await using app = await openApp()
  const session = app.access.signIn()
  app.access.revoke(session, 'signed_out_everywhere')
  const answer = await app.holdfast.sessions.verify(browserWith({ handle: session.handle }))
  assert.equal(said(answer), 'invalid signed_out_everywhere')
  assert.equal(answer.setCookies.length, 2)
})

test('a revocation on the feed ends a session that a good proof still speaks for, and no other', async () => {
  await using app = await openApp()
  const [session, other] = [app.access.signIn(), app.access.signIn()]
  const browsers = [session, other].map((each) => browserWith({ handle: each.handle, proof: app.access.proofOf(each) }))
  const { at } = app.access.revoke(session)
  await app.caughtUp()
  await app.access.stop()

  const answer = await app.holdfast.sessions.verify(browsers[0]!)
  assert.ok(answer.verdict === 'invalid')
  assert.deepEqual([answer.reason, answer.ended_at, answer.session_id], ['revoked', at, session.id])
  assert.match(answer.setCookies.join(), /hf_session=;.*Max-Age=0.*hf_proof=;.*Max-Age=0/)
  assert.equal(said(await app.holdfast.sessions.verify(browsers[1]!)), 'valid proof')
})

test('with access dead a restarted app goes on: known people in, ended sessions out, nobody else known', async () => {
  await using app = await openApp()
  const [session, ended] = [app.access.signIn(), app.access.signIn()]
  const proofs = [session, ended].map((each) => app.access.proofOf(each))
  app.access.revoke(ended)
  await app.caughtUp()
  await app.access.stop()

  const holdfast = await app.restart()
  const verify = async (cookies: { handle?: string; proof?: string }) => {
    const answer = await holdfast.sessions.verify(browserWith(cookies))
    return `${said(answer)} ${answer.setCookies.length}`
  }
  assert.equal(await verify({ handle: session.handle, proof: proofs[0]! }), 'valid proof 0')
  assert.equal(await verify({ handle: ended.handle, proof: proofs[1]! }), 'invalid revoked 2')
  assert.equal(await verify({ handle: session.handle }), 'unknown access_unreachable 0')
  assert.equal(holdfast.status().accessReachable, false)
})

test('past its expiry a proof is good for the grace while access is away, and then unknown; never invalid', async () => {
  await using app = await openApp()
  const session = app.access.signIn()
  const browser = browserWith({ handle: session.handle, proof: app.access.proofOf(session) })
  await app.access.stop()
  const seen: string[] = []
  for (const afterMs of [0, PROOF_LIFE_MS - 2000, 2000, GRACE_MS - 2000, 3000]) {
    app.clock.nowMs += afterMs
    const answer = await app.holdfast.sessions.verify(browser)
    assert.deepEqual(answer.setCookies, [])
    seen.push(said(answer))
  }
  assert.deepEqual(seen, ['valid proof', 'valid proof', 'valid grace', 'valid grace', 'unknown access_unreachable'])
})

test('past its deadline a proof of fail-over is not believed by itself, and gets no grace; an ordinary one is not meant', async () => {
  await using app = await openApp()
  const session = app.access.signIn()
  const standIn = browserWith({
    handle: session.handle,
    proof: app.access.proofOf(session, { amr: ['otp', 'failover'] }),
  })
  const ordinary = browserWith({ handle: session.handle, proof: app.access.proofOf(session) })
  assert.equal(said(await app.holdfast.sessions.verify(standIn)), 'valid proof')
  const at = (ms: number) => new Date(app.clock.nowMs + ms).toISOString()
  const dueAt = at(MINUTE_MS)
  app.access.tell('deadline', { seq: 0, session_id: session.id, due_at: dueAt, forget_at: at(60 * MINUTE_MS) })
  // An app can say so at once, also where access is not asked.
  await until('a proof says by when', async () => dueOf(await app.holdfast.sessions.verify(standIn)) === dueAt)
  assert.equal(said(await app.holdfast.sessions.verify(standIn)), 'valid proof')
  assert.equal(dueOf(await app.holdfast.sessions.verify(ordinary)), undefined)
  app.clock.nowMs += MINUTE_MS
  // Access is asked, and knows whether the person has come back through their provider.
  await until(
    'the deadline is heard',
    async () => said(await app.holdfast.sessions.verify(standIn)) === 'valid database',
  )
  assert.equal(said(await app.holdfast.sessions.verify(ordinary)), 'valid proof')
  await app.access.stop()
  assert.match(said(await app.holdfast.sessions.verify(standIn)), /^unknown/)
  app.clock.nowMs += PROOF_LIFE_MS
  assert.match(said(await app.holdfast.sessions.verify(standIn)), /^unknown/)
  assert.equal(said(await app.holdfast.sessions.verify(ordinary)), 'valid grace')
})

test('grace is for outages: with access there, an expired proof alone says nothing', async () => {
  await using app = await openApp()
  const session = app.access.signIn()
  const proof = app.access.proofOf(session)
  app.clock.nowMs += PROOF_LIFE_MS
  assert.equal(said(await app.holdfast.sessions.verify(browserWith({ proof }))), 'invalid no_session')
  app.access.mode = 'database-away'
  assert.equal(said(await app.holdfast.sessions.verify(browserWith({ handle: session.handle, proof }))), 'valid grace')
})

test('while the database behind access is away nobody is signed out', async () => {
  await using app = await openApp()
  const session = app.access.signIn()
  app.access.mode = 'database-away'
  const answer = await app.holdfast.sessions.verify(browserWith({ handle: session.handle }))
  assert.equal(said(answer), 'unknown database_unavailable')
  assert.deepEqual(answer.setCookies, [])
  assert.equal(app.holdfast.status().accessReachable, true)
})

test('a route marked fresh is answered from now or not at all', async () => {
  await using app = await openApp()
  const session = app.access.signIn()
  const browser = browserWith({ handle: session.handle, proof: app.access.proofOf(session) })
  const verify = async () => said(await app.holdfast.sessions.verify(browser, { fresh: true }))
  assert.equal(await verify(), 'valid database')
  assert.equal(app.access.lookUps().at(-1)?.headers['cache-control'], 'no-cache')
  app.access.mode = 'database-away'
  assert.equal(await verify(), 'unknown database_unavailable')
  await app.access.stop()
  assert.equal(await verify(), 'unknown access_unreachable')
  assert.equal(said(await app.holdfast.sessions.verify(browser)), 'valid proof')
})

test('a fresh route takes a cache that was confirmed seconds ago, and not one of a minute ago', async () => {
  await using app = await openApp()
  const session = app.access.signIn()
  for (const [age_ms, expected] of [
    [3000, 'valid cache'],
    [60_000, 'unknown too_old'],
  ] as const) {
    const shape = (await app.holdfast.sessions.verify(browserWith({ handle: session.handle }))) as { session: unknown }
    const body = JSON.stringify({ verdict: 'valid', session: shape.session, source: 'cache', age_ms })
    app.access.instead = { status: 200, type: 'application/json', body }
    assert.equal(
      said(await app.holdfast.sessions.verify(browserWith({ handle: session.handle }), { fresh: true })),
      expected,
    )
    app.access.instead = undefined
  }
})

test('a sign-in of long ago is valid, and asked for again where the route wants it newer', async () => {
  await using app = await openApp()
  const session = app.access.signIn(app.clock.nowMs - 10 * MINUTE_MS)
  const proof = app.access.proofOf(session, { auth_time: Math.floor(session.authenticatedMs / 1000) })
  const verify = async (maxAuthAgeMs: number) => {
    const answer = await app.holdfast.sessions.verify(browserWith({ handle: session.handle, proof }), { maxAuthAgeMs })
    return [answer.verdict, answer.needsFreshSignIn]
  }
  assert.deepEqual(await verify(11 * MINUTE_MS), ['valid', false])
  assert.deepEqual(await verify(5 * MINUTE_MS), ['valid', true])
})

test('the policy of a route says how old knowledge may be', async () => {
  await using app = await openApp()
  const session = app.access.signIn()
  const old = app.access.proofOf(session, { confirmed_at: Math.floor(app.clock.nowMs / 1000) - 3600 })
  const browser = browserWith({ handle: session.handle, proof: old })
  const verify = async (options: Parameters<typeof app.holdfast.sessions.verify>[1]) =>
    said(await app.holdfast.sessions.verify(browser, options))
  assert.equal(await verify({ unknown: { serve: 2 * 3600_000 } }), 'valid proof')
  // With access there, it is asked for something newer before the answer is "too old".
  assert.equal(await verify({ unknown: { serve: MINUTE_MS } }), 'valid database')
  await app.access.stop()
  assert.equal(await verify({ unknown: { serve: MINUTE_MS } }), 'unknown too_old')
  assert.equal(await verify({ unknown: 'refuse' }), 'unknown too_old')
  assert.equal(await verify({}), 'valid proof')
})

test('where the app says nothing, what access says of its application holds, also after a restart with access dead', async () => {
  await using app = await openApp()
  const session = app.access.signIn()
  const old = app.access.proofOf(session, { confirmed_at: Math.floor(app.clock.nowMs / 1000) - 3600 })
  const browser = browserWith({ handle: session.handle, proof: old })
  const tell = (id: string, on_unknown: object) =>
    app.access.tell('application', { id, name: 'Notes', on_unknown, brand: { name: null } })
  const kept = () => readFileIfThere(join(app.dataDir, 'keys.json')) ?? ''
  await until('the feed is ours', () => app.holdfast.status().installation_id !== null)
  tell('app_other', { policy: 'refuse', max_age_s: 300 })
  tell(app.access.application, { policy: 'burn', max_age_s: 300 })
  tell(app.access.application, { policy: 'serve', max_age_s: 600 })
  await until('it is kept', () => kept().includes('"policy":"serve","max_age_s":600'))
  await app.access.stop()
  await app.restart()
  const verify = async (options: Parameters<typeof app.holdfast.sessions.verify>[1] = {}) =>
    said(await app.holdfast.sessions.verify(browser, options))
  assert.equal(await verify(), 'unknown too_old')
  assert.equal(await verify({ unknown: { serve: 2 * 3600_000 } }), 'valid proof')
})

test('an access that hangs costs one deadline, not one for each request, and is found again by itself', async () => {
  await using app = await openApp({ timeoutMs: 300 })
  const session = app.access.signIn()
  const browser = browserWith({ handle: session.handle })
  app.access.mode = 'silent'
  assert.equal(said(await app.holdfast.sessions.verify(browser)), 'unknown access_unreachable')
  const asked = app.access.seen.length
  for (let count = 0; count < 200; count++) {
    assert.equal(said(await app.holdfast.sessions.verify(browser)), 'unknown access_unreachable')
  }
  assert.ok(app.access.seen.length - asked < 20, 'nobody asked for each request')
  app.access.mode = 'up'
  await until(
    'access is found again',
    async () => said(await app.holdfast.sessions.verify(browser)) === 'valid database',
  )
  assert.equal(app.holdfast.status().accessReachable, true)
})

test('what everybody asks at once is asked once', async () => {
  await using app = await openApp()
  const session = app.access.signIn()
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => app.holdfast.sessions.verify(browserWith({ handle: session.handle }))),
  )
  assert.deepEqual(new Set(answers.map(said)), new Set(['valid database']))
  assert.equal(app.access.lookUps().length, 1)
})

test('beyond a hundred questions under way the answer is unknown, and nobody is signed out', async () => {
  await using app = await openApp()
  const sessions = Array.from({ length: 150 }, () => app.access.signIn())
  const answers = await Promise.all(sessions.map(({ handle }) => app.holdfast.sessions.verify(browserWith({ handle }))))
  const counted = Map.groupBy(answers, said)
  assert.deepEqual([...counted.keys()].sort(), ['unknown overloaded', 'valid database'])
  assert.equal(counted.get('valid database')?.length, 100)
})

test('only access can say invalid: no gateway, wrong key or odd answer signs anybody out', async (context) => {
  const odd: [what: string, status: number, body: string][] = [
    ['a gateway’s 401', 401, '<h1>401 Authorization Required</h1>'],
    ['a 401 about the application', 401, '{"code":"applications.clock_skew","detail":"Set the clocks.","status":401}'],
    ['invalid with 200', 200, '{"verdict":"invalid","reason":"revoked"}'],
    ['valid with 401', 401, '{"verdict":"valid"}'],
    ['a 404', 404, '{"code":"request.not_found"}'],
    ['a 403', 403, 'Forbidden'],
    ['a 500', 500, '{"code":"bug"}'],
    ['a 502', 502, 'Bad Gateway'],
    ['valid without a session', 200, '{"verdict":"valid","source":"database","age_ms":0}'],
    ['half an answer', 200, '{"verdict":"va'],
    ['null', 200, 'null'],
    ['far too much', 200, ' '.repeat(100_000)],
    ['a redirect', 302, ''],
  ]
  const cases = odd.map(([what, status, body]) =>
    context.test(what, async () => {
      await using app = await openApp()
      const { handle } = app.access.signIn()
      app.access.instead = { status, type: 'application/json', body }
      const answer = await app.holdfast.sessions.verify(browserWith({ handle }))
      assert.equal(said(answer), 'unknown access_unreachable')
      assert.deepEqual(answer.setCookies, [])
      assert.match(app.problems.join('\n'), /Access did not say whether anybody is signed in, but /)
      assert.ok(!app.problems.join().includes(handle))
    }),
  )
  await Promise.all(cases)
})

test('a proof of a key that is not known yet signs nobody out', async () => {
  await using app = await openApp()
  const session = app.access.signIn()
  const rotated = makeKey('key_next')
  const claims = claimsAt(app.clock.nowMs, { iss: app.access.url, sid: session.id })
  const browser = browserWith({ handle: session.handle, proof: signJws(rotated, claims) })
  assert.equal(said(await app.holdfast.sessions.verify(browser)), 'valid database')
  await app.access.stop()
  assert.equal(said(await app.holdfast.sessions.verify(browser)), 'unknown access_unreachable')
})

test('a rotation comes over the feed', async () => {
  await using app = await openApp()
  const session = app.access.signIn()
  app.access.keys = [makeKey('key_2'), ...app.access.keys]
  app.access.tell('keys', { keys: app.access.keys.map((key) => key.public) })
  await until('the key is known', () => app.holdfast.status().keys === 2)
  await app.access.stop()
  const browser = browserWith({ handle: session.handle, proof: app.access.proofOf(session) })
  assert.equal(said(await app.holdfast.sessions.verify(browser)), 'valid proof')
})

test('damaged cookies are refused and removed; what may be of the app next door is left alone', async () => {
  await using app = await openApp()
  const session = app.access.signIn()
  const verify = async (cookies: { handle?: string; proof?: string }) => {
    const answer = await app.holdfast.sessions.verify(browserWith(cookies))
    return `${said(answer)} ${answer.setCookies.length}`
  }
  assert.equal(await verify({ handle: 'short' }), 'invalid malformed 2')
  assert.equal(await verify({ handle: 'x'.repeat(10_000) }), 'invalid malformed 2')
  assert.equal(await verify({ proof: 'not.a.proof' }), 'invalid bad_proof 2')
  assert.equal(await verify({ proof: app.access.proofOf(session, { aud: 'app_other' }) }), 'invalid wrong_audience 0')
  // A bad proof beside a good handle is just a bad proof.
  assert.equal(await verify({ handle: session.handle, proof: 'not.a.proof' }), 'valid database 1')
})

test('a proof of an ended session does not end the newer session whose handle lies beside it', async () => {
  await using app = await openApp()
  const [old, newer] = [app.access.signIn(), app.access.signIn()]
  const proof = app.access.proofOf(old)
  app.access.revoke(old, 'replaced')
  await app.caughtUp()
  const answer = await app.holdfast.sessions.verify(browserWith({ handle: newer.handle, proof }))
  assert.equal(said(answer), 'valid database')
  await app.access.stop()
  assert.equal(
    said(await app.holdfast.sessions.verify(browserWith({ handle: newer.handle, proof }))),
    'invalid replaced',
  )
})

test('what was revoked while the app was cut off is known as soon as access is back', async () => {
  await using app = await openApp()
  const first = app.access.signIn()
  app.access.revoke(first)
  await app.caughtUp()
  const session = app.access.signIn()
  const browser = browserWith({ handle: session.handle, proof: app.access.proofOf(session) })
  await app.access.stop()
  app.access.revoke(session)
  assert.equal(said(await app.holdfast.sessions.verify(browser)), 'valid proof')
  await app.access.start()
  await until('it is known', async () => said(await app.holdfast.sessions.verify(browser)) === 'invalid revoked')
  const feeds = app.access.seen.filter(({ path }) => path === '/v1/feed')
  assert.equal(feeds.at(-1)?.headers['last-event-id'], '1')
})

test('a feed that went silent is left and opened anew', async () => {
  await using app = await openApp()
  const feeds = () => app.access.seen.filter(({ path }) => path === '/v1/feed').length
  const before = feeds()
  app.access.mode = 'silent'
  await until('the feed is opened anew', () => feeds() > before)
})

test('another installation at the same address is not believed, and that is told', async () => {
  await using app = await openApp()
  const session = app.access.signIn()
  const browser = browserWith({ handle: session.handle, proof: app.access.proofOf(session) })
  await app.access.stop()
  app.access.installationId = 'ins_other'
  app.access.keys = [makeKey('key_1')]
  app.access.revoke(app.access.signIn())
  await app.access.start()
  await until('it is told', () => app.problems.some((problem) => /ins_test.*ins_other/.test(problem)))
  assert.equal(said(await app.holdfast.sessions.verify(browser)), 'valid proof')
  await until('its numbers are not taken for ours', () => app.holdfast.status().seq === 0)
})

test('after the database was put back everything is read again', async () => {
  await using app = await openApp()
  for (let count = 0; count < 3; count++) app.access.revoke(app.access.signIn())
  await app.caughtUp()
  await app.access.stop()
  app.access.revocations.length = 0
  const session = app.access.signIn()
  const browser = browserWith({ handle: session.handle, proof: app.access.proofOf(session) })
  app.access.revoke(session)
  await app.access.start()
  await until('it is known', async () => said(await app.holdfast.sessions.verify(browser)) === 'invalid revoked')
  await until('our number is theirs', () => app.holdfast.status().seq === 1)
})

test('an SDK that has never reached access knows nothing, says so, and signs nobody out', async () => {
  await using folder = await openFolder()
  await using holdfast = new Holdfast({
    url: 'http://127.0.0.1:9',
    key: APPLICATION_KEY,
    dataDir: folder.path,
    onProblem: () => {},
  })
  const answer = await holdfast.sessions.verify(browserWith({ handle: 'h'.repeat(43), proof: 'a.b.c' }))
  assert.equal(said(answer), 'unknown no_keys')
  assert.deepEqual(answer.setCookies, [])
  await until('it is said', () => holdfast.status().accessReachable === false)
})

test('options that cannot work are refused in one line, without the key', async (context) => {
  await using folder = await openFolder()
  const good: HoldfastOptions = { url: 'http://127.0.0.1:9', key: APPLICATION_KEY, dataDir: folder.path }
  const refusals: [what: string, change: Partial<HoldfastOptions>, says: RegExp][] = [
    ['a key', { key: 'hunter2' }, /application key does not look like/],
    ['an address', { url: 'localhost:4000' }, /url: "localhost:4000" is no http/],
    ['an origin with a path', { origin: 'https://app.acme.test/' }, /origin: .* is no origin/],
    ['a proxy by name', { trustedProxies: ['proxy.internal'] }, /"proxy\.internal" is neither/],
  ]
  for (const [what, change, says] of refusals) {
    await context.test(what, () => {
      assert.throws(
        () => new Holdfast({ ...good, ...change }),
        (error: Error) =>
          says.test(error.message) && !error.message.includes('hunter2') && !error.message.includes('\n'),
      )
    })
  }
})

test('a folder of another environment stops the start', async () => {
  await using app = await openApp()
  await app.holdfast.close()
  const key = `hf_production_app_${'p'.repeat(43)}`
  assert.throws(() => new Holdfast({ url: app.access.url, key, dataDir: app.dataDir }), /"test".*"production"/)
})

test('a wrong application key is told in the words of access', async () => {
  await using app = await openApp()
  await app.restart({ key: `hf_test_app_${'x'.repeat(43)}` })
  await until('it is told', () => app.problems.some((problem) => problem.includes('is not known here')))
})
