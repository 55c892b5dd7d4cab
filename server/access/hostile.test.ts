import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHmac, createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { freePort } from '../platform/postgres-server/index.ts'
import { makeTestFolder, removeTestFolder } from '../platform/testing/index.ts'
import { type Jar, openStage, type Stage, settingsFor, startProcess, type Visitor, visitorOf } from './testing.ts'

/**
 * A hostile afternoon with a real access process (issue 2, acceptance 6): everything is refused with a problem document
 * or a page, nothing is believed that somebody made up, and no secret is written down.
 */
let stage: Stage
let visitor: Visitor

before(async () => {
  stage = await openStage()
  visitor = visitorOf(stage)
})
after(() => stage[Symbol.asyncDispose]())

const ask: Visitor['ask'] = (...asked) => visitor.ask(...asked)
const post: Visitor['post'] = (...asked) => visitor.post(...asked)
const submit: Visitor['submit'] = (...asked) => visitor.submit(...asked)
const signIn: Visitor['signIn'] = (...asked) => visitor.signIn(...asked)
const plant: Visitor['plant'] = (secret) => visitor.plant(secret)
const assertProblem: Visitor['assertProblem'] = (...asked) => visitor.assertProblem(...asked)

test('a handle or a browser that was planted leads to no session that its planter knows', async () => {
  const planted = { hf_session: plant(random()), hf_browser: plant(random()), hf_console: plant(random()) }
  const victim = await signIn('fixed@acme.test', new Map(Object.entries(planted)))
  for (const [name, value] of [...victim].filter(([name]) => name !== 'hf_console')) {
    assert.notEqual(value, planted[name as 'hf_session'], name)
  }
  const attacker = await ask('/v1/session', {}, new Map(Object.entries(planted)))
  assertProblem(attacker, 401, 'the planted handle')
})

test('no way of writing return_to leads away, signed in or not', async () => {
  const jar = await signIn('led@acme.test')
  const tricks = [
    '//evil.test', '/\\evil.test', '\\\\evil.test', '/\t/evil.test', '/%2fevil.test', '/%5cevil.test', '%2f%2fevil.test',
    '/.//evil.test', '/%252fevil.test', 'https:evil.test', 'https:///evil.test', 'http://a@b', `${stage.url}@evil.test/`,
    `${stage.url}.evil.test/`, 'https://evil。test', '/／evil.test', 'javascript:alert(1)', 'data:text/html,x', ' //evil.test',
    '/\r\nLocation: https://evil.test', '\u0000//evil.test', '//localhost:4000', 'https://evil.test',
  ] // biome-ignore format: one list, read across
  for (const trick of tricks) {
    const query = `?return_to=${encodeURIComponent(trick)}`
    for (const path of [`/sign-in${query}`, `/sign-out${query}`]) {
      const seen = await ask(path, {}, new Map(jar))
      assert.equal(seen.status, 400, `${path}: ${seen.headers.get('location')}`)
      assert.equal(seen.headers.get('location'), null)
    }
    assertProblem(await post('/v1/sign-in/email', { email: 'led@acme.test', return_to: trick }), 400, trick)
    assert.equal((await submit('/sign-out', { return_to: trick }, new Map(jar))).status, 400, trick)
  }
  assert.equal((await ask('/v1/session', {}, jar)).status, 200)
})

test('no other site can sign anybody in or out, or send mail', async () => {
  const jar = await signIn('forged@acme.test')
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.test' },
    { origin: 'null' },
    { origin: `${stage.url}.evil.test` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]
  for (const headers of foreign) {
    for (const path of ['/v1/sign-in/email', '/v1/sign-in/email/verify', '/v1/session/refresh']) {
      assertProblem(await post(path, { email: 'forged@acme.test' }, jar, headers), 403, path)
    }
    assertProblem(await ask('/v1/session', { method: 'DELETE', headers }, jar), 403, 'sign-out')
    for (const path of ['/sign-in', '/sign-out', '/account/sessions/end-all']) {
      assert.equal((await submit(path, {}, jar, headers)).status, 403, path)
    }
    // A form can send text/plain with JSON in it; here it is no JSON.
    const plain = { 'content-type': 'text/plain', origin: stage.url }
    assertProblem(await post('/v1/sign-in/email', { email: 'forged@acme.test' }, jar, plain), 415, 'text/plain')
  }
  assert.equal((await ask('/v1/session', {}, jar)).status, 200)
})

