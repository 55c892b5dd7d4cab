/** What a browser keeps its answers by: signed when it asks for it, and for nobody else is anything different. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider'
import type { Definition } from '../../../../sdk/evaluate.ts'
import { digestOf, nodeSeals } from '../../../../sdk/flags/node-seals.ts'
import {
  KEY_LIST_TYPE,
  type KeyList,
  readKeyList,
  sayNumber,
  type SignedKeyList,
} from '../../../../sdk/flags/snapshot.ts'
import { asOwner, by, flagOf, stamp } from '../testing.ts'
import { type OfrepRig, openChecker, openOfrepRig, PAGE } from './testing.ts'

const PATH = '/ofrep/v1/evaluate/flags'
const isPro = { if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on', 'off'] }
const flags: Definition['flags'] = {
  plan: flagOf('off', { targeting: isPro, metadata: { 'holdfast.client': true } }),
  // What ends the signed part of a body may stand in a value as well.
  tricky: {
    state: 'ENABLED',
    variants: { a: { text: ',"eventStreams":[', eventStreams: [] } },
    defaultVariant: 'a',
    metadata: { 'holdfast.client': true },
  },
}
const pro = { targetingKey: 'usr_1', plan: 'pro' }
const ASK = { 'holdfast-flags-sign': 'none' }

let rig: OfrepRig
before(async () => {
  rig = await openOfrepRig()
  await rig.set({ flags })
})
after(() => rig?.[Symbol.asyncDispose]())

type Said = Awaited<ReturnType<OfrepRig['ask']>>
const asPage = () => ({ authorization: `Bearer ${rig.browserToken.secret}`, origin: PAGE })
const keysIn = ({ headers }: Said): SignedKeyList => JSON.parse(headers.get('holdfast-flags-keys')!)
const listIn = (said: Said): KeyList => readKeyList(keysIn(said))!
const tagIn = (said: Said) => keysIn(said).signature.slice(0, 16)
/** What no two answers share, and what is asked for here. */
const headersOf = ({ headers }: Said) =>
  [...headers].filter(([name]) => !/^(?:date|holdfast-flags-(?:age|signature|keys))$/.test(name))

/** By the words of the specification, and not by those of our code. */
function isSignedFor(
  said: Said,
  person: string,
  { keys, root }: { keys: KeyList['keys']; root: SignedKeyList['root'] },
) {
  const [kid, signature] = said.headers.get('holdfast-flags-signature')!.split('.')
  const [text] = /^.*(?=,"eventStreams":\[\{"type":"sse")/s.exec(said.text)!
  const digest = digestOf(`${stamp.environment}\n${text}`)
  const number = said.headers.get('holdfast-flags-number')!
  const claim = ['holdfast-answers-1', stamp.installationId, stamp.environment, number, digestOf(person), digest]
  assert.notDeepEqual(keys.find((key) => key.kid === kid)?.x, root.x, 'the root signs no answers')
  return nodeSeals.verify(keys.find((key) => key.kid === kid)!, claim.join('\n'), signature!)
}

test('who asks for it is answered with a signature of this person, under the list that the root signed; the body stays the same', async () => {
  // Pages go the ordinary way, services the fast one.
  for (const headers of [{}, asPage()] as Record<string, string>[]) {
    const plain = await rig.ask('', pro, headers)
    const said = await rig.ask('', pro, { ...headers, ...ASK })
    assert.deepEqual([said.status, said.text, headersOf(said)], [200, plain.text, headersOf(plain)])
    assert.deepEqual(
      [plain.headers.get('holdfast-flags-signature'), plain.headers.get('holdfast-flags-keys')],
      [null, null],
    )
    const { root, text, signature } = keysIn(said)
    assert.ok(nodeSeals.verify(root, `${KEY_LIST_TYPE}\n${text}`, signature))
    const list = { keys: listIn(said).keys, root }
    assert.ok(isSignedFor(said, 'usr_1', list))
    assert.ok(!isSignedFor(said, 'usr_2', list))
    assert.ok(isSignedFor(await rig.ask('', { plan: 'pro' }, { ...headers, ...ASK }), '', list), 'nobody in particular')

    const again = await rig.ask('', pro, { ...headers, 'holdfast-flags-sign': tagIn(said) })
    assert.equal(again.headers.get('holdfast-flags-keys'), null, 'who has the list is not sent it')
    assert.ok(isSignedFor(again, 'usr_1', list))
    const same = await rig.ask('', pro, { ...headers, ...ASK, 'if-none-match': said.headers.get('etag')! })
    assert.deepEqual([same.status, same.text, same.headers.get('holdfast-flags-signature')], [304, '', null])
  }
})

test('a packed answer is signed for what is in it', async () => {
  await using other = await openOfrepRig()
  await other.set({ flags: Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`many-${n}`, flagOf()])) })
  const said = await other.ask('', pro, { ...ASK, 'accept-encoding': 'gzip' })
  assert.equal(said.headers.get('content-encoding'), 'gzip')
  assert.ok(isSignedFor(said, 'usr_1', { keys: listIn(said).keys, root: keysIn(said).root }))
})

