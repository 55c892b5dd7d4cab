import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Definition } from '../../../../sdk/evaluate.ts'
import { sayNumber } from '../../../../sdk/flags/snapshot.ts'
import { until } from '../../../../sdk/testing/until.ts'
import { flagOf } from '../testing.ts'
import {
  APPLICATION,
  type CheckAnswer,
  makeBrowserToken,
  type OfrepRig,
  openChecker,
  openOfrepRig,
  PAGE,
  PageEventSource,
} from './testing.ts'

let rig: OfrepRig
let check: CheckAnswer

const isPro = { if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on', 'off'] }
const flags: Definition['flags'] = {
  'a/b c': flagOf('on', { metadata: { 'holdfast.client': true, team: 'shop' } }),
  plan: flagOf('off', { targeting: isPro, metadata: { 'holdfast.client': true } }),
  wrong: flagOf('on', { targeting: { var: 'broken' } }),
  off: flagOf('on', { state: 'DISABLED' }),
  none: { state: 'ENABLED', variants: { on: true }, defaultVariant: null },
  text: { state: 'ENABLED', variants: { a: 'x' }, defaultVariant: 'a' },
  number: { state: 'ENABLED', variants: { one: 1, half: 0.5 }, defaultVariant: 'half', targeting: { var: 'which' } },
  object: { state: 'ENABLED', variants: { a: { b: [1] } }, defaultVariant: 'a' },
}

before(async () => {
  rig = await openOfrepRig()
  check = await openChecker()
  await rig.set({ flags, metadata: { flagSetId: 'shop' } })
})
after(() => rig?.[Symbol.asyncDispose]())

const SINGLE = '/{key}'
const fits = (line: string, { status, problem }: { status: number; problem: unknown }) =>
  assert.deepEqual(check(line, status, problem), [])
const body = (said: { text: string }) => JSON.parse(said.text)
const itemsOf = (said: { text: string }) =>
  Object.fromEntries(body(said).flags.map((item: { key: string }) => [item.key, item]))
const asPage = () => ({ authorization: `Bearer ${rig.browserToken.secret}`, origin: PAGE })

test('one flag is answered with its value, variant, reason and metadata, whatever its type', async () => {
  const cases: [string, object, object][] = [
    ['text', {}, { value: 'x', variant: 'a', reason: 'STATIC' }],
    ['number', { which: 'one' }, { value: 1, variant: 'one', reason: 'TARGETING_MATCH' }],
    ['number', {}, { value: 0.5, variant: 'half', reason: 'DEFAULT' }],
    ['object', {}, { value: { b: [1] }, variant: 'a', reason: 'STATIC' }],
    ['plan', { plan: 'pro' }, { value: true, variant: 'on', reason: 'TARGETING_MATCH' }],
    ['off', {}, { reason: 'DISABLED' }],
    ['none', {}, { reason: 'DEFAULT' }],
  ]
  for (const [key, context, expected] of cases) {
    const said = await rig.ask(`/${key}`, context)
    const { metadata, ...rest } = body(said)
    assert.deepEqual(rest, { key, ...expected })
    assert.equal(metadata.flagSetId, 'shop')
    fits(SINGLE, said)
  }
})

test('keys come encoded, with and without a slash behind; nobody in particular may ask, with or without a body', async () => {
  for (const path of ['/a%2Fb%20c', '/a%2Fb%20c/']) {
    const said = await rig.ask(path, { targetingKey: 'u' })
    assert.equal(body(said).value, true, path)
  }
  for (const path of ['', '/']) assert.equal((await rig.ask(path, {})).status, 200)
  for (const [sent, type] of [
    ['', 'application/json'],
    ['', undefined],
    ['{}', 'application/json'],
    ['{"context":null}', 'application/json'],
  ] as const) {
    for (const path of ['', '/text']) {
      const said = await rig.server.ask(`/ofrep/v1/evaluate/flags${path}`, {
        method: 'POST',
        headers: { authorization: APPLICATION, ...(type && { 'content-type': type }) },
        ...(sent && { body: sent }),
      })
      assert.equal(said.status, 200, `${path} ${sent}`)
    }
  }
})

test('a flag that is not there, and one that cannot be evaluated, say so; among others it is one failed item', async () => {
  const missing = await rig.ask('/nothing', {})
  assert.deepEqual([missing.status, body(missing).errorCode], [404, 'FLAG_NOT_FOUND'])
  const wrong = await rig.ask('/wrong', { broken: 'x' })
  assert.deepEqual([wrong.status, body(wrong).errorCode, body(wrong).key], [400, 'GENERAL', 'wrong'])
  fits(SINGLE, missing)
  fits(SINGLE, wrong)
  const all = await rig.ask('', { plan: 'pro', broken: 'x' })
  fits('', all)
  const items = itemsOf(all)
  assert.deepEqual(Object.keys(items).sort(), Object.keys(flags).sort())
  assert.equal(items.wrong.errorCode, 'GENERAL')
  assert.deepEqual([items.plan.value, items.text.value], [true, 'x'])
})

test('what is wrong with a question is said in the words of the protocol', async () => {
  const post = (path: string, sent: string, type = 'application/json') =>
    rig.server.ask(`/ofrep/v1/evaluate/flags${path}`, {
      method: 'POST',
      headers: { authorization: APPLICATION, 'content-type': type },
      body: sent,
    })
  for (const [sent, code, type] of [
    ['{"context":', 'PARSE_ERROR'],
    ['[1]', 'PARSE_ERROR'],
    ['"a"', 'PARSE_ERROR'],
    ['<a/>', 'PARSE_ERROR', 'text/xml'],
    ['{"context":"u1"}', 'INVALID_CONTEXT'],
    ['{"context":[]}', 'INVALID_CONTEXT'],
    [`{"context":{"a":"${'a'.repeat(70_000)}"}}`, 'INVALID_CONTEXT'],
  ] as const) {
    for (const [path, line] of [
      ['', ''],
      ['/text', SINGLE],
    ] as const) {
      const said = await post(path, sent, type)
      assert.deepEqual([said.status, said.problem.errorCode], [400, code], `${path} ${sent.slice(0, 20)}`)
      assert.equal(said.problem.key, path ? 'text' : undefined)
      assert.match(said.headers.get('content-type')!, /^application\/json/)
      fits(line, said)
    }
  }
})

test('an entity tag stands for the answers: the same by both ways, kept over what changes no answer, and repeated by a 304', async () => {
  const first = await rig.ask('', { plan: 'pro' })
  const etag = first.headers.get('etag')!
  assert.match(etag, /^"[\w.-]+"$/)
  for (const query of ['', '?flagConfigEtag=other']) {
    const again = await rig.ask(query, { plan: 'pro' })
    assert.deepEqual([again.headers.get('etag'), again.text], [etag, first.text])
    for (const held of [etag, `W/${etag}`, `"x", ${etag}`, etag.replace(/"$/, '-gzip"'), '*']) {
      const same = await rig.ask(query, { plan: 'pro' }, { 'if-none-match': held })
      assert.deepEqual([same.status, same.text, same.headers.get('etag')], [304, '', etag], held)
      assert.ok(same.headers.get('holdfast-flags-number'))
      const forCaches = ['vary', 'cache-control', 'x-content-type-options'].map((name) => same.headers.get(name))
      assert.deepEqual(
        [forCaches[0]?.includes('accept-encoding'), ...forCaches.slice(1)],
        [true, 'no-store', null],
        query,
      )
    }
  }
  assert.notEqual((await rig.ask('', { plan: 'free' })).headers.get('etag'), etag)
  // Of another value under the same variant: what some servers do not see.
  await rig.set({ flags: { text: { state: 'ENABLED', variants: { a: 'y' }, defaultVariant: 'a' } } })
  const changed = await rig.ask('', { plan: 'pro' }, { 'if-none-match': etag })
  assert.deepEqual([changed.status, itemsOf(changed).text.value], [200, 'y'])
  await rig.set({ flags: { text: flags.text! } })
  const back = await rig.ask('', { plan: 'pro' }, { 'if-none-match': etag })
  assert.equal(back.status, 304, 'the same answers under a newer number are the same')
  assert.equal(back.headers.get('holdfast-flags-number'), sayNumber(rig.flags.flags.current()!))
})

test('where it was answered from stands in headers, and the body stays what it was', async () => {
  const said = await rig.ask('', {})
  assert.equal(said.headers.get('holdfast-flags-source'), 'live')
  assert.match(said.headers.get('holdfast-flags-age')!, /^\d+$/)
  assert.equal(said.headers.get('holdfast-flags-number'), sayNumber(rig.flags.flags.current()!))
})

test('a large answer is packed for whoever takes it, under a tag of its own', async () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`many-${n}`, flagOf()]))
  await using other = await openOfrepRig()
  await other.set({ flags: many })
  const plain = await other.ask('', {}, { 'accept-encoding': 'identity' })
  const packed = await other.ask('', {}, { 'accept-encoding': 'gzip' })
  assert.equal(packed.headers.get('content-encoding'), 'gzip')
  assert.equal(packed.text, plain.text)
  assert.equal(packed.headers.get('etag'), plain.headers.get('etag')!.replace(/"$/, '-gzip"'))
  assert.match(packed.headers.get('vary')!, /accept-encoding/)
  const same = await other.ask('', {}, { 'accept-encoding': 'gzip', 'if-none-match': packed.headers.get('etag')! })
  assert.equal(same.status, 304)
})

test('a page asks with a browser token, from its own origin, and sees the flags that are marked for it', async () => {
  const all = await rig.ask('', { plan: 'pro' }, asPage())
  assert.deepEqual(Object.keys(itemsOf(all)).sort(), ['a/b c', 'plan'])
  assert.equal(all.headers.get('access-control-allow-origin'), PAGE)
  assert.match(all.headers.get('access-control-expose-headers')!, /etag, retry-after/)
  fits('', all)
  assert.equal(body(await rig.ask('/plan', { plan: 'pro' }, asPage())).value, true)
  const hidden = await rig.ask('/text', {}, asPage())
  const missing = await rig.ask('/nothing', {}, asPage())
  assert.equal(hidden.status, 404)
  assert.equal(hidden.text.replaceAll('text', 'nothing'), missing.text, 'nobody can tell that there is one')
  const preflight = await rig.server.ask('/ofrep/v1/evaluate/flags', { method: 'OPTIONS', headers: { origin: PAGE } })
  assert.match(
    preflight.headers.get('access-control-allow-headers')!,
    /authorization.*x-api-key.*content-type.*if-none-match/,
  )
  const foreign = await rig.ask('', {}, { ...asPage(), origin: 'https://evil.example' })
  assert.deepEqual([foreign.status, foreign.problem.code], [403, 'tokens.foreign_page'])
  assert.equal(foreign.headers.get('access-control-allow-origin'), null)
})

test('nobody is answered without a token that may ask; either header will do', async () => {
  const key = APPLICATION.slice('Bearer '.length)
  assert.equal((await rig.ask('', {}, { authorization: '', 'x-api-key': key })).status, 200)
  assert.equal((await rig.ask('', {}, { authorization: '', 'x-api-key': rig.browserToken.secret })).status, 200)
  for (const headers of [
    { authorization: '' },
    { authorization: 'Basic x' },
    { authorization: 'Bearer hf_other_app_x' },
    { authorization: `Bearer hf_demo_tok_${'a'.repeat(43)}` },
    { authorization: `Bearer hf_test_browser_${'a'.repeat(43)}` },
  ]) {
    for (const path of ['', '/text']) {
      const said = await rig.ask(path, {}, headers)
      assert.equal(said.status, 401, JSON.stringify(headers))
      assert.match(said.headers.get('content-type')!, /problem\+json/)
    }
  }
})

test('while nobody can look a token up it is answered from what was known, and else 503 and never 401', async () => {
  const unseen = await makeBrowserToken(rig)
  rig.setAway(true)
  try {
    assert.equal((await rig.ask('', {}, asPage())).status, 200)
    for (const authorization of [`Bearer ${unseen.secret}`, 'Bearer hf_test_app_other']) {
      for (const [path, line] of [
        ['', ''],
        ['/text', SINGLE],
      ] as const) {
        const said = await rig.ask(path, {}, { authorization })
        assert.deepEqual([said.status, said.problem.errorCode], [503, 'GENERAL'])
        assert.match(said.headers.get('retry-after')!, /^\d+$/)
        fits(line, said)
      }
    }
  } finally {
    rig.setAway(false)
  }
  assert.equal((await rig.ask('', {}, { authorization: `Bearer ${unseen.secret}` })).status, 200)
})

test('whoever has heard of a newer number gets it, or 503 in half a second; never an older answer', async () => {
  const { epoch, seq } = rig.flags.flags.current()!
  assert.equal((await rig.ask(`?flagConfigEtag=e${epoch}.s${seq}&flagConfigLastModified=1`, {})).status, 200)
  for (const [path, line] of [
    ['', ''],
    ['/text', SINGLE],
  ] as const) {
    const said = await rig.ask(`${path}?flagConfigEtag=e${epoch}.s${seq + 1}`, {})
    assert.deepEqual([said.status, said.headers.get('retry-after')], [503, '1'])
    fits(line, said)
  }
})

/** What a listener was sent, and a way to wait for more. */
async function listen(uri: string, headers: Record<string, string> = {}) {
  const cut = new AbortController()
  const answer = await fetch(rig.url + uri, { headers, signal: cut.signal })
  const heard: { id: string; event: string; data: Record<string, unknown> }[] = []
  let text = ''
  const reading = (async () => {
    if (answer.status !== 200) return
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      heard.length = 0
      for (const [, id, event, data] of text.matchAll(/^id: (.*)\nevent: (.*)\ndata: (.*)$/gm))
        heard.push({ id: id!, event: event!, data: JSON.parse(data!) })
    }
  })().catch(() => {})
  return {
    status: answer.status,
    headers: answer.headers,
    heard,
    reading,
    async [Symbol.asyncDispose]() {
      cut.abort()
      await reading
    },
  }
}
const uriFor = async (headers: Record<string, string> = {}) =>
  body(await rig.ask('', {}, headers)).eventStreams[0].endpoint.requestUri as string