test('no header of a stranger changes a link, an address or a cookie', async () => {
  const lies: Record<string, string> = {
    'x-forwarded-host': 'evil.test',
    'x-forwarded-proto': 'https',
    'x-forwarded-prefix': '/evil',
    'x-original-url': '/evil',
    forwarded: 'host=evil.test;proto=https;for=1.2.3.4',
  }
  // Somebody who forwards without a signature is no stranger that may be overheard, but one who pretends.
  const forwarded = { 'holdfast-forwarded': 'for=1.2.3.4;origin=https://evil.test;prefix=/evil' }
  assertProblem(
    await post('/v1/sign-in/email', { email: 'host@acme.test' }, new Map(), forwarded),
    401,
    'half a signature',
  )
  const started = await post('/v1/sign-in/email', { email: 'host@acme.test' }, new Map(), lies)
  assert.equal(started.status, 202)
  const { link, text } = await stage.mailTo('host@acme.test')
  plant(link.split('/').at(-1)!)
  assert.ok(link.startsWith(`${stage.url}/sign-in/link/`), link)
  assert.ok(!text.includes('evil'))
  assert.doesNotMatch(started.headers.get('set-cookie') ?? '', /evil|Domain/i)

  const host = await stage.raw('GET /sign-in HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n')
  assert.doesNotMatch(host, /evil/)
  for (const email of [
    'a@acme.test\r\nBcc: b@evil.test',
    'a@acme.test\nSubject: x',
    'a@acme.test%0d%0aBcc:b@evil.test',
  ]) {
    assertProblem(await post('/v1/sign-in/email', { email }), 400, email)
  }
  const forged = {
    ...lies,
    'holdfast-application': 'app_demo',
    'holdfast-signature': `t=${Date.now()},v1=${plant(random())}`,
  }
  assertProblem(
    await post('/v1/sign-in/email', { email: 'host@acme.test' }, new Map(), forged),
    401,
    'a forged signature',
  )
})

test('oversized and malformed requests are refused, and the next one is served', async () => {
  const json = { 'content-type': 'application/json' }
  const send = (body: string | Buffer, headers: Record<string, string> = json) =>
    ask('/v1/sign-in/email', { method: 'POST', headers, body: body as string })
  assertProblem(await send(JSON.stringify({ email: 'a'.repeat(100_000) })), 413, 'a large body')
  assertProblem(await send('{"email":'), 400, 'half a document')
  assertProblem(await send(''), 400, 'nothing')
  assertProblem(await send('[]'), 400, 'a list')
  assertProblem(await send('{"email":{"$gt":""}}'), 400, 'an object for a text')
  assertProblem(await send('{"email":"a@acme.test","__proto__":{"isAdmin":true}}'), 400, 'a prototype')
  assertProblem(await send(`${'['.repeat(20_000)}${']'.repeat(20_000)}`), 400, 'a deep document')
  assertProblem(await send(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])), 400, 'bytes that are no UTF-8')
  assertProblem(await send(Buffer.from('{"email":"\xc0\xaf@acme.test"}', 'latin1')), 400, 'overlong UTF-8')
  assertProblem(await send('{"email":"\\ud800@acme.test"}'), 400, 'half a character')
  assertProblem(await send('<a/>', { 'content-type': 'application/xml' }), 415, 'XML')
  const form = { 'content-type': 'application/x-www-form-urlencoded', origin: stage.url }
  for (const body of ['email=%ff%fe', 'email=a&email=b', '%', `${'a=1&'.repeat(60)}`, `email=${'a'.repeat(70_000)}`]) {
    const seen = await ask('/sign-in', { method: 'POST', headers: form, body })
    assert.ok([400, 413].includes(seen.status), `${body.slice(0, 20)}: ${seen.status}`)
  }
  for (const path of [
    '/sign-in?return_to=%ff',
    '/sign-in/link/%ff',
    '/sign-in/link/%',
    '/enrol/%00',
    `/sign-in/link/${'a'.repeat(5000)}`,
  ]) {
    const { status } = await ask(path)
    assert.ok(status >= 400 && status < 500, `${path.slice(0, 40)}: ${status}`)
  }
  const crowded = await ask('/v1/session', { headers: { cookie: `hf_session=${'a'.repeat(12_000)}` } })
  assertProblem(crowded, 401, 'an enormous cookie')
  await assertRawRefused()
  assert.equal((await ask('/sign-in')).status, 200)
})