test('an answer that is remembered keeps its signature; another number, person or answer has another', async () => {
  const signatureOf = async (context: object) =>
    (await rig.ask('', context, ASK)).headers.get('holdfast-flags-signature')
  for (let n = 0; n < 2; n++) await rig.ask('', pro)
  const first = await signatureOf(pro)
  assert.equal(await signatureOf(pro), first)
  const others = new Set([
    first,
    await signatureOf({ ...pro, plan: 'free' }),
    await signatureOf({ ...pro, targetingKey: 'b' }),
  ])
  await rig.set({ flags: { inner: flagOf() } })
  others.add(await signatureOf(pro))
  assert.equal(others.size, 4)
})

test('a question for a signature that no client of ours asks is answered without one', async () => {
  for (const asked of ['', ' ', 'a b', 'x'.repeat(100)]) {
    const { status, headers } = await rig.ask('', pro, { 'holdfast-flags-sign': asked })
    assert.deepEqual([status, headers.get('holdfast-flags-signature')], [200, null], asked)
  }
  const one = await rig.ask('/plan', pro, ASK)
  assert.deepEqual([one.status, one.headers.get('holdfast-flags-signature')], [200, null])
})

test('a page of another origin may ask for it, and may read it', async () => {
  const preflight = await rig.server.ask(PATH, { method: 'OPTIONS', headers: { origin: PAGE } })
  assert.match(preflight.headers.get('access-control-allow-headers')!, /\bholdfast-flags-sign\b/)
  const said = await rig.ask('', pro, { ...asPage(), ...ASK })
  for (const name of ['signature', 'keys', 'number'])
    assert.match(said.headers.get('access-control-expose-headers')!, new RegExp(`\\bholdfast-flags-${name}\\b`))
})

test('the official client has the same answers, byte by byte, whether or not its app sends our header', async () => {
  const check = await openChecker()
  const answersWith = async (headers: Record<string, string>) => {
    const seen: { status: number; text: string }[] = []
    const listening: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init)
      seen.push({ status: answer.status, text: await answer.clone().text() })
      return answer
    }
    const provider = new OFREPWebProvider({
      ...{ baseUrl: rig.url, fetchImplementation: listening, pollInterval: -1 },
      headers: Object.entries({ Authorization: asPage().authorization, Origin: PAGE, ...headers }),
    })
    await provider.initialize(pro, 'signed')
    const said = provider.resolveBooleanEvaluation('plan', false, {})
    await provider.onClose?.()
    assert.equal(said.value, true)
    return seen
  }
  const [without, asking] = [await answersWith({}), await answersWith(ASK)]
  assert.ok(without.length > 0)
  assert.deepEqual(asking, without)
  for (const { status, text } of asking) assert.deepEqual(check('', status, JSON.parse(text)), [])
})

test('after a rotation another key signs, and who has the list from before is sent the new one', async () => {
  const before = await rig.ask('', pro, ASK)
  await rig.flags.flags.write((tx) => rig.flags.flags.verbs.rotateKey(tx, by, {}))
  const after = await rig.ask('', pro, { 'holdfast-flags-sign': tagIn(before) })
  assert.equal(listIn(after).number, listIn(before).number + 1)
  assert.deepEqual(keysIn(after).root, keysIn(before).root)
  assert.ok(isSignedFor(after, 'usr_1', { keys: listIn(after).keys, root: keysIn(after).root }))
  const kidOf = ({ headers }: Said) => headers.get('holdfast-flags-signature')!.split('.')[0]
  assert.notEqual(kidOf(after), kidOf(before))
})

test('where the key is not, everybody is answered all the same, and without a signature', async () => {
  await using other = await openOfrepRig()
  await other.set({ flags })
  const signed = await other.ask('', pro, ASK)
  assert.ok(signed.headers.get('holdfast-flags-signature'))
  await asOwner(other.ownerUrl, 'set session_replication_role = replica; delete from flags.key')
  await other.stop()
  await rm(join(other.flags.folder, 'flag-keys.sealed'))
  await other.flags.restart()
  await other.start()
  // By the fast way and by the ordinary one.
  for (const query of ['', '?flagConfigEtag=x']) {
    const said = await other.ask(query, pro, ASK)
    assert.deepEqual([said.status, said.text, said.headers.get('holdfast-flags-signature')], [200, signed.text, null])
    assert.equal(said.headers.get('holdfast-flags-number'), sayNumber(other.flags.flags.current()!))
  }
})