test('a change is announced with its number to whoever sees it', async () => {
  await using service = await listen(await uriFor())
  await using page = await listen(await uriFor(asPage()), { origin: PAGE })
  assert.equal(page.headers.get('access-control-allow-origin'), PAGE)
  assert.match(page.headers.get('content-type')!, /^text\/event-stream/)
  await until('the first event', () => service.heard.length === 1 && page.heard.length === 1)
  await rig.set({ flags: { text: { state: 'ENABLED', variants: { a: 'z' }, defaultVariant: 'a' } } })
  const number = sayNumber(rig.flags.flags.current()!)
  await until('the change', () => service.heard.length === 2)
  const { id, event, data } = service.heard[1]!
  assert.deepEqual([id, event, data.type, data.etag], [number, 'message', 'refetchEvaluation', number])
  assert.ok(Number.isSafeInteger(data.lastModified))
  await rig.set({ flags: { plan: flagOf('on', { metadata: { 'holdfast.client': true } }) } })
  await until('the change', () => service.heard.length === 3 && page.heard.length === 2)
  assert.equal(page.heard.length, 2, 'what a page cannot see is not announced to it')
  await rig.set({ flags: { plan: flags.plan!, text: flags.text! } })
})

test('whoever comes back having heard the newest is not told again', async () => {
  const number = sayNumber(rig.flags.flags.current()!)
  await using back = await listen(await uriFor(), { 'last-event-id': number })
  await rig.set({ flags: { text: { state: 'ENABLED', variants: { a: 'w' }, defaultVariant: 'a' } } })
  await until('the change', () => back.heard.length > 0)
  assert.notEqual(back.heard[0]!.id, number)
  await rig.set({ flags: { text: flags.text! } })
})