async function assertRawRefused(): Promise<void> {
  const head = 'POST /v1/sign-in/email HTTP/1.1\r\nHost: localhost\r\n'
  const smuggled = 'GET /v1/session HTTP/1.1\r\nHost: localhost\r\n\r\n'
  const broken = [
    'GARBAGE\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: localhost\r\n${'X-A: b\r\n'.repeat(3000)}\r\n`,
    'GET / HTTP/1.1\r\nHost: localhost\r\nX-Bad: a\u0000b\r\n\r\n',
    `${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef`,
    `${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    `${head}Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n`,
    `${head}Content-Length: -1\r\n\r\n`,
  ]
  for (const bytes of broken) {
    const answer = await stage.raw(bytes)
    const shown = JSON.stringify(bytes.slice(0, 80))
    assert.match(answer, /^(HTTP\/1\.1 4\d\d|$)/, `${shown}: ${answer.slice(0, 80)}`)
    assert.ok((answer.match(/^HTTP\/1\.1/gm) ?? []).length <= 1, `${shown} was answered twice`)
    if (answer) assert.match(answer, /application\/problem\+json/, shown)
  }
}

test('ten thousand wrong codes get nowhere, cost little, and lock nobody out', async () => {
  const jar: Jar = new Map()
  const owner = await signIn('guessed@acme.test')
  const started = await post('/v1/sign-in/email', { email: 'guessed@acme.test' }, jar)
  const memoryBefore = residentKib(stage.pid)
  const counts = new Map<string, number>()
  let next = 0
  const guess = async () => {
    while (next < 10_000) {
      const code = String((next++ * 97) % 1_000_000).padStart(6, '0')
      const seen = await post(
        '/v1/sign-in/email/verify',
        { challenge_id: started.body.challenge_id, code },
        new Map(jar),
      )
      const said = `${seen.status} ${seen.body.code}`
      counts.set(said, (counts.get(said) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: 16 }, guess))

  const answers = ['400 identity.wrong_code', '410 identity.too_many_attempts', '429 identity.slow_down']
  assert.deepEqual(
    [...counts.keys()].filter((said) => !answers.includes(said)),
    [],
  )
  assert.equal(counts.get('400 identity.wrong_code'), 5)
  assert.ok(counts.get('429 identity.slow_down')! > 9000, 'most are refused without asking the database')
  const grownKib = residentKib(stage.pid) - memoryBefore
  assert.ok(grownKib < 200_000, `it grew by ${grownKib} KiB`)
  assert.equal((await ask('/v1/session', {}, owner)).status, 200)
  const slowed = await post(
    '/v1/sign-in/email/verify',
    { challenge_id: started.body.challenge_id, code: '000000' },
    jar,
  )
  if (slowed.status === 429) assert.ok(Number(slowed.body.retry_after_s) <= 10, 'it slows and does not lock')
})

test('a link is good for one browser, once', async () => {
  const jar: Jar = new Map()
  await submit('/sign-in', { email: 'replayed@acme.test' }, jar)
  const { link } = await stage.mailTo('replayed@acme.test')
  const { pathname } = new URL(link)
  plant(pathname.split('/').at(-1)!)
  const stolen = new Map(jar)
  assert.equal((await submit(pathname, {}, new Map())).status, 200)
  assert.equal((await ask('/v1/session', {}, jar)).status, 401)

  const pressed = await Promise.all([1, 2, 3].map(() => submit(pathname, {}, jar)))
  assert.deepEqual(pressed.map(({ status }) => status).sort(), [303, 410, 410])
  for (const browser of [jar, stolen, new Map()]) {
    const replayed = await submit(pathname, {}, browser)
    assert.equal(replayed.status, 410)
    assert.match(replayed.text, /already used/)
  }
})

test('no proof is believed but one that was signed here, for this purpose, and lately', async () => {
  const jar = await signIn('signed@acme.test')
  const genuine = jar.get('hf_proof')!
  const [head = '', payload = '', signature = ''] = genuine.split('.')
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string; alg: string; typ: string }
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
  const { keys } = (await ask('/.well-known/jwks.json')).body as { keys: { kid: string }[] }
  const published = JSON.stringify(keys.find((key) => key.kid === header.kid))
  const theirs = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = theirs.publicKey.export({ format: 'jwk' })
  const es256 = (key: KeyObject) => (input: string) =>
    sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  const hs256 = (key: string) => (input: string) => createHmac('sha256', key).update(input).digest('base64url')
  const forge = (head: object, body: object, by: (input: string) => string) => {
    const input = [head, body].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    return `${input}.${by(input)}`
  }
  const byThem = es256(theirs.privateKey)
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const forgeries: Record<string, string> = {
    'alg none': forge({ ...header, alg: 'none' }, claims, () => ''),
    'alg None': forge({ ...header, alg: 'None' }, claims, () => signature),
    'no alg': forge({ ...header, alg: undefined }, claims, byThem),
    'our key as a secret': forge({ ...header, alg: 'HS256' }, claims, hs256(published)),
    'another key under our name': forge(header, claims, byThem),
    'a key of its own name': forge({ ...header, kid: 'theirs' }, claims, byThem),
    'a key in the header': forge({ ...header, jwk }, claims, byThem),
    'a key from elsewhere': forge(
      { ...header, jku: 'https://evil.test/jwks.json', x5u: 'https://evil.test/' },
      claims,
      byThem,
    ),
    'another algorithm': forge({ ...header, alg: 'RS256' }, claims, (input) =>
      sign(
        'sha256',
        Buffer.from(input),
        createPrivateKey(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' })),
      ).toString('base64url'),
    ),
    'somebody else': `${head}.${encode({ ...claims, sub: 'usr_admin' })}.${signature}`,
    'a longer life': `${head}.${encode({ ...claims, exp: 4102444800 })}.${signature}`,
    'another type': forge({ ...header, typ: 'JWT' }, claims, byThem),
    'an empty signature': `${head}.${payload}.`,
    'a signature of zeros': `${head}.${payload}.${Buffer.alloc(64).toString('base64url')}`,
    'two parts': `${head}.${payload}`,
    'no parts': 'a',
    null: `${encode(null)}.${encode(null)}.${signature}`,
    'too long': `${genuine}${'A'.repeat(5000)}`,
  }
  for (const [why, proof] of Object.entries(forgeries)) {
    const alone = await ask('/v1/session', { headers: { cookie: `hf_proof=${proof}` } })
    assertProblem(alone, 401, why)
    assert.equal(alone.body.verdict, 'invalid', why)
    const forward = await ask('/v1/forward-auth', { headers: { cookie: `hf_proof=${proof}` } })
    assert.equal(forward.status, 401, why)
  }
  const good = await ask('/v1/session', { headers: { cookie: `hf_proof=${genuine}` } })
  assert.equal(good.status, 200, 'the genuine one')
})

test('another environment’s store and keys are refused by name', async () => {
  const folder = await makeTestFolder()
  try {
    const other = startProcess(['access'], {
      ...settingsFor(stage.database, folder),
      HOLDFAST_ENVIRONMENT: 'staging',
      HOLDFAST_ACCESS_PORT: String(await freePort()),
    })
    assert.equal(await other.untilEnded(), 2)
    const lines = other
      .said()
      .split('\n')
      .filter((line) => line.startsWith('holdfast:'))
    assert.equal(lines.length, 1, other.said())
    assert.match(lines[0]!, /"development".*"staging"/)
  } finally {
    removeTestFolder(folder)
  }
  const foreign = plant(`hf_production_app_${random()}`)
  const refused = await ask('/v1/feed', { headers: { authorization: `Bearer ${foreign}` } })
  assertProblem(refused, 401, 'a key of another environment')
  assert.match(String(refused.body.detail), /"production".*"development"/)
  for (const authorization of [
    'Bearer',
    'Bearer ',
    `Basic ${plant(random())}`,
    `Bearer hf_development_app_${plant(random())}`,
  ]) {
    assertProblem(await ask('/v1/feed', { headers: { authorization } }), 401, 'a bad key')
  }
})

test('none of it was written down', async () => {
  const planted = plant(random())
  await ask(`/sign-in?return_to=${planted}`)
  await ask(`/sign-in/link/${planted}`)
  await ask(`/v1/session?token=${planted}`, {
    headers: { authorization: `Bearer ${planted}`, cookie: `hf_session=${planted}` },
  })
  await post('/v1/sign-in/email/verify', { challenge_id: planted, code: planted })
  await ask('/v1/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"${planted}`,
  })
  await stage.raw(`GET /${planted} HTTP/1.1\r\nBad Header: ${planted}\r\n\r\n`)
  plant(readFileSync(join(stage.folder, 'secret.key'), 'utf8').trim())
  plant(readFileSync(join(stage.folder, 'demo', 'key'), 'utf8').trim())
  for (const url of [stage.database.databaseUrl, stage.database.ownerUrl])
    plant(decodeURIComponent(new URL(url).password))

  assert.equal(await stage.stop(), 0)
  // The link of the first administrator is printed for whoever started it; it is no line of the log.
  const log = stage
    .said()
    .split('\n')
    .filter((line) => !line.startsWith('first administrator: '))
  assert.ok(log.length > 500, 'the log was read')
  for (const secret of visitor.secrets) {
    if (secret.length < 8) continue
    const line = log.find((each) => each.includes(secret))
    assert.equal(line?.replaceAll(secret, '…'), undefined)
  }
  assert.deepEqual(
    log.filter((line) => /"level":"error"/.test(line)),
    [],
    'a healthy day has no error',
  )
})

const random = () => randomBytes(32).toString('base64url')
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function residentKib(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }))
}