test('the address of a stream is of one asker, opens nothing else, and is in no log', async () => {
  const uri = await uriFor(asPage())
  assert.equal(await uriFor(asPage()), uri)
  assert.notEqual(await uriFor(), uri)
  for (const bad of [`${uri}x`, uri.replace('browser.', 'machine.'), '/ofrep/v1/event-stream?secret=x']) {
    await using refused = await listen(bad)
    assert.equal(refused.status, 401, bad)
  }
  const secret = new URL(uri, rig.url).searchParams.get('secret')!
  assert.equal((await rig.ask('', {}, { authorization: `Bearer ${secret}` })).status, 401)
  assert.ok(!JSON.stringify([rig.server.seen, rig.server.complaints]).includes(secret.slice(-20)))
})

test('a stream of a token that was revoked is not opened again', async () => {
  const { id, secret } = await makeBrowserToken(rig)
  await rig.tokens.flagAskers.reload()
  const uri = await uriFor({ authorization: `Bearer ${secret}` })
  {
    await using open = await listen(uri)
    assert.equal(open.status, 200)
  }
  await rig.server.ask(`/v1/tokens/${id}`, { method: 'DELETE' })
  await rig.tokens.flagAskers.reload()
  await using refused = await listen(uri)
  assert.equal(refused.status, 401)
})

test('a rule that turns by the clock is announced when it turns, and nothing about it is remembered', async () => {
  await using other = await openOfrepRig()
  const second = Math.ceil(Date.now() / 1000) + 2
  const timed = flagOf('off', { targeting: { if: [{ '>=': [{ var: '$flagd.timestamp' }, second] }, 'on', 'off'] } })
  await other.set({ flags: { timed } })
  const before = await other.ask('', {})
  const { requestUri } = body(before).eventStreams[0].endpoint
  const stream = new PageEventSource(other.url + requestUri)
  const heard: string[] = []
  stream.addEventListener('message', (event) => void heard.push((event as MessageEvent).lastEventId))
  try {
    await until('the turn', () => heard.some((id) => /\.t\d+$/.test(id)))
    const turned = await other.ask('', {}, { 'if-none-match': before.headers.get('etag')! })
    assert.deepEqual([turned.status, itemsOf(turned).timed.value], [200, true])
    assert.equal(turned.headers.get('holdfast-flags-number'), before.headers.get('holdfast-flags-number'))
  } finally {
    stream.close()
  }
})
